//! Rule `ignored-patch-operation`.

use crate::index::Ref;
use crate::resource::istio::EnvoyFilter;
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// An EnvoyFilter's patch has an operation that Istio ignores for what it applies to.
    ///
    /// ## Why
    /// `REPLACE` is for filters and virtual hosts only. `ADD` and `REMOVE` do nothing to a route configuration, which is there
    /// once, nor to its routes.
    ///
    /// ## Symptom
    /// The patch is accepted and the proxy's configuration stays as it was.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1alpha3
    /// kind: EnvoyFilter
    /// metadata: {name: keep-alive, namespace: shop}
    /// spec:
    ///   configPatches:
    ///   - applyTo: CLUSTER
    ///     match: {context: SIDECAR_OUTBOUND}
    ///     patch:
    ///       operation: REPLACE #~ ignored-patch-operation `REPLACE` CLUSTER
    ///       value: {connect_timeout: 1s}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1alpha3
    /// kind: EnvoyFilter
    /// metadata: {name: keep-alive, namespace: shop}
    /// spec:
    ///   configPatches:
    ///   - applyTo: CLUSTER
    ///     match: {context: SIDECAR_OUTBOUND}
    ///     patch:
    ///       operation: MERGE
    ///       value: {connect_timeout: 1s}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-Patch-Operation>
    "ignored-patch-operation", on: EnvoyFilter, severity: Warning, aliases: ["IST0152", "IST0153", "IST0154"], since: "0.1.0",
}

fn check(filter: Ref<'_, EnvoyFilter>, cx: &mut Context<'_>) {
    for patch in filter.spec.config_patches.items() {
        let operation = patch.patch.value().and_then(|patch| patch.operation.present());
        let (Some(target), Some(operation)) = (patch.apply_to.text(), operation) else { continue };
        let (code, instead) = match (operation.as_str(), target) {
            ("REPLACE", "NETWORK_FILTER" | "HTTP_FILTER" | "VIRTUAL_HOST") => continue,
            ("REPLACE", _) => ("IST0152", Some("MERGE")),
            ("ADD", "ROUTE_CONFIGURATION") => ("IST0153", Some("MERGE")),
            ("ADD", "HTTP_ROUTE") => ("IST0153", Some("INSERT_FIRST")),
            ("REMOVE", "ROUTE_CONFIGURATION" | "HTTP_ROUTE") => ("IST0154", None),
            _ => continue,
        };
        let message = format!(
            "operation {} does nothing to {target}\nIstio ignores the patch without a word; the proxy's configuration stays as it was.",
            operation.value
        );
        let finding = cx.report(operation.span, message);
        finding.alias(code);
        if let Some(instead) = instead {
            finding.unsafe_fix(format!("use {instead}"), vec![TextEdit::replace(operation.span, instead)]);
        }
    }
}
