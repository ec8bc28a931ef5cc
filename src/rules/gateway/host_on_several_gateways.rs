//! Rule `host-on-several-gateways`.

use std::collections::BTreeMap;

use super::bound_server::protocol;
use super::neighbours::{is_of, istio, of_each_workload};
use crate::index::{Entry, Ref};
use crate::resource::istio::{Gateway, Server as WrittenServer};
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::tls::gateway::Server;

rule! {
    /// Two Gateways of one workload serve the same plaintext host and port.
    ///
    /// ## Why
    /// istiod merges plaintext HTTP servers of one port: requests for the host see the routes that are bound to either Gateway,
    /// the oldest first. That may well be meant, so it is said only on demand.
    ///
    /// ## Symptom
    /// `404`, or an answer of another team's service, for some paths.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [shop.example.com] #~ host-on-several-gateways `shop.example.com` shop/team
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: team, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [shop.example.com] #~ host-on-several-gateways `shop.example.com` shop/public
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
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [shop.example.com]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: team, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [team.example.com]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0145/>
    "host-on-several-gateways", on: Gateway, severity: Info, aliases: ["IST0145"], since: "0.1.0", opt_in: true,
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let mut shared: BTreeMap<Span, (&Entry, Span, u32)> = BTreeMap::new();
    for servers in of_each_workload(gateway, cx.view, may_share) {
        let plain: Vec<_> = servers.iter().filter(|server| server.is_http() && !server.is_tls()).collect();
        for server in plain.iter().filter(|server| is_of(server, gateway)) {
            for other in plain.iter().filter(|other| !is_of(other, gateway) && same_port(server, other)) {
                if let (Some(place), Some(there)) = (shared_host(server, other), shared_host(other, server)) {
                    shared.entry(place).or_insert((other.source.entry(), there, server.port));
                }
            }
        }
    }
    for (place, (other, there, port)) in shared {
        let message = format!(
            "Gateway {} serves this host on port {port} too\nistiod merges the servers: requests see the routes of both Gateways.",
            other.qualified_name()
        );
        cx.report(place, message).alias("IST0145").related(other.id, there, "the same host");
    }
}

fn may_share(own: &WrittenServer, other: &WrittenServer) -> bool {
    let same = |host: &str| other.hosts.items().any(|known| known.as_str() == host);
    protocol(own).is_http() && protocol(other).is_http() && own.hosts.items().any(|host| same(host))
}

fn same_port(one: &Server<'_>, two: &Server<'_>) -> bool {
    (one.listen_port, &one.bind) == (two.listen_port, &two.bind)
}

/// Where a host that both have is written.
fn shared_host(server: &Server<'_>, other: &Server<'_>) -> Option<Span> {
    let (_, written) = istio(server)?;
    let (_, theirs) = istio(other)?;
    let same = |host: &str| theirs.hosts.items().any(|known| known.as_str() == host);
    written.hosts.items().find(|host| same(host)).map(|host| host.span)
}
