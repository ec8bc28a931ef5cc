//! Rule `useless-envoy-operation`.

use crate::index::Ref;
use crate::resource::istio::EnvoyFilter;
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// A patch of Envoy configuration with an operation that does nothing there.
    ///
    /// ## Why
    /// REPLACE works for filters and virtual hosts only; ADD and REMOVE do nothing for a route configuration or a route.
    ///
    /// ## Symptom
    /// The patch has no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1alpha3
    /// kind: EnvoyFilter
    /// metadata: {name: lua, namespace: shop}
    /// spec:
    ///   workloadSelector: {labels: {app: web}}
    ///   configPatches:
    ///   - applyTo: CLUSTER
    ///     match: {context: SIDECAR_INBOUND}
    ///     patch:
    ///       operation: REPLACE #~ useless-envoy-operation `REPLACE` CLUSTER
    ///       value: {name: x}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1alpha3
    /// kind: EnvoyFilter
    /// metadata: {name: lua, namespace: shop}
    /// spec:
    ///   workloadSelector: {labels: {app: web}}
    ///   configPatches:
    ///   - applyTo: CLUSTER
    ///     match: {context: SIDECAR_INBOUND}
    ///     patch:
    ///       operation: MERGE
    ///       value: {name: x}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0152/>
    "useless-envoy-operation", on: EnvoyFilter, severity: Error, aliases: ["IST0152", "IST0153", "IST0154"], since: "0.1.0",
}

fn check(filter: Ref<'_, EnvoyFilter>, cx: &mut Context<'_>) {
    for patch in filter.spec.config_patches.items() {
        let operation = patch.patch.value().and_then(|patch| patch.operation.present());
        let (Some(target), Some(operation)) = (patch.apply_to.text(), operation) else { continue };
        let of_routes = matches!(target, "ROUTE_CONFIGURATION" | "HTTP_ROUTE");
        let replaceable = matches!(target, "NETWORK_FILTER" | "HTTP_FILTER" | "VIRTUAL_HOST");
        let code = match operation.as_str() {
            "REPLACE" if !replaceable => "IST0152",
            "ADD" if of_routes => "IST0153",
            "REMOVE" if of_routes => "IST0154",
            _ => continue,
        };
        let message = format!("{} does nothing for {target}\nThe patch has no effect on any proxy.", operation.value);
        let finding = cx.report(operation.span, message).alias(code);
        if code != "IST0154" {
            finding.unsafe_fix("merge it into what is there (MERGE)", vec![TextEdit::replace(operation.span, "MERGE")]);
        }
    }
}
