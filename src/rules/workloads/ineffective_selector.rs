//! Rule `ineffective-selector`.

use crate::index::Entry;
use crate::resource::GATEWAY_NAME;
use crate::resource::istio::WorkloadSelector;
use crate::resource::{Body, Field};
use crate::rules::{Context, rule};

rule! {
    /// A policy selects the pods of a Gateway of the Gateway API by their labels.
    ///
    /// ## Why
    /// Pods that istiod makes for a Gateway of the Gateway API are reached by `targetRefs` only; a selector that fits their labels is not read for them.
    ///
    /// ## Symptom
    /// The policy has no effect at the gateway.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: front-1, namespace: shop, labels: {gateway.networking.k8s.io/gateway-name: front, app: front}}
    /// spec: {containers: [{name: istio-proxy, image: proxyv2}]}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: RequestAuthentication
    /// metadata: {name: jwt, namespace: shop}
    /// spec:
    ///   selector: #~ ineffective-selector `selector` targetRefs
    ///     matchLabels: {app: front}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: front-1, namespace: shop, labels: {gateway.networking.k8s.io/gateway-name: front, app: front}}
    /// spec: {containers: [{name: istio-proxy, image: proxyv2}]}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: RequestAuthentication
    /// metadata: {name: jwt, namespace: shop}
    /// spec:
    ///   targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: front}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0166/>
    "ineffective-selector", on: [AuthorizationPolicy, RequestAuthentication, Telemetry, WasmPlugin], severity: Warning, aliases: ["IST0166"], since: "0.1.0", all_fit: true,
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let (selector, has_target): (&Field<WorkloadSelector>, bool) = match &entry.resource.body {
        Body::AuthorizationPolicy(policy) => (&policy.selector, !policy.target_ref.is_absent()),
        Body::RequestAuthentication(policy) => (&policy.selector, !policy.target_ref.is_absent()),
        Body::Telemetry(telemetry) => (&telemetry.selector, !telemetry.target_ref.is_absent()),
        Body::WasmPlugin(plugin) => (&plugin.selector, !plugin.target_ref.is_absent()),
        _ => return,
    };
    let (Some(key), Some(value)) = (selector.key(), selector.value().filter(|selector| selector.is_certain())) else {
        return;
    };
    if has_target {
        return;
    }
    let pairs: Vec<_> = value.pairs().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
    let mut gateways: Vec<&str> = Vec::new();
    for workload in cx.view.workloads(&entry.namespace, &pairs) {
        let name = workload.workload().and_then(|pods| pods.label(GATEWAY_NAME));
        gateways.extend(name.map(|name| name.as_str()).filter(|name| !gateways.contains(name)));
    }
    for name in gateways {
        cx.report(
            key,
            format!("the selector does not reach Gateway {name}; name it in targetRefs\nPods of a Gateway of the Gateway API take policies by reference only."),
        );
    }
}
