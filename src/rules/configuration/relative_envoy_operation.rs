//! Rule `relative-envoy-operation`.

use std::collections::HashSet;

use crate::index::Ref;
use crate::resource::istio::EnvoyFilter;
use crate::rules::{Context, rule};

rule! {
    /// A patch of Envoy configuration that depends on what other patches did before.
    ///
    /// ## Why
    /// INSERT_BEFORE, INSERT_AFTER, REMOVE and REPLACE look for something that another EnvoyFilter may add or take away; without `priority` the order follows age and name.
    ///
    /// ## Symptom
    /// The patch applies on one proxy and not on another, or after one restart and not the next.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1alpha3
    /// kind: EnvoyFilter
    /// metadata: {name: lua, namespace: shop}
    /// spec:
    ///   workloadSelector: {labels: {app: web}}
    ///   configPatches:
    ///   - applyTo: HTTP_FILTER
    ///     match: {context: SIDECAR_INBOUND}
    ///     patch:
    ///       operation: INSERT_BEFORE #~ relative-envoy-operation `INSERT_BEFORE` order
    ///       value: {name: lua, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua}}
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
    ///   - applyTo: HTTP_FILTER
    ///     match: {context: SIDECAR_INBOUND}
    ///     patch:
    ///       operation: INSERT_FIRST
    ///       value: {name: lua, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0151/>
    "relative-envoy-operation", on: EnvoyFilter, severity: Info, aliases: ["IST0151", "IST0155"], since: "0.1.0",
}

fn check(filter: Ref<'_, EnvoyFilter>, cx: &mut Context<'_>) {
    if filter.spec.priority.is_uncertain() || filter.spec.priority.copied().is_some_and(|priority| priority != 0) {
        return;
    }
    let mut versioned: HashSet<&str> = HashSet::new();
    for patch in filter.spec.config_patches.items() {
        let Some(change) = patch.patch.value() else { return };
        let name = patch.filter_name();
        let (Some(target), Some(operation)) = (patch.apply_to.text(), change.operation.present()) else { continue };
        let is_relative = match operation.as_str() {
            "INSERT_BEFORE" | "INSERT_AFTER" => true,
            "REMOVE" => !matches!(target, "ROUTE_CONFIGURATION" | "HTTP_ROUTE"),
            "REPLACE" => matches!(target, "NETWORK_FILTER" | "HTTP_FILTER" | "VIRTUAL_HOST"),
            _ => false,
        };
        let by_version = versioned.contains(name);
        if patch.matches_version() {
            versioned.insert(name);
        }
        if is_relative {
            let finding = cx.report(
                operation.span,
                format!(
                    "the outcome of {} depends on the order of patches\nAnother EnvoyFilter may change what it looks for; `priority` says which \
                     comes first, INSERT_FIRST and ADD need no neighbour.",
                    operation.value
                ),
            );
            finding.alias(if by_version { "IST0155" } else { "IST0151" });
        }
    }
}
