//! Rule `envoy-filter-in-use`.

use crate::index::Ref;
use crate::resource::istio::EnvoyFilter;
use crate::rules::{Context, rule};

rule! {
    /// An EnvoyFilter.
    ///
    /// ## Why
    /// EnvoyFilter changes the configuration of proxies below the API of Istio. What it does may differ with every version, so each upgrade has to be tried; said only on demand.
    ///
    /// ## Symptom
    /// After an upgrade of Istio proxies reject their configuration or behave otherwise.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1alpha3
    /// kind: EnvoyFilter
    /// metadata: {name: lua, namespace: shop} #~ envoy-filter-in-use `lua` version
    /// spec:
    ///   workloadSelector: {labels: {app: web}}
    ///   configPatches:
    ///   - applyTo: CLUSTER
    ///     match: {context: SIDECAR_INBOUND}
    ///     patch: {operation: MERGE, value: {name: x}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Sidecar
    /// metadata: {name: default, namespace: shop}
    /// spec: {egress: [{hosts: ["./*"]}]}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/envoy-filter/>
    "envoy-filter-in-use", on: EnvoyFilter, severity: Info, aliases: ["IST0133"], since: "0.1.0", opt_in: true, all_fit: true,
}

fn check(filter: Ref<'_, EnvoyFilter>, cx: &mut Context<'_>) {
    cx.report(
        filter.entry.resource.name_span(),
        "EnvoyFilter depends on the version of Envoy\nTry it with every upgrade, and use an API of Istio where there is one.",
    );
}
