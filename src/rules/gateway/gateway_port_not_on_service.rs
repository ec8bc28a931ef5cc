//! Rule `gateway-port-not-on-service`.

use crate::index::Ref;
use crate::resource::istio::Gateway;
use crate::resource::{IntOrString, host};
use crate::rules::{Context, rule};
use crate::tls::gateway::workloads_of;

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

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let workloads = workloads_of(cx.view, gateway);
    // A generated or assumed workload has a Service that is not written down.
    if workloads.iter().any(|workload| workload.entry.is_none() || !workload.assumptions.is_empty()) {
        return;
    }
    let services: Vec<_> =
        workloads.iter().filter_map(|workload| workload.entry).flat_map(|entry| cx.view.services_of(entry)).collect();
    if services.is_empty() || services.iter().any(|service| !service.spec.ports.is_certain()) {
        return;
    }
    for server in gateway.spec.servers.items() {
        let Some(number) = server.port.value().and_then(|port| port.number.present()) else { continue };
        let leads = |port: &crate::resource::kubernetes::ServicePort| {
            let target = match port.target_port.value() {
                Some(IntOrString::Int(target)) => u32::try_from(*target).ok(),
                Some(IntOrString::String(_)) => return true,
                None => port.port.copied(),
            };
            port.port.copied() == Some(number.value) || target == Some(number.value)
        };
        let meshed = server.hosts.items().any(|name| host::split_namespace(name).1 == "*.local");
        if !meshed && !services.iter().any(|service| service.spec.ports.items().any(|port| leads(port))) {
            let names: Vec<String> = services.iter().map(|service| service.entry.qualified_name()).collect();
            let finding = cx.report(
                number.span,
                format!("no Service of the gateway leads to port {}\nClients reach the gateway through {}, which has no such port.", number.value, names.join(", ")),
            );
            for service in &services {
                finding.related(service.entry.id, service.entry.resource.name_span(), "the gateway's Service");
            }
        }
    }
}
