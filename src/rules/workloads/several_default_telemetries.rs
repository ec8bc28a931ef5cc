//! Rule `several-default-telemetries`.

use super::selection::other_general;
use crate::index::Ref;
use crate::resource::istio::Telemetry;
use crate::rules::{Context, rule};

rule! {
    /// Two Telemetry resources are for one whole namespace.
    ///
    /// ## Why
    /// Of several Telemetry resources without selector only the oldest counts; they are not merged.
    ///
    /// ## Symptom
    /// Settings of the other have no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: telemetry.istio.io/v1
    /// kind: Telemetry
    /// metadata:
    ///   name: one #~ several-default-telemetries `one` two
    ///   namespace: shop
    /// spec:
    ///   tracing: [{randomSamplingPercentage: 5}]
    /// ---
    /// apiVersion: telemetry.istio.io/v1
    /// kind: Telemetry
    /// metadata:
    ///   name: two #~ several-default-telemetries `two` one
    ///   namespace: shop
    /// spec:
    ///   tracing: [{randomSamplingPercentage: 5}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: telemetry.istio.io/v1
    /// kind: Telemetry
    /// metadata:
    ///   name: one
    ///   namespace: shop
    /// spec:
    ///   tracing: [{randomSamplingPercentage: 5}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0160/>
    "several-default-telemetries", on: Telemetry, severity: Error, aliases: ["IST0160"], since: "0.1.0", all_fit: true,
}

fn check(resource: Ref<'_, Telemetry>, cx: &mut Context<'_>) {
    if let Some(other) = other_general(cx.view, resource, |spec| {
        spec.selector.is_absent() && spec.target_ref.is_absent() && spec.target_refs.is_absent()
    }) {
        let finding = cx.report(
            resource.entry.resource.name_span(),
            format!("{} is for the whole namespace too\nOnly the oldest of them counts.", other.entry.title()),
        );
        finding.related(other.entry.id, other.entry.resource.name_span(), "for the whole namespace too");
    }
}
