//! Rule `unknown-port`.

use super::destinations::{DeclaredPort, declared_ports};
use crate::index::{Entry, Opening};
use crate::resource::istio::{DestinationRule, PortTrafficPolicy, VirtualService};
use crate::resource::{Body, Field, Kind, List, Spanned, host};
use crate::rules::{Context, Finding, Severity, rule};
use crate::text::TextEdit;
use smol_str::SmolStr;
use std::collections::BTreeSet;

rule! {
    /// A route, a match or a port level setting names a port that the service does not have.
    ///
    /// ## Why
    /// Numbers in VirtualServices and DestinationRules are ports of the Service (or ServiceEntry), not container ports. A
    /// route to another number has no cluster behind it; settings for another number, TLS among them, are never used.
    ///
    /// ## Symptom
    /// `503` with response flag `NC` for a route; plaintext where TLS was meant, `wrong version number`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   ports:
    ///   - {name: http, port: 80, targetPort: 8080}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, port: {number: 8080}} #~ unknown-port `8080`
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   ports:
    ///   - {name: http, port: 80, targetPort: 8080}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, port: {number: 80}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination>
    "unknown-port", on: [VirtualService, DestinationRule], severity: Error, aliases: ["IST0101"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    // What the workspace does not show may change the Service.
    if cx.view.nature().opening == Opening::Everything {
        return;
    }
    match &entry.resource.body {
        Body::VirtualService(service) => {
            for (_, destination) in service.destinations() {
                let port = destination.port.value().and_then(|port| port.number.present());
                if let (Some(host), Some(port)) = (destination.host.text(), port) {
                    check_port(entry, host, port, "Requests get 503 (NC)", Severity::Error, cx);
                }
            }
            check_matches(entry, service, cx);
        }
        Body::DestinationRule(rule) => {
            let Some(host) = rule.host.text() else { return };
            for port in settings(rule).filter_map(|setting| setting.port.value()?.number.present()) {
                check_port(entry, host, port, "The settings have no effect", Severity::Warning, cx);
            }
        }
        _ => {}
    }
}

fn settings(rule: &DestinationRule) -> impl Iterator<Item = &Spanned<PortTrafficPolicy>> {
    let subsets = rule.subsets.items().filter_map(|subset| subset.traffic_policy.value());
    rule.traffic_policy.value().into_iter().chain(subsets).flat_map(|policy| policy.port_level_settings.items())
}

fn check_port(
    entry: &Entry,
    written: &str,
    port: &Spanned<u32>,
    outcome: &str,
    severity: Severity,
    cx: &mut Context<'_>,
) {
    let name = host::resolve(written, &entry.namespace);
    let Some((providers, ports)) = declared_ports(cx.view, &name) else { return };
    if ports.iter().any(|declared| declared.number == port.value) {
        return;
    }
    let message = format!("{name} has no port {}\nIt has {}. {outcome}.", port.value, numbers(&ports));
    let finding = cx.report(port.span, message).severity(severity);
    declared_at(&providers, finding);
    if entry.resource.kind == Kind::VirtualService {
        finding.alias("IST0101");
    }
    let mut behind = ports.iter().filter(|declared| declared.target == Some(port.value));
    if let (Some(meant), None) = (behind.next(), behind.next()) {
        let edits = vec![TextEdit::replace(port.span, meant.number.to_string())];
        finding.safe_fix(format!("use port {}, which leads to {}", meant.number, port.value), edits);
    }
}

/// `match.port` of a VirtualService for the mesh alone, whose hosts are all known.
fn check_matches(entry: &Entry, service: &VirtualService, cx: &mut Context<'_>) {
    if !service.hosts.is_certain() || !is_for_mesh_only(&service.gateways) {
        return;
    }
    let mut ports = Vec::new();
    let mut providers = Vec::new();
    for written in service.hosts.items() {
        let Some((all, declared)) = declared_ports(cx.view, &host::resolve(written, &entry.namespace)) else {
            return;
        };
        providers.extend(all);
        ports.extend(declared);
    }
    if providers.is_empty() {
        return;
    }
    let http = service.http.items().flat_map(|route| route.matches.items()).map(|one| (&one.port, &one.gateways));
    let tls = service.tls.items().flat_map(|route| route.matches.items()).map(|one| (&one.port, &one.gateways));
    let tcp = service.tcp.items().flat_map(|route| route.matches.items()).map(|one| (&one.port, &one.gateways));
    for (port, gateways) in http.chain(tls).chain(tcp) {
        let Some(port) = port.present().filter(|port| port.value != 0) else { continue };
        if is_for_mesh_only(gateways) && !ports.iter().any(|declared| declared.number == port.value) {
            let message = format!(
                "none of the hosts has port {}\nThey have {}. Nothing matches, so the route is never used.",
                port.value,
                numbers(&ports),
            );
            declared_at(&providers, cx.report(port.span, message));
        }
    }
}

fn declared_at(providers: &[&Entry], finding: &mut Finding) {
    for provider in providers {
        finding.related(provider.id, provider.resource.name_span(), "the ports are declared here");
    }
}

fn is_for_mesh_only(gateways: &Field<List<SmolStr>>) -> bool {
    gateways.is_certain() && gateways.items().all(|gateway| gateway.as_str() == "mesh")
}

fn numbers(ports: &[DeclaredPort]) -> String {
    let numbers: BTreeSet<u32> = ports.iter().map(|port| port.number).collect();
    let numbers: Vec<_> = numbers.iter().map(u32::to_string).collect();
    numbers.join(", ")
}
