//! Rule `port-level-mtls-unknown-port`.

use crate::index::{Entry, Ref};
use crate::resource::IntOrString;
use crate::resource::istio::PeerAuthentication;
use crate::resource::kubernetes::Service;
use crate::rules::{Context, rule};
use crate::text::{Span, TextEdit};
use crate::tls;
use std::sync::Arc;

rule! {
    /// A port in `portLevelMtls` is a Service's port, not one that the pods listen on.
    ///
    /// ## Why
    /// `portLevelMtls` counts the ports of the pods (`targetPort`, `containerPort`). The port of the Service in front is
    /// unknown there, so the setting has no effect.
    ///
    /// ## Symptom
    /// The port keeps the mode of the policy: plaintext clients are still refused (`503 UC`), or still let in.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   mtls: {mode: STRICT}
    ///   portLevelMtls:
    ///     80: #~ port-level-mtls-unknown-port `80` 8080
    ///       mode: PERMISSIVE
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   mtls: {mode: STRICT}
    ///   portLevelMtls:
    ///     8080:
    ///       mode: PERMISSIVE
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/security/peer_authentication/>
    "port-level-mtls-unknown-port", on: PeerAuthentication, severity: Warning, aliases: [], since: "0.1.0",
}

fn check(policy: Ref<'_, PeerAuthentication>, cx: &mut Context<'_>) {
    let Some(selector) = policy.spec.selector.value().filter(|selector| selector.is_certain()) else { return };
    let pairs: Vec<(&str, &str)> = selector.pairs().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
    if pairs.is_empty() {
        return;
    }
    let workloads = cx.view.workloads(&policy.entry.namespace, &pairs);
    for (number, field) in policy.spec.port_level_mtls.value().into_iter().flatten() {
        if let (Ok(port), Some(span)) = (number.parse::<u32>(), field.key()) {
            check_port(policy, port, span, &workloads, cx);
        }
    }
}

fn check_port(
    policy: Ref<'_, PeerAuthentication>,
    port: u32,
    span: Span,
    workloads: &[&Arc<Entry>],
    cx: &mut Context<'_>,
) {
    if workloads.iter().any(|workload| listens(workload, port, cx)) {
        return;
    }
    let found = workloads.iter().find_map(|workload| {
        let services = cx.view.services_of(workload);
        let named = services.into_iter().find_map(|service| {
            let declared = service.spec.ports.items().find(|declared| declared.port.copied() == Some(port))?;
            Some((service, declared.target_port.value(), declared.span))
        });
        named.map(|named| (*workload, named))
    });
    let Some((workload, (service, target, declared))) = found else { return };
    let Some(target) = target_number(target, workload) else { return };
    report(policy, port, span, service, target, declared, cx);
}

/// Some port of the pods has this number, as far as is written: a container's, or one that a Service leads to.
fn listens(workload: &Entry, port: u32, cx: &Context<'_>) -> bool {
    let Some(pods) = workload.workload() else { return false };
    let mut declared = pods.containers().flat_map(|container| container.ports.items());
    declared.any(|declared| declared.container_port.copied() == Some(port))
        || tls::target_ports(cx.view, workload).contains(&port)
}

/// The number behind a target port that is not the Service's own.
fn target_number(target: Option<&IntOrString>, workload: &Entry) -> Option<u32> {
    match target? {
        IntOrString::Int(number) => u32::try_from(*number).ok(),
        IntOrString::String(name) => {
            let pods = workload.workload()?;
            let mut ports = pods.containers().flat_map(|container| container.ports.items());
            ports.find(|port| port.name.text() == Some(name))?.container_port.copied()
        }
    }
}

fn report(
    policy: Ref<'_, PeerAuthentication>,
    port: u32,
    span: Span,
    service: Ref<'_, Service>,
    target: u32,
    declared: Span,
    cx: &mut Context<'_>,
) {
    let is_free = !policy.spec.port_level_mtls.pairs().any(|(known, _)| known.as_str() == target.to_string());
    let rename = cx.document(policy.entry).and_then(|document| {
        let path = document.path_at(span.start()).to_edit();
        document.rename(&path, &target.to_string())
    });
    let rename = rename.filter(|_| is_free).or_else(|| is_free.then(|| TextEdit::replace(span, target.to_string())));
    let finding = cx.report(
        span,
        format!(
            "port {port} is a port of Service {}, the pods listen on {target}\nportLevelMtls counts the ports of the pods, so \
             this setting has no effect.",
            service.entry.name()
        ),
    );
    finding.related(service.entry.id, declared, format!("port {port} leads to {target} here"));
    finding.safe_fix(format!("name the port of the pods, {target}"), rename.into_iter().collect());
}
