//! Rule `tls-route-on-terminating-server`.

use super::bound_server::{BoundServer, left_without_routes};
use super::plaintext_to_tls_backend::speaks_tls;
use super::route_edits::{as_kind, is_for_mesh_too};
use crate::index::Ref;
use crate::resource::istio::{RouteKind, VirtualService};
use crate::rules::{Context, Edit, Fix, rule};
use crate::yaml::Literal;

rule! {
    /// A VirtualService has only `tls` routes for a gateway server that terminates TLS.
    ///
    /// ## Why
    /// `tls` routes choose by the server name of a connection that goes through untouched. Where the server takes the TLS
    /// off, istiod reads `http` routes (protocol HTTPS) or `tcp` routes (protocol TLS) and passes over `tls`.
    ///
    /// ## Symptom
    /// `404` with response flag `NR` for protocol HTTPS; `filter_chain_not_found` or nothing that listens for protocol TLS.
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
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [public]
    ///   tls: #~ tls-route-on-terminating-server `tls`
    ///   - match:
    ///     - sniHosts: [shop.example.com]
    ///     route:
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
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert}
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
    /// <https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/>
    "tls-route-on-terminating-server", on: VirtualService, severity: Error, aliases: [], since: "0.1.0",
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let Some(key) = service.tls.key() else { return };
    let mut servers = left_without_routes(service, RouteKind::Tls, cx.view);
    servers.retain(|server| server.tls.terminates());
    let Some((server, wanted)) = servers.first().and_then(|server| Some((*server, server.reads()?))) else { return };
    let same_kind = servers.iter().all(|other| other.reads() == Some(wanted));
    let safe = cx
        .document(service.entry)
        .filter(|_| same_kind && !is_for_mesh_too(service) && !wants_tls(service, cx))
        .and_then(|document| as_kind(&document, key, wanted));
    let pass = passthrough(server, cx);
    let outcome = if wanted == RouteKind::Http { "Requests get 404 (NR)" } else { "Connections are reset" };
    let finding = cx.report(
        key,
        format!(
            "tls routes are not used where TLS ends; this server wants {} routes\nThe {} terminates TLS. {outcome}.",
            wanted.as_str(),
            server.title(),
        ),
    );
    for server in &servers {
        finding.related(server.gateway.entry.id, server.mode_span(), "TLS ends at this server");
    }
    if let Some(edits) = safe {
        finding.safe_fix(format!("route as {}", wanted.as_str()), edits);
    }
    if let [_] = servers.as_slice() {
        finding.fix(Fix {
            title: format!("pass TLS through at Gateway {}", server.gateway.entry.qualified_name()),
            safe: false,
            edits: pass.into_iter().collect(),
        });
    }
}

/// A destination speaks TLS itself: routes that end TLS before it would send it plain text.
fn wants_tls(service: Ref<'_, VirtualService>, cx: &Context<'_>) -> bool {
    let mut destinations = service.spec.destinations().filter(|(kind, _)| *kind == RouteKind::Tls);
    destinations.any(|(_, destination)| speaks_tls(cx.view, service, destination))
}

fn passthrough(server: BoundServer<'_>, cx: &Context<'_>) -> Option<Edit> {
    let document = cx.document(server.gateway.entry)?;
    let path = document.path_at(server.server.tls.key()?.start()).to_edit();
    let edit = document.set(&path, &Literal::map([("mode", "PASSTHROUGH")]))?;
    Some(Edit { resource: server.gateway.entry.id, edit })
}
