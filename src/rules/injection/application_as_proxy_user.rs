//! Rule `application-as-proxy-user`.

use crate::index::Entry;
use crate::rules::{Context, Severity, rule};
use crate::tls::{self, ProxyKind};

rule! {
    /// An application that runs as user 1337.
    ///
    /// ## Why
    /// 1337 is the user of the proxy. Traffic of that user is not redirected to the proxy, so that it does not loop; an application with that user goes past it.
    ///
    /// ## Symptom
    /// Calls of the application bypass the mesh: no mTLS, no policies.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       securityContext:
    ///         runAsUser: 1337 #~ application-as-proxy-user `1337` past
    ///       containers: [{name: app, image: web}]
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
    /// spec:
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       securityContext: {runAsUser: 1000}
    ///       containers: [{name: app, image: web}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0144/>
    "application-as-proxy-user", on: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Rollout], severity: Warning, aliases: ["IST0144"], since: "0.1.0", all_fit: true,
}

const PROXY_USER: i64 = 1337;

fn check(workload: &Entry, cx: &mut Context<'_>) {
    let proxy = tls::proxy(cx.view, workload);
    let severity = match proxy.kind {
        ProxyKind::Sidecar => Severity::Warning,
        // The labels of the namespace may ask for a sidecar.
        ProxyKind::None if !proxy.is_certain() => Severity::Info,
        _ => return,
    };
    let Some(spec) = workload.workload().and_then(|pods| pods.spec) else { return };
    let labels = &workload.resource.metadata.labels;
    // Istio's own.
    if labels.under("istio").is_some() || labels.under("release").is_some_and(|release| release.as_str() == "istio") {
        return;
    }
    let own = |name: Option<&str>| matches!(name, Some("istio-proxy" | "istio-operator"));
    let of_containers = spec
        .containers
        .items()
        .filter(|container| !own(container.name.text()))
        .map(|container| &container.security_context);
    let contexts = std::iter::once(&spec.security_context).chain(of_containers);
    let user =
        contexts.filter_map(|context| context.value()?.run_as_user.present()).find(|user| user.value == PROXY_USER);
    if let Some(user) = user {
        cx.report(
            user.span,
            "user 1337 is the proxy's: traffic of this application goes past the mesh\nWhat this user sends is not redirected, so that the proxy's \
             own traffic does not loop.",
        )
        .severity(severity);
    }
}
