//! Rule `unknown-annotation`.

use super::{known, written};
use crate::index::Entry;
use crate::rules::{Context, rule};
use crate::text::{TextEdit, only_near};

rule! {
    /// An annotation in Istio's name that Istio does not know.
    ///
    /// ## Why
    /// Annotations are compared letter by letter, capitals included. One that nobody reads is no error anywhere.
    ///
    /// ## Symptom
    /// What the annotation is to change stays as it was.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     networking.istio.io/exportto: "." #~ unknown-annotation `networking.istio.io/exportto`
    /// spec:
    ///   ports:
    ///   - {name: http, port: 80}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     networking.istio.io/exportTo: "."
    /// spec:
    ///   ports:
    ///   - {name: http, port: 80}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/annotations/>
    "unknown-annotation", on: [Namespace, Service, Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Rollout],
    severity: Warning, aliases: ["IST0108"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    for annotation in written::of(entry) {
        let name = annotation.name;
        let Some(key) = annotation.value.key().filter(|_| known::is_istios(name) && known::find(name).is_none()) else {
            continue;
        };
        let near = only_near(name, known::names());
        let document = cx.document(entry);
        let path = document.as_ref().map(|document| document.path_at(key.start()).to_edit());
        let renamed = near.and_then(|near| document.as_ref()?.rename(path.as_ref()?, near));
        let removed = path.as_ref().and_then(|path| document.as_ref()?.remove(path));
        let finding = cx.report(key, format!("Istio knows no annotation {name}\nNobody reads it: it changes nothing."));
        finding.alias("IST0108");
        if let Some(near) = near {
            finding.unsafe_fix(format!("rename it to {near}"), renamed.into_iter().collect::<Vec<TextEdit>>());
        }
        finding.safe_fix("remove it", removed.into_iter().collect());
    }
}
