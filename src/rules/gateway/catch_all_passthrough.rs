//! Rule `catch-all-passthrough`.

use super::bound_server::bound_servers;
use crate::index::Ref;
use crate::resource::host;
use crate::resource::istio::{Gateway, RouteKind, ServerTlsMode};
use crate::rules::{Context, rule};
use crate::tls::gateway::ServerTls;

rule! {
    /// A gateway hands every TLS connection of a port to one service, whatever its server name.
    ///
    /// ## Why
    /// A PASSTHROUGH server for all hosts with a route for all server names takes every connection that no more exact server
    /// claims, names of other teams and scanners included.
    ///
    /// ## Symptom
    /// Connections for unrelated names end at this service, which shows its own certificate: name mismatch.
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
    ///     hosts: ["*"] #~ catch-all-passthrough `"*"`
    ///     tls: {mode: PASSTHROUGH}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: ["*"]
    ///   gateways: [public]
    ///   tls:
    ///   - match:
    ///     - sniHosts: ["*"]
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
    ///     - destination: {host: web}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/ingress/ingress-sni-passthrough/>
    "catch-all-passthrough", on: Gateway, severity: Info, aliases: [], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let is_for_all = |name: &str| host::split_namespace(name).1 == "*";
    if !gateway.spec.servers.items().any(|server| server.hosts.items().any(|name| is_for_all(name))) {
        return;
    }
    let services: Vec<_> = cx.view.bound_to(&gateway.entry.namespace, gateway.entry.name()).collect();
    for server in gateway.spec.servers.items() {
        let Some(all) = server.hosts.items().find(|name| is_for_all(name)) else { continue };
        let mut routes = Vec::new();
        for service in &services {
            let bound = bound_servers(*service, cx.view).unwrap_or_default();
            let Some(bound) = bound.into_iter().find(|bound| {
                bound.gateway.entry.id == gateway.entry.id
                    && bound.server.span == server.span
                    && bound.tls == ServerTls::Mode(ServerTlsMode::Passthrough)
                    && bound.reads() == Some(RouteKind::Tls)
            }) else {
                continue;
            };
            for one in service.spec.tls.items().flat_map(|route| route.matches.items()) {
                if bound.fits(one.port.copied(), &one.gateways, &service.entry.namespace) {
                    let any = one.sni_hosts.items().find(|name| name.as_str() == "*");
                    routes.extend(any.map(|any| (service.entry, any.span)));
                }
            }
        }
        if routes.is_empty() {
            continue;
        }
        let finding = cx.report(
            all.span,
            "every TLS connection of this port goes to one service, whatever its server name\nOnly names of more exact \
             servers are spared. List the hosts that are meant.",
        );
        for (entry, span) in routes {
            finding.related(entry.id, span, "this route takes every server name");
        }
    }
}
