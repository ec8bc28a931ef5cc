//! Rule `patch-without-fixed-order`.

use std::collections::BTreeSet;

use crate::index::Ref;
use crate::resource::istio::{ConfigPatch, EnvoyFilter};
use crate::rules::{Context, rule};
use crate::yaml::{At, Literal, Place};

rule! {
    /// A patch is placed relative to what other patches may add or take away, and its EnvoyFilter has no priority.
    ///
    /// ## Why
    /// `INSERT_BEFORE`, `INSERT_AFTER`, `REMOVE` and `REPLACE` look for something that must be there when the patch is applied.
    /// EnvoyFilters without `priority` are applied in the order of their creation, which differs from cluster to cluster.
    ///
    /// ## Symptom
    /// After a new installation the filter is missing or stands at another place.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1alpha3
    /// kind: EnvoyFilter
    /// metadata: {name: lua, namespace: shop}
    /// spec:
    ///   configPatches:
    ///   - applyTo: HTTP_FILTER
    ///     match:
    ///       context: SIDECAR_INBOUND
    ///       listener: {filterChain: {filter: {name: envoy.filters.network.http_connection_manager, subFilter: {name: envoy.filters.http.router}}}}
    ///     patch:
    ///       operation: INSERT_BEFORE #~ patch-without-fixed-order `INSERT_BEFORE`
    ///       value: {name: envoy.filters.http.lua}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1alpha3
    /// kind: EnvoyFilter
    /// metadata: {name: lua, namespace: shop}
    /// spec:
    ///   priority: 10
    ///   configPatches:
    ///   - applyTo: HTTP_FILTER
    ///     match:
    ///       context: SIDECAR_INBOUND
    ///       listener: {filterChain: {filter: {name: envoy.filters.network.http_connection_manager, subFilter: {name: envoy.filters.http.router}}}}
    ///     patch:
    ///       operation: INSERT_BEFORE
    ///       value: {name: envoy.filters.http.lua}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/envoy-filter/>
    "patch-without-fixed-order", on: EnvoyFilter, severity: Hint, aliases: ["IST0151", "IST0155"], since: "0.1.0",
}

fn check(filter: Ref<'_, EnvoyFilter>, cx: &mut Context<'_>) {
    let priority = &filter.spec.priority;
    if priority.is_uncertain() || priority.copied().is_some_and(|priority| priority != 0) {
        return;
    }
    let mut versioned = BTreeSet::new();
    for patch in filter.spec.config_patches.items() {
        let name = filter_name(patch);
        let depends_on_version = versioned.contains(name);
        let proxy = patch.matches.value().and_then(|matches| matches.proxy.value());
        if proxy.is_some_and(|proxy| !proxy.proxy_version.is_absent()) {
            versioned.insert(name);
        }
        let operation = patch.patch.value().and_then(|patch| patch.operation.present());
        let (Some(target), Some(operation)) = (patch.apply_to.text(), operation) else { continue };
        if !is_relative(operation, target) {
            continue;
        }
        let edit = cx.document(filter.entry).and_then(|document| {
            let path = document.path_at(filter.spec.config_patches.key()?.start()).to_edit();
            let path: &[At<'_>] = path.get(..path.len().checked_sub(1)?)?;
            let full: Vec<_> = path.iter().copied().chain([At::Key("priority")]).collect();
            let ten = Literal::from(10);
            match priority.is_absent() {
                true => document.insert(path, Place::Before("configPatches"), "priority", &ten),
                false => document.set(&full, &ten),
            }
        });
        let message = format!(
            "{} depends on what other EnvoyFilters do before, and no priority fixes the order\nWithout priority they are applied in the \
             order of their creation, which differs from cluster to cluster.",
            operation.value
        );
        let finding = cx.report(operation.span, message);
        finding.alias(if depends_on_version { "IST0155" } else { "IST0151" });
        finding.unsafe_fix("apply it behind those without priority: 10", edit.into_iter().collect());
    }
}

/// What the operation does depends on what is there.
fn is_relative(operation: &str, target: &str) -> bool {
    match operation {
        "INSERT_BEFORE" | "INSERT_AFTER" => true,
        "REMOVE" => !matches!(target, "ROUTE_CONFIGURATION" | "HTTP_ROUTE"),
        "REPLACE" => matches!(target, "NETWORK_FILTER" | "HTTP_FILTER" | "VIRTUAL_HOST"),
        _ => false,
    }
}

/// The filter that the patch adds, else the one that it looks for.
fn filter_name(patch: &ConfigPatch) -> &str {
    let Some(value) = patch.patch.value().and_then(|patch| patch.value.value()) else { return "" };
    let listener = patch.matches.value().and_then(|matches| matches.listener.value());
    let chain = listener.and_then(|listener| listener.filter_chain.value());
    let matched = chain.and_then(|chain| chain.filter.value()).and_then(|filter| filter.name.text());
    value.name.text().or(matched).unwrap_or("")
}
