//! Rule `policy-without-workload`.

use super::selection::pairs;
use crate::index::{Entry, Ref};
use crate::resource::istio::AuthorizationPolicy;
use crate::rules::{Context, rule};
use crate::tls::{self, ProxyKind};

rule! {
    /// An AuthorizationPolicy for a namespace without workloads in the mesh.
    ///
    /// ## Why
    /// Nothing enforces the policy: no workload of the workspace that it is for has a proxy. The workloads may be kept elsewhere, so this is said only on demand.
    ///
    /// ## Symptom
    /// The policy has no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: all, namespace: shop} #~ policy-without-workload `all` shop
    /// spec: {rules: [{}]}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: all, namespace: shop}
    /// spec: {rules: [{}]}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0127/>
    "policy-without-workload", on: AuthorizationPolicy, severity: Info, aliases: ["IST0127"], since: "0.1.0", opt_in: true, all_fit: true,
}

fn check(policy: Ref<'_, AuthorizationPolicy>, cx: &mut Context<'_>) {
    let spec = policy.spec;
    let selected = pairs(&spec.selector);
    let is_root = cx.view.mesh().is_root(&policy.entry.namespace);
    let is_attached = !spec.target_ref.is_absent() || !spec.target_refs.is_absent();
    if is_attached || (selected.is_none() && (is_root || !spec.selector.selects_all())) {
        return;
    }
    let is_selecting = selected.is_some();
    let pairs = selected.unwrap_or_default();
    let workloads = match is_root {
        true => cx.view.workloads_anywhere(&pairs),
        false => cx.view.workloads(&policy.entry.namespace, &pairs),
    };
    let here = if is_root { cx.view.workloads_anywhere(&[]) } else { cx.view.workloads(&policy.entry.namespace, &[]) };
    // A selector beside workloads in the same file is another rule's matter.
    let beside = here.iter().any(|workload| workload.file == policy.entry.file);
    let said_elsewhere = is_selecting && workloads.is_empty() && beside;
    // The node's agent marks the pods that it has taken into ambient mode.
    let by_node = |workload: &Entry| {
        let annotation = workload.workload().and_then(|pods| pods.annotations.under("ambient.istio.io/redirection"));
        annotation.is_some_and(|value| value.as_str() == "enabled")
    };
    let in_mesh = |workload: &Entry| tls::proxy(cx.view, workload).kind != ProxyKind::None || by_node(workload);
    if !said_elsewhere && !workloads.iter().any(|workload| in_mesh(workload)) {
        cx.report(
            policy.entry.resource.name_span(),
            format!("no workload of the mesh in the workspace is under this policy ({})\nWhere the workspace is the whole mesh, it has no effect.", policy.entry.namespace),
        );
    }
}
