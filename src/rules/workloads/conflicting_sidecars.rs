//! Rule `conflicting-sidecars`.

use super::selection::shared;
use crate::index::Ref;
use crate::resource::istio::Sidecar;
use crate::rules::{Context, rule};

rule! {
    /// Two Sidecar resources select the same workload.
    ///
    /// ## Why
    /// A workload takes one Sidecar by selector; which of them counts is not defined.
    ///
    /// ## Symptom
    /// Settings of one of them have no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Sidecar
    /// metadata:
    ///   name: one #~ conflicting-sidecars `one` shop/web
    ///   namespace: shop
    /// spec:
    ///   workloadSelector: {labels: {app: web}}
    ///   egress: [{hosts: ["./*"]}]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Sidecar
    /// metadata:
    ///   name: two #~ conflicting-sidecars `two` shop/web
    ///   namespace: shop
    /// spec:
    ///   workloadSelector: {labels: {app: web}}
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
    /// metadata:
    ///   name: one
    ///   namespace: shop
    /// spec:
    ///   workloadSelector: {labels: {app: web}}
    ///   egress: [{hosts: ["./*"]}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0110/>
    "conflicting-sidecars", on: Sidecar, severity: Error, aliases: ["IST0110", "KIA1005"], since: "0.1.0", all_fit: true,
}

fn check(resource: Ref<'_, Sidecar>, cx: &mut Context<'_>) {
    if let Some((workload, other)) = shared(cx.view, resource).into_iter().next() {
        let finding = cx.report(
            resource.entry.resource.name_span(),
            format!(
                "{} selects {} too\nA workload takes one Sidecar by selector: settings of the other have no effect.",
                other.entry.title(),
                workload.qualified_name()
            ),
        );
        finding.related(other.entry.id, other.entry.resource.name_span(), "selects the workload too");
        finding.related(workload.id, workload.resource.name_span(), "the workload");
    }
}
