//! Rule `conflicting-telemetries`.

use super::selection::shared;
use crate::index::Ref;
use crate::resource::istio::Telemetry;
use crate::rules::{Context, rule};

rule! {
    /// Two Telemetry resources select the same workload.
    ///
    /// ## Why
    /// Of two Telemetry resources that select a workload, the older one counts; they are not merged.
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
    /// apiVersion: telemetry.istio.io/v1
    /// kind: Telemetry
    /// metadata:
    ///   name: one #~ conflicting-telemetries `one` shop/web
    ///   namespace: shop
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   tracing: [{randomSamplingPercentage: 5}]
    /// ---
    /// apiVersion: telemetry.istio.io/v1
    /// kind: Telemetry
    /// metadata:
    ///   name: two #~ conflicting-telemetries `two` shop/web
    ///   namespace: shop
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   tracing: [{randomSamplingPercentage: 5}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: telemetry.istio.io/v1
    /// kind: Telemetry
    /// metadata:
    ///   name: one
    ///   namespace: shop
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   tracing: [{randomSamplingPercentage: 5}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0159/>
    "conflicting-telemetries", on: Telemetry, severity: Error, aliases: ["IST0159"], since: "0.1.0", all_fit: true,
}

fn check(resource: Ref<'_, Telemetry>, cx: &mut Context<'_>) {
    if let Some((workload, other)) = shared(cx.view, resource).into_iter().next() {
        let finding = cx.report(
            resource.entry.resource.name_span(),
            format!(
                "{} selects {} too\nA workload takes one Telemetry by selector: settings of the other have no effect.",
                other.entry.title(),
                workload.qualified_name()
            ),
        );
        finding.related(other.entry.id, other.entry.resource.name_span(), "selects the workload too");
        finding.related(workload.id, workload.resource.name_span(), "the workload");
    }
}
