//! Rule `pod-without-proxy`.

use crate::index::Entry;
use crate::rules::{Context, rule};

rule! {
    /// A Pod without proxy in a namespace that injects.
    ///
    /// ## Why
    /// A Pod taken from a cluster that has no istio-proxy container was made before injection was on. A Pod yet to be made gets its proxy at admission, so it is said only on demand.
    ///
    /// ## Symptom
    /// Traffic of the pod is outside the mesh until it is made anew.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop} #~ pod-without-proxy `web` istio-proxy
    /// spec: {containers: [{name: app, image: web}]}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec: {containers: [{name: app, image: web}, {name: istio-proxy, image: proxyv2}]}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0103/>
    "pod-without-proxy", on: [Pod], severity: Info, aliases: ["IST0103"], since: "0.1.0", opt_in: true, all_fit: true,
}

fn check(pod: &Entry, cx: &mut Context<'_>) {
    let Some(pods) = pod.workload() else { return };
    let namespace = cx
        .view
        .namespace(&pod.namespace)
        .and_then(|namespace| namespace.resource.metadata.labels.under("istio-injection"));
    let injects = namespace.is_some_and(|label| label.as_str() == "enabled");
    let inject = pods.label("sidecar.istio.io/inject").or_else(|| pods.annotations.under("sidecar.istio.io/inject"));
    let refused = inject.is_some_and(|value| value.eq_ignore_ascii_case("false"));
    let has_proxy = pods.containers().any(|container| container.name.text() == Some("istio-proxy"));
    let on_host = pods.spec.is_some_and(|spec| spec.host_network.copied() == Some(true));
    if injects && !refused && !has_proxy && !on_host {
        cx.report(
            pod.resource.name_span(),
            format!("Pod {} has no istio-proxy, though its namespace injects\nA pod gets its proxy when it is made: make it anew.", pod.qualified_name()),
        );
    }
}
