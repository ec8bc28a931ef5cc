//! Rule `selector-outside-workspace`.

use super::selection::pairs;
use crate::index::Entry;
use crate::resource::Body;
use crate::rules::{Context, rule};

rule! {
    /// A Sidecar or Telemetry selects workloads of a namespace that has none in the workspace.
    ///
    /// ## Why
    /// A selector is for workloads of its own namespace. Where none is in the workspace nobody can tell whether it finds any, so
    /// this is said only on demand.
    ///
    /// ## Symptom
    /// The settings have no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Sidecar
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   workloadSelector: {labels: {app: web}} #~ selector-outside-workspace `web` app=web
    ///   egress: [{hosts: ["./*"]}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Sidecar
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   workloadSelector: {labels: {app: web}}
    ///   egress: [{hosts: ["./*"]}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0101/>
    "selector-outside-workspace", on: [Sidecar, Telemetry], severity: Info, aliases: ["IST0101"], since: "0.1.0", opt_in: true,
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let selector = match &entry.resource.body {
        Body::Sidecar(sidecar) => &sidecar.workload_selector,
        Body::Telemetry(telemetry) => &telemetry.selector,
        _ => return,
    };
    let (Some(pairs), Some(labels)) = (pairs(selector), selector.value()) else { return };
    let Some((_, first)) = labels.pairs().next() else { return };
    if cx.view.mesh().is_root(&entry.namespace) || !cx.view.workloads(&entry.namespace, &[]).is_empty() {
        return;
    }
    let labels: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let message = format!(
        "no workload of namespace {} with {} is in the workspace\nWhere the workspace is the whole mesh, the {} has no effect.",
        entry.namespace,
        labels.join(", "),
        entry.resource.kind
    );
    cx.report(first.span, message).alias("IST0101");
}
