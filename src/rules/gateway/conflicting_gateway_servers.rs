//! Rule `conflicting-gateway-servers`.

use super::bound_server::protocol;
use super::neighbours::{is_of, istio, of_each_workload};
use crate::index::Ref;
use crate::resource::host;
use crate::resource::istio::{Gateway, Server as WrittenServer};
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::tls::gateway::{Server, Status};
use std::collections::BTreeMap;

rule! {
    /// Two servers of one gateway workload claim the same host and port, or a port with protocols that exclude each other.
    ///
    /// ## Why
    /// All Gateways of a workload share its ports. For TLS each host belongs to one server, and a plaintext TCP server leaves no
    /// room for others. istiod keeps the oldest server (by creation time, then name) and drops the other as a whole, silently.
    ///
    /// ## Symptom
    /// `404` with response flag `NR`, or the wrong certificate, for the hosts of the younger server.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com] #~ conflicting-gateway-servers `shop.example.com`
    ///     tls: {mode: SIMPLE, credentialName: shop-cert}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: team, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com] #~ conflicting-gateway-servers `shop.example.com`
    ///     tls: {mode: SIMPLE, credentialName: team-cert}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: team, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [team.example.com]
    ///     tls: {mode: SIMPLE, credentialName: team-cert}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/common-problems/network-issues/>
    "conflicting-gateway-servers", on: Gateway, severity: Error, aliases: ["IST0145", "KIA0301"], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let mut conflicts = BTreeMap::new();
    for servers in of_each_workload(gateway, cx.view, may_conflict) {
        for dropped in servers.iter().filter(|server| server.status == Status::Conflict) {
            let holder = servers.iter().find(|server| {
                let rival = dropped.rival.map(|(source, index)| (source.entry().id, index));
                rival == Some((server.source.entry().id, server.index))
            });
            let Some(holder) = holder.filter(|holder| dropped.assumptions.len() == holder.assumptions.len()) else {
                continue;
            };
            for (own, other, is_dropped) in [(dropped, holder, true), (holder, dropped, false)] {
                if is_of(own, gateway)
                    && let (Some(place), Some(other_place)) = (claim_span(own, other), claim_span(other, own))
                {
                    let other = (other.source.entry(), other_place);
                    conflicts.entry(place).or_insert((message(own, other.0.qualified_name(), is_dropped), other));
                }
            }
        }
    }
    for (place, (message, (other, span))) in conflicts {
        let finding = cx.report(place, message);
        finding.related(other.id, span, "the other server");
        if other.id != gateway.entry.id {
            finding.alias("IST0145").alias("KIA0301");
        }
    }
}

/// Two TLS servers that share a host, or protocols that exclude each other.
fn may_conflict(own: &WrittenServer, other: &WrittenServer) -> bool {
    let (left, right) = (protocol(own), protocol(other));
    if left.is_tls() && right.is_tls() {
        let names = |name: &str| other.hosts.items().any(|host| host::split_namespace(host).1 == name);
        return own.hosts.items().any(|host| names(host::split_namespace(host).1));
    }
    !(left.is_http() && right.is_http())
}

fn message(server: &Server<'_>, other: String, is_dropped: bool) -> String {
    let outcome = match is_dropped {
        true => "The other one is older (creation time, then name), so this one is dropped: its routes are never used.",
        false => {
            "This one is older (creation time, then name), so the other one is dropped: its routes are never used."
        }
    };
    let first = format!("a server of Gateway {other} claims the same on port {}", server.port);
    format!("{first}\n{outcome}")
}

/// The host that both claim, else the first.
fn claim_span(server: &Server<'_>, other: &Server<'_>) -> Option<Span> {
    let (_, written) = istio(server)?;
    let mut hosts = written.hosts.items().zip(&server.claims);
    let shared = hosts.find(|(_, claim)| other.claims.contains(claim)).map(|(host, _)| host.span);
    shared.or_else(|| written.hosts.items().next().map(|host| host.span))
}
