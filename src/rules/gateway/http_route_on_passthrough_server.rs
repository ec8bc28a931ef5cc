//! Rule `http-route-on-passthrough-server`.

use super::bound_server::{BoundServer, left_without_routes};
use super::credential::suggestion;
use super::route_edits::{by_server_name, is_for_mesh_too};
use crate::index::{Ref, View};
use crate::resource::host;
use crate::resource::istio::{RouteKind, ServerTlsMode, VirtualService};
use crate::rules::{Context, Edit, Fix, rule};
use crate::text::TextEdit;
use crate::tls;
use crate::tls::gateway::ServerTls;
use crate::yaml::Literal;

rule! {
    /// A VirtualService has only `http` routes for a gateway server that passes TLS through.
    ///
    /// ## Why
    /// A server with mode PASSTHROUGH (the default of a `tls` block without mode) never sees requests, only server names:
    /// istiod reads `tls` routes for it and passes over `http`. AUTO_PASSTHROUGH reads no VirtualService at all.
    ///
    /// ## Symptom
    /// The connection is closed during the handshake (`filter_chain_not_found`, `SSL_ERROR_SYSCALL` in curl).
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: tls, protocol: TLS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: PASSTHROUGH}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [public]
    ///   http: #~ http-route-on-passthrough-server `http`
    ///   - route:
    ///     - destination: {host: web, port: {number: 443}}
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
    ///   - port: {number: 443, name: tls, protocol: TLS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: PASSTHROUGH}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [public]
    ///   tls:
    ///   - match:
    ///     - sniHosts: [shop.example.com]
    ///     route:
    ///     - destination: {host: web, port: {number: 443}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/ingress/ingress-sni-passthrough/>
    "http-route-on-passthrough-server", on: VirtualService, severity: Error, aliases: [], since: "0.1.0",
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let Some(key) = service.http.key() else { return };
    let mut servers = left_without_routes(service, RouteKind::Http, cx.view);
    servers.retain(|server| server.tls.is_passthrough());
    let Some(server) = servers.first().copied() else { return };
    let automatic = servers.iter().any(|server| server.tls == ServerTls::Mode(ServerTlsMode::AutoPassthrough));
    let document = cx.document(service.entry);
    let by_name = document
        .filter(|_| !automatic && !is_for_mesh_too(service) && leads_to_tls(service, cx.view))
        .and_then(|document| by_server_name(service, &document));
    let terminating = terminating(service, server, cx);
    let finding = cx.report(
        key,
        format!(
            "http routes are not used where TLS passes through\nThe {} does not see requests, so the connection is closed: \
             no filter chain for its server name.",
            server.title()
        ),
    );
    for server in &servers {
        finding.related(server.gateway.entry.id, server.mode_span(), "TLS passes through this server");
    }
    if let Some(edits) = by_name {
        finding.safe_fix("route by server name (tls)", edits);
    }
    if let ([_], Some(edits)) = (servers.as_slice(), terminating) {
        let title = format!("terminate TLS at Gateway {}", server.gateway.entry.qualified_name());
        let edits = edits.into_iter().map(|edit| Edit { resource: server.gateway.entry.id, edit }).collect();
        finding.fix(Fix { title, safe: false, edits });
    }
}

/// Every destination is a port that speaks TLS by itself.
fn leads_to_tls(service: Ref<'_, VirtualService>, view: &View<'_>) -> bool {
    service.destinations().all(|(_, destination)| {
        let Some(name) = destination.host.text() else { return false };
        let name = host::resolve(name, &service.entry.namespace);
        let number = destination.port.value().and_then(|port| port.number.copied());
        let services = tls::services(view, &name);
        !services.is_empty()
            && services.iter().all(|service| {
                let port = match number {
                    Some(number) => service.port(number),
                    None => service.ports.first().filter(|_| service.ports.len() == 1),
                };
                port.is_some_and(|port| port.protocol.is_tls())
            })
    })
}

/// SIMPLE with a credential for the first host.
fn terminating(service: Ref<'_, VirtualService>, server: BoundServer<'_>, cx: &Context<'_>) -> Option<Vec<TextEdit>> {
    let document = cx.document(server.gateway.entry)?;
    let path = document.path_at(server.server.tls.key()?.start()).to_edit();
    let name = suggestion(server.gateway, service.hosts.items().next()?, cx.view);
    let tls = Literal::map([("mode", "SIMPLE".to_owned()), ("credentialName", name)]);
    Some(vec![TextEdit::replace(server.protocol_span(), "HTTPS"), document.set(&path, &tls)?])
}
