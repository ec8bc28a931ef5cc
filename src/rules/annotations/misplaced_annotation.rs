//! Rule `misplaced-annotation`.

use super::{known, written};
use crate::index::Entry;
use crate::resource::{Kind, Spanned};
use crate::rules::{Context, rule};
use crate::text::TextEdit;
use crate::yaml::{At, Document, Literal};
use smol_str::SmolStr;

rule! {
    /// An annotation of Istio on a kind on which Istio does not read it.
    ///
    /// ## Why
    /// Most annotations are read from pods. Those of a Deployment are not copied to its pods; `spec.template.metadata` is the
    /// place for them.
    ///
    /// ## Symptom
    /// What the annotation is to change stays as it was.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     sidecar.istio.io/proxyCPU: 200m #~ misplaced-annotation `sidecar.istio.io/proxyCPU` for Pod
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers: [{name: web, image: web}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///       annotations:
    ///         sidecar.istio.io/proxyCPU: 200m
    ///     spec:
    ///       containers: [{name: web, image: web}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/annotations/>
    "misplaced-annotation", on: [Namespace, Service, Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Rollout],
    severity: Warning, aliases: ["IST0107"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let has_template = entry.workload().is_some() && !matches!(entry.resource.kind, Kind::Pod | Kind::CronJob);
    for annotation in written::of(entry) {
        let Some(known) = known::find(annotation.name) else { continue };
        let Some(key) = annotation.value.key() else { continue };
        if known.on.is_empty() || known.on.contains(&annotation.on) {
            continue;
        }
        let document = cx.document(entry);
        let is_for_pods = has_template && annotation.on != "Pod" && known.on.contains(&"Pod");
        let document = document.filter(|_| is_for_pods);
        let moved = document.and_then(|document| to_template(&document, annotation.name, annotation.present()?));
        let message = format!(
            "{} is for {} only, not for {}\nHere it changes nothing.",
            known.name,
            known.on.join(" or "),
            annotation.on
        );
        let finding = cx.report(key, message);
        finding.alias("IST0107");
        finding.unsafe_fix("move it to the pods", moved.unwrap_or_default());
    }
}

/// Takes the annotation from the object and gives it to the pods that it makes.
fn to_template(document: &Document, name: &str, value: &Spanned<SmolStr>) -> Option<Vec<TextEdit>> {
    let path = document.path_at(value.key.start()).to_edit();
    let root = path.get(..path.len().checked_sub(3)?)?;
    let below = ["spec", "template", "metadata", "annotations", name].map(At::Key);
    let target: Vec<At<'_>> = root.iter().copied().chain(below).collect();
    Some(vec![document.remove(&path)?, document.set(&target, &Literal::from(value.as_str()))?])
}
