//! Rule `sidecar-in-ambient`.

use crate::index::{Entry, Ref, View};
use crate::resource::istio::Sidecar;
use crate::rules::{Context, rule};
use crate::tls::{self, ProxyKind};

rule! {
    /// A Sidecar for workloads of the ambient mesh, which have no sidecar.
    ///
    /// ## Why
    /// `Sidecar` configures sidecars. ztunnel and waypoints do not read it.
    ///
    /// ## Symptom
    /// Workloads reach hosts that the Sidecar leaves out.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Sidecar
    /// metadata: {name: default, namespace: shop} #~ sidecar-in-ambient `default` ambient
    /// spec:
    ///   egress: [{hosts: ["./*"]}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Sidecar
    /// metadata: {name: default, namespace: shop}
    /// spec:
    ///   egress: [{hosts: ["./*"]}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0167/>
    "sidecar-in-ambient", on: Sidecar, severity: Warning, aliases: ["IST0167"], since: "0.1.0",
}

fn check(sidecar: Ref<'_, Sidecar>, cx: &mut Context<'_>) {
    let Some((place, reason)) = without_effect(sidecar, cx.view) else { return };
    let message = format!(
        "Sidecar {} has no effect: what it selects is in the ambient mesh\nztunnel and waypoints do not read it.",
        sidecar.entry.name()
    );
    let finding = cx.report(sidecar.entry.resource.name_span(), message);
    finding.alias("IST0167").related(place.id, place.resource.name_span(), reason);
}

/// Where it shows that nobody reads the Sidecar, and why.
pub(in crate::rules) fn without_effect<'a>(
    sidecar: Ref<'_, Sidecar>,
    view: &View<'a>,
) -> Option<(&'a Entry, &'static str)> {
    let selector = &sidecar.spec.workload_selector;
    let pairs: Vec<(&str, &str)> = selector
        .value()
        .into_iter()
        .flat_map(|selector| selector.pairs())
        .map(|(key, value)| (key.as_str(), value.value.as_str()))
        .collect();
    if selector.is_uncertain() || selector.value().is_some_and(|selector| !selector.is_certain()) {
        return None;
    }
    let workloads = view.workloads(&sidecar.entry.namespace, &pairs);
    let in_ambient = |workload: &Entry| {
        let proxy = tls::proxy(view, workload);
        let by_node = workload.workload().is_some_and(|pods| {
            pods.annotations.under("ambient.istio.io/redirection").is_some_and(|value| value.as_str() == "enabled")
        });
        by_node || (proxy.kind == ProxyKind::Ztunnel && proxy.is_certain())
    };
    match workloads.first() {
        Some(&first) => {
            let all_are = workloads.iter().all(|workload| in_ambient(workload));
            all_are.then_some((&**first, "a workload without sidecar"))
        }
        None if pairs.is_empty() && !view.mesh().is_root(&sidecar.entry.namespace) => {
            let namespace = view.namespace(&sidecar.entry.namespace).filter(|namespace| is_ambient(namespace))?;
            Some((&**namespace, "the namespace is in the ambient mesh"))
        }
        None => None,
    }
}

/// The namespace asks for ambient mode and for no sidecars.
fn is_ambient(namespace: &Entry) -> bool {
    let labels = &namespace.resource.metadata.labels;
    let is = |key: &str, wanted: &str| labels.under(key).is_some_and(|value| value.as_str() == wanted);
    let has_revision = labels.under("istio.io/rev").is_some_and(|revision| !revision.is_empty());
    labels.is_certain()
        && is("istio.io/dataplane-mode", "ambient")
        && !is("istio-injection", "enabled")
        && !has_revision
}
