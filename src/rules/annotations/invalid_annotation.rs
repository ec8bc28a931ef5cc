//! Rule `invalid-annotation`.

use super::{known, written};
use crate::index::Entry;
use crate::rules::{Context, rule};

rule! {
    /// The value of an annotation is not what Istio expects.
    ///
    /// ## Why
    /// Istio reads these values when it injects the sidecar or when the proxy starts. One that it cannot read makes the
    /// injection fail or falls back to the default.
    ///
    /// ## Symptom
    /// `admission webhook "namespace.sidecar-injector.istio.io" denied the request`, or the setting has no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     traffic.sidecar.istio.io/excludeInboundPorts: "http" #~ invalid-annotation `"http"` port numbers
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
    ///   annotations:
    ///     traffic.sidecar.istio.io/excludeInboundPorts: "8080"
    /// spec:
    ///   containers: [{name: web, image: web}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/annotations/>
    "invalid-annotation", on: [Namespace, Service, Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Rollout],
    severity: Warning, aliases: ["IST0125"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    for annotation in written::of(entry) {
        let Some(known) = known::find(annotation.name).filter(|known| known.on.contains(&annotation.on)) else {
            continue;
        };
        let Some(value) = annotation.present() else { continue };
        if let Some(expected) = known.form.expected_instead_of(value) {
            let message = format!("{} must be {expected}\nIstio cannot read this value.", known.name);
            cx.report(value.span, message).alias("IST0125");
        }
    }
}
