//! Rule `route-kind-mismatch`.

use super::bound_server::{BoundServer, left_without_routes};
use super::route_edits::{as_kind, is_for_mesh_too};
use crate::index::Ref;
use crate::resource::istio::{RouteKind, VirtualService};
use crate::rules::{Context, rule};

rule! {
    /// A VirtualService has only routes of a kind that its gateway server does not use.
    ///
    /// ## Why
    /// A server that reads requests (HTTP, or HTTPS that ends there) uses `http` routes, a TCP server and a TLS server that
    /// terminates use `tcp` routes, passthrough uses `tls` routes. istiod passes over the other kinds without a word.
    ///
    /// ## Symptom
    /// `404` with response flag `NR` on HTTP; nothing listens on TCP.
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
    ///     hosts: [shop.example.com]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [public]
    ///   tcp: #~ route-kind-mismatch `tcp`
    ///   - route:
    ///     - destination: {host: web}
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
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [public]
    ///   http:
    ///   - route:
    ///     - destination: {host: web}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService>
    "route-kind-mismatch", on: VirtualService, severity: Error, aliases: [], since: "0.1.0",
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let keys = [service.http.key(), service.tls.key(), service.tcp.key()];
    for (kind, key) in [RouteKind::Http, RouteKind::Tls, RouteKind::Tcp].into_iter().zip(keys) {
        let Some(key) = key else { continue };
        let mut servers = left_without_routes(service, kind, cx.view);
        servers.retain(|server| server.reads().is_some() && !has_own_rule(server, kind));
        let Some((server, wanted)) = servers.first().and_then(|server| Some((*server, server.reads()?))) else {
            continue;
        };
        let same_kind = servers.iter().all(|other| other.reads() == Some(wanted));
        let edits = cx
            .document(service.entry)
            .filter(|_| same_kind && wanted != RouteKind::Tls && !is_for_mesh_too(service))
            .and_then(|document| as_kind(&document, key, wanted));
        let outcome = if wanted == RouteKind::Http { "Requests get 404 (NR)" } else { "Nothing leads on from there" };
        let message = format!(
            "{} routes are not used by this server, which wants {} routes\nThey are bound to {}. {outcome}.",
            kind.as_str(),
            wanted.as_str(),
            server.title(),
        );
        let finding = cx.report(key, message);
        for server in &servers {
            finding.related(server.gateway.entry.id, server.protocol_span(), "what this server speaks decides");
        }
        if let Some(edits) = edits {
            finding.safe_fix(format!("route as {}", wanted.as_str()), edits);
        }
    }
}

/// `tls-route-on-terminating-server` and `http-route-on-passthrough-server` speak of these.
fn has_own_rule(server: &BoundServer<'_>, kind: RouteKind) -> bool {
    match kind {
        RouteKind::Http => server.tls.is_passthrough(),
        RouteKind::Tls => server.tls.terminates(),
        RouteKind::Tcp => false,
    }
}
