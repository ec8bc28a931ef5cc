//! Rule `gateway-port-not-on-service`.

use crate::index::{Ref, View};
use crate::resource::istio::{Gateway, Server};
use crate::resource::kubernetes::Service;
use crate::resource::{IntOrString, Spanned, host};
use crate::rules::together::are_variants;
use crate::rules::{Context, rule};
use crate::tls::gateway::{GatewayWorkload, workloads_of};

rule! {
    /// A server of a Gateway on a port that no Service leads to.
    ///
    /// ## Why
    /// The proxy listens on the port of the server, but clients reach it through a Service of the gateway workload, and none has that port.
    ///
    /// ## Symptom
    /// Connections time out or are refused.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: ingress, namespace: edge}
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {istio: edge}
    ///       annotations: {inject.istio.io/templates: gateway}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: ingress, namespace: edge}
    /// spec: {selector: {istio: edge}, ports: [{name: http, port: 80}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: edge}
    /// spec:
    ///   selector: {istio: edge}
    ///   servers:
    ///   - port: {number: 8081, name: http, protocol: HTTP} #~ gateway-port-not-on-service `8081` edge/ingress
    ///     hosts: [shop.example.com]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: ingress, namespace: edge}
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {istio: edge}
    ///       annotations: {inject.istio.io/templates: gateway}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: ingress, namespace: edge}
    /// spec: {selector: {istio: edge}, ports: [{name: http, port: 80}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: edge}
    /// spec:
    ///   selector: {istio: edge}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [shop.example.com]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0162/>
    "gateway-port-not-on-service", on: Gateway, severity: Info, aliases: ["IST0162"], since: "0.1.0", all_fit: true,
}

/// The ports of the ingress gateway of a default installation.
pub(super) const DEFAULT_PORTS: [u32; 4] = [80, 443, 15443, 31400];

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let Some(mut services) = services(gateway, cx.view) else { return };
    services.retain(|service| !are_variants(cx.view, gateway.entry, service.entry));
    services.sort_by_key(|service| service.entry.id);
    services.dedup_by_key(|service| service.entry.id);
    if services.is_empty() {
        return;
    }
    let defaults: &[u32] = if is_default(gateway.spec) { &DEFAULT_PORTS } else { &[] };
    for number in ports(gateway.spec).filter(|number| !defaults.contains(&number.value)) {
        if services.iter().any(|service| leads(service, number.value)) {
            continue;
        }
        let mut names: Vec<String> = services.iter().map(|service| service.entry.qualified_name()).collect();
        names.sort_unstable();
        names.dedup();
        let finding = cx.report(
            number.span,
            format!(
                "no Service of the gateway leads to port {}\nClients reach the gateway through {}, without such a port.",
                number.value,
                names.join(", ")
            ),
        );
        for service in &services {
            finding.related(service.entry.id, service.entry.resource.name_span(), "the gateway's Service");
        }
    }
}

/// The Gateway is for the ingress gateway of a default installation.
pub(super) fn is_default(gateway: &Gateway) -> bool {
    let default = [("istio", "ingressgateway"), ("app", "istio-ingressgateway")];
    let mut pairs = gateway.selector.pairs().peekable();
    pairs.peek().is_some() && pairs.all(|(key, value)| default.contains(&(key.as_str(), value.value.as_str())))
}

/// The ports of the servers that clients reach through a Service.
pub(super) fn ports(gateway: &Gateway) -> impl Iterator<Item = &Spanned<u32>> {
    let of_mesh = |server: &Server| server.hosts.items().any(|name| host::split_namespace(name).1 == "*.local");
    let servers = gateway.servers.items().filter(move |server| !of_mesh(server));
    servers.filter_map(|server| server.port.value()?.number.present())
}

/// The Services in front of the workloads that `gateway` selects; none while one of them is not known, as that of a
/// generated workload or of one that is not in the workspace.
pub(super) fn services<'a>(gateway: Ref<'a, Gateway>, view: &View<'a>) -> Option<Vec<Ref<'a, Service>>> {
    let selector = &gateway.spec.selector;
    let pairs: Vec<(&str, &str)> = selector.pairs().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
    let is_generated = |workload: &GatewayWorkload<'_>| workload.generated_for.is_some();
    if pairs.is_empty() || !selector.is_certain() || workloads_of(view, gateway).iter().any(is_generated) {
        return None;
    }
    let workloads = view.workloads_anywhere(&pairs);
    let services: Vec<_> = workloads.iter().flat_map(|workload| view.services_of(workload)).collect();
    let known = !workloads.is_empty() && services.iter().all(|service| service.spec.ports.is_certain());
    known.then_some(services)
}

/// The Service has the port, or leads to it.
fn leads(service: &Service, number: u32) -> bool {
    service.ports.items().any(|port| match port.target_port.value() {
        _ if port.port.copied() == Some(number) => true,
        Some(IntOrString::Int(target)) => *target == i64::from(number),
        Some(IntOrString::String(_)) => true,
        None => false,
    })
}
