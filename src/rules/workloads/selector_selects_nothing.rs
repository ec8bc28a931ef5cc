//! Rule `selector-selects-nothing`.

use super::selection::pairs;
use crate::index::{Entry, Key};
use crate::resource::istio::WorkloadSelector;
use crate::resource::{Body, Field, Kind};
use crate::rules::{Context, rule};
use crate::text::{TextEdit, only_near};

rule! {
    /// A selector that no workload of the namespace satisfies.
    ///
    /// ## Why
    /// The resource is for workloads with these labels. The workspace holds workloads of the namespace, and none has them.
    ///
    /// ## Symptom
    /// The resource has no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: wep #~ selector-selects-nothing `wep` shop
    ///   rules: [{}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: web
    ///   rules: [{}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0127/>
    "selector-selects-nothing", on: [AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, Sidecar, EnvoyFilter, WasmPlugin], severity: Warning, aliases: ["IST0101", "IST0127", "KIA0004"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some((field, pairs)) = selector(entry).and_then(|field| Some((field, pairs(field)?))) else { return };
    let is_root = cx.view.mesh().is_root(&entry.namespace) && entry.resource.kind != Kind::PeerAuthentication;
    let (here, selected) = match is_root {
        true => (cx.view.workloads_anywhere(&[]), cx.view.workloads_anywhere(&pairs)),
        false => (cx.view.workloads(&entry.namespace, &[]), cx.view.workloads(&entry.namespace, &pairs)),
    };
    let entries = cx.view.workload_entries(&entry.namespace, &[]);
    let is_known = here.iter().all(|workload| workload.workload().is_some_and(|pods| pods.labels.is_certain()));
    // Where no workload is in the workspace, all of them are elsewhere.
    if here.is_empty() || !is_known || !entries.is_empty() || !selected.is_empty() {
        return;
    }
    let Some((key, value)) = field.value().and_then(|selector| selector.pairs().next()) else { return };
    let near = (pairs.len() == 1)
        .then(|| {
            let labels = here.iter().filter_map(|workload| Some(workload.workload()?.label(key)?.as_str()));
            only_near(&value.value, labels)
        })
        .flatten();
    // Policies are often kept apart from the workloads: only a slip, or workloads in the very file, is proof.
    if near.is_none() && !here.iter().any(|workload| workload.file == entry.file) {
        return;
    }
    let of_label = Key::Label(entry.namespace.clone(), key.clone(), value.value.clone());
    if cx.view.may_be_elsewhere(&of_label) {
        return;
    }
    let labels: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let place = if is_root { "the mesh".to_owned() } else { format!("namespace {}", entry.namespace) };
    let finding = cx.report(
        value.span,
        format!(
            "no workload of {place} has {}\nThe {} has no effect.",
            labels.join(", "),
            entry.resource.kind.as_str()
        ),
    );
    match entry.resource.kind {
        Kind::AuthorizationPolicy => finding.alias("IST0127").alias("KIA0004"),
        Kind::Sidecar | Kind::Telemetry => finding.alias("IST0101"),
        _ => finding.alias("KIA0004"),
    };
    if let Some(near) = near {
        finding.unsafe_fix(format!("select {near}"), vec![TextEdit::replace(value.span, near)]);
    }
}

fn selector(entry: &Entry) -> Option<&Field<WorkloadSelector>> {
    match &entry.resource.body {
        Body::AuthorizationPolicy(policy) => Some(&policy.selector),
        Body::RequestAuthentication(policy) => Some(&policy.selector),
        Body::PeerAuthentication(policy) => Some(&policy.selector),
        Body::Telemetry(telemetry) => Some(&telemetry.selector),
        Body::Sidecar(sidecar) => Some(&sidecar.workload_selector),
        Body::EnvoyFilter(filter) => Some(&filter.workload_selector),
        Body::WasmPlugin(plugin) => Some(&plugin.selector),
        _ => None,
    }
}
