//! Rule `deprecated-annotation`.

use super::{known, written};
use crate::index::Entry;
use crate::resource::Spanned;
use crate::rules::{Context, rule};
use crate::text::TextEdit;
use crate::yaml::{At, Document, Literal, Place};
use smol_str::SmolStr;

rule! {
    /// An annotation that Istio wants to get rid of.
    ///
    /// ## Why
    /// Something else took its place, and a later version of Istio will not read it. The webhook of the injector selects by
    /// labels: an annotation that asks for a sidecar is not even seen where the namespace does not ask for one.
    ///
    /// ## Symptom
    /// None yet, or no sidecar.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   labels: {app: web}
    ///   annotations:
    ///     sidecar.istio.io/inject: "true" #~ deprecated-annotation `sidecar.istio.io/inject` the label
    /// spec:
    ///   containers: [{name: web, image: web}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   labels: {app: web, sidecar.istio.io/inject: "true"}
    /// spec:
    ///   containers: [{name: web, image: web}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/annotations/>
    "deprecated-annotation", on: [Namespace, Service, Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Rollout],
    severity: Info, aliases: ["IST0135"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    for annotation in written::of(entry) {
        let Some(instead) = known::find(annotation.name).and_then(|known| known.instead) else { continue };
        let Some(key) = annotation.value.key() else { continue };
        let is_injection = annotation.name == known::INJECT;
        if is_injection && annotation.labels.under(known::INJECT).is_some() {
            continue;
        }
        let document = cx.document(entry);
        let edits = document.and_then(|document| as_label(&document, annotation.present()?)).unwrap_or_default();
        let finding = cx.report(
            key,
            format!("{} is deprecated; use {instead}\nA later version of Istio will not read it.", annotation.name),
        );
        finding.alias("IST0135");
        if is_injection && annotation.on == "Pod" {
            finding.unsafe_fix("make it a label", edits);
        }
    }
}

/// Takes the annotation out and sets the label of the same name.
fn as_label(document: &Document, value: &Spanned<SmolStr>) -> Option<Vec<TextEdit>> {
    let path = document.path_at(value.key.start()).to_edit();
    let mut labels: Vec<At<'_>> = path.get(..path.len().checked_sub(2)?)?.to_vec();
    labels.push(At::Key("labels"));
    let added = document.insert(&labels, Place::Last, known::INJECT, &Literal::from(value.as_str()))?;
    Some(vec![document.remove(&path)?, added])
}
