//! Rule `double-tls-at-gateway`.

use std::collections::BTreeMap;

use crate::index::keys::gateway_reference;
use crate::index::{Ref, View};
use crate::resource::host;
use crate::resource::istio::{DestinationRule, Gateway, TlsMode, VirtualService};
use crate::rules::{Context, rule};
use crate::text::{Span, TextEdit};
use crate::tls::TlsBlock;
use crate::tls::gateway::{self, Route, Server};

rule! {
    /// A DestinationRule originates TLS behind a gateway server that passes TLS through.
    ///
    /// ## Why
    /// A PASSTHROUGH server forwards the client's own TLS. With `tls: {mode: SIMPLE}` on the way to the destination the
    /// gateway wraps it in TLS once more.
    ///
    /// ## Symptom
    /// `curl: (35) error:1408F10B:SSL routines:ssl3_get_record:wrong version number`.
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
    ///     tls: {mode: PASSTHROUGH}
    ///     hosts: [shop.example.com]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [public]
    ///   tls:
    ///   - match: [{sniHosts: [shop.example.com]}]
    ///     route:
    ///     - destination: {host: web, port: {number: 443}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: https, port: 443, targetPort: 8443}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE #~ double-tls-at-gateway `SIMPLE` wrong version number
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
    ///     tls: {mode: PASSTHROUGH}
    ///     hosts: [shop.example.com]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [public]
    ///   tls:
    ///   - match: [{sniHosts: [shop.example.com]}]
    ///     route:
    ///     - destination: {host: web, port: {number: 443}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: https, port: 443, targetPort: 8443}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     tls:
    ///       mode: DISABLE
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/ingress/ingress-sni-passthrough/>
    "double-tls-at-gateway", on: DestinationRule, severity: Error, aliases: [], since: "0.1.0",
}

/// A TLS block that wraps what a gateway passes through.
pub(in crate::rules) struct Wrapped<'a> {
    server: Server<'a>,
    route: Route<'a>,
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    for (mode, wrapped) in wrapped(cx.view, rule) {
        report(mode, &wrapped, cx);
    }
}

/// The TLS blocks of `rule` that wrap what some gateway passes through, by the place of their mode.
pub(in crate::rules) fn wrapped<'a>(view: &View<'a>, rule: Ref<'a, DestinationRule>) -> BTreeMap<Span, Wrapped<'a>> {
    let mut found = BTreeMap::new();
    if !originates_tls(rule.spec) {
        return found;
    }
    for route in tls_routes(view, rule) {
        for gateway in route.gateways.items() {
            let (namespace, name) = gateway_reference(gateway, &route.entry.namespace);
            let Some(gateway) = view.named::<Gateway>(namespace, name) else { continue };
            for workload in gateway::workloads_of(view, gateway) {
                for server in gateway::servers(view, &workload).into_iter().filter(|server| server.tls.is_passthrough())
                {
                    for passed in &server.routes {
                        if let Some(block) = block_of(passed, rule) {
                            let wrapped = Wrapped { server: server.clone(), route: passed.clone() };
                            found.entry(block.mode_span()).or_insert(wrapped);
                        }
                    }
                }
            }
        }
    }
    found
}

/// VirtualServices with TLS routes to a host that the rule is for.
fn tls_routes<'a>(view: &View<'a>, rule: Ref<'a, DestinationRule>) -> Vec<Ref<'a, VirtualService>> {
    let Some(written) = rule.spec.host.text() else { return Vec::new() };
    let name = host::resolve(written, &rule.entry.namespace);
    let has_tls = |route: &Ref<'_, VirtualService>| route.spec.tls.items().next().is_some();
    if !host::is_wildcard(written) {
        return view.routes_to(&name).filter(has_tls).collect();
    }
    let covers = |route: &Ref<'_, VirtualService>| {
        let hosts = route.spec.destinations().filter_map(|(_, destination)| destination.host.text());
        let full: Vec<String> = hosts.map(|written| host::resolve(written, &route.entry.namespace)).collect();
        full.iter().any(|full| host::covers(&name, full))
    };
    view.all::<VirtualService>().filter(has_tls).filter(covers).collect()
}

fn originates_tls(rule: &DestinationRule) -> bool {
    rule.tls_blocks().any(|tls| matches!(tls.effective_mode(), Some(TlsMode::Simple | TlsMode::Mutual)))
}

fn block_of<'a>(route: &Route<'a>, rule: Ref<'_, DestinationRule>) -> Option<TlsBlock<'a>> {
    let block = route.upstream.outbound()?.tls?;
    let wraps = matches!(block.mode, TlsMode::Simple | TlsMode::Mutual);
    (wraps && block.entry().id == rule.entry.id && block.settings().is_some()).then_some(block)
}

fn report(mode: Span, wrapped: &Wrapped<'_>, cx: &mut Context<'_>) {
    let Wrapped { server, route } = wrapped;
    let gateway = server.source.entry();
    let finding = cx.report(
        mode,
        format!(
            "TLS in TLS: Gateway {} passes TLS through to port {} already\nThe server on port {} forwards the client's TLS to \
             {}:{}; this block adds a second layer. Clients see `wrong version number`.",
            gateway.qualified_name(),
            route.port,
            server.port,
            route.host,
            route.port
        ),
    );
    finding.related(gateway.id, server.span, "this server passes TLS through");
    if let Some(source) = &route.source {
        finding.related(source.holder.id, source.span, "this route leads here");
    }
    finding.safe_fix("add no TLS (DISABLE)", vec![TextEdit::replace(mode, "DISABLE")]);
}
