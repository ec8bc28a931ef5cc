//! Rule `plaintext-to-tls-backend`.

use std::collections::BTreeMap;

use crate::index::{Key, Ref, View};
use crate::resource::istio::{Destination, HttpRoute, TlsMode, VirtualService};
use crate::resource::{Spanned, host};
use crate::rules::mesh::reach::is_certain;
use crate::rules::{Context, Edit, Fix, rule};
use crate::text::{Span, TextEdit};
use crate::tls::gateway::{servers_of, workloads_of};
use crate::tls::{self, ClientKind, Outbound};
use crate::yaml::{At, Literal, append_document};

use super::bound_server::gateways;

rule! {
    /// A route sends plain HTTP to a port on which the application speaks TLS.
    ///
    /// ## Why
    /// An `http` route takes TLS off, or never had it; what goes on to the destination is plain HTTP. Istio mTLS between the proxies is
    /// taken off again before the application. Only a DestinationRule with SIMPLE or MUTUAL puts TLS on for it.
    ///
    /// ## Symptom
    /// `400`, `The plain HTTP request was sent to HTTPS port`, or `503 UC`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: https, port: 443, targetPort: 8443}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
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
    ///   gateways: [edge]
    ///   http:
    ///   - route:
    ///     - destination:
    ///         host: web #~ plaintext-to-tls-backend `web` 443
    ///         port: {number: 443}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: https, port: 443, targetPort: 8443}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
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
    ///   gateways: [edge]
    ///   http:
    ///   - route:
    ///     - destination:
    ///         host: web
    ///         port: {number: 443}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     tls: {mode: SIMPLE}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/common-problems/network-issues/#sending-https-to-an-http-port>
    "plaintext-to-tls-backend", on: VirtualService, severity: Error, aliases: [], since: "0.1.0",
}

fn check(route: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let mut found = BTreeMap::new();
    let destinations = route
        .spec
        .http
        .items()
        .flat_map(|http| http.route.items().filter_map(move |share| Some((http, share.destination.present()?))));
    let suspects: Vec<_> = destinations.filter(|(_, to)| speaks_tls(cx.view, route, to)).collect();
    if suspects.is_empty() {
        return;
    }
    at_gateways(cx.view, route, &mut found);
    if tls::is_for_mesh(route.spec) {
        in_sidecars(cx.view, route, &suspects, &mut found);
    }
    for (span, sent) in found {
        let destination = suspects.iter().find(|(_, to)| to.span == span);
        if let Some((_, destination)) = destination {
            report(route, destination, &sent, cx);
        }
    }
}

/// Some port that the destination may mean is declared as one for TLS.
pub(super) fn speaks_tls(view: &View<'_>, route: Ref<'_, VirtualService>, to: &Destination) -> bool {
    let Some(written) = to.host.text() else { return false };
    let number = to.port.value().and_then(|port| port.number.copied());
    let services = tls::services(view, &host::resolve(written, &route.entry.namespace));
    let mut ports = services.iter().flat_map(|service| &service.ports);
    ports.any(|port| port.protocol.is_tls() && number.is_none_or(|number| number == port.number))
}

/// What is sent stays plain HTTP for a program that speaks TLS.
fn is_plain(sent: &Outbound<'_>) -> bool {
    sent.protocol.is_tls()
        && sent.tls.is_none_or(|block| block.mode == TlsMode::Disable)
        && is_certain(&sent.assumptions)
}

/// Destinations, by their place, to which a gateway sends plain HTTP.
fn at_gateways<'a>(view: &View<'a>, route: Ref<'a, VirtualService>, found: &mut BTreeMap<Span, Outbound<'a>>) {
    for gateway in gateways(route, view).unwrap_or_default() {
        for workload in workloads_of(view, gateway) {
            let servers = servers_of(view, &workload, gateway.entry).into_iter();
            for server in servers.filter(|server| server.is_http() && server.is_in_force()) {
                for passed in server.routes {
                    let Some(source) = passed.source.filter(|source| source.holder.id == route.entry.id) else {
                        continue;
                    };
                    if let Some(sent) = passed.upstream.outbound().filter(|sent| is_plain(sent)) {
                        found.entry(source.span).or_insert_with(|| sent.clone());
                    }
                }
            }
        }
    }
}

/// Destinations to which sidecars send plain HTTP.
fn in_sidecars<'a>(
    view: &View<'a>,
    route: Ref<'a, VirtualService>,
    suspects: &[(&'a Spanned<HttpRoute>, &'a Spanned<Destination>)],
    found: &mut BTreeMap<Span, Outbound<'a>>,
) {
    for (http, to) in suspects {
        if !is_live_in_mesh(view, route, http) {
            continue;
        }
        let Some(name) = to.host.text().map(|written| host::resolve(written, &route.entry.namespace)) else { continue };
        // A host that is provided twice is one or the other for each client.
        let services = tls::services(view, &name);
        let [service] = services.as_slice() else { continue };
        let number = to.port.value().and_then(|port| port.number.copied());
        let only = || service.ports.first().filter(|_| service.ports.len() == 1).map(|port| port.number);
        let Some(number) = number.or_else(only) else { continue };
        let client = tls::callers(view, service).find(|client| client.kind == ClientKind::Sidecar);
        let sent = client.and_then(|client| tls::outbound(view, &client, &name, number, to.subset.text()));
        if let Some(sent) = sent.filter(is_plain) {
            found.entry(to.span).or_insert(sent);
        }
    }
}

/// Some host of the VirtualService has an HTTP port whose requests the rule takes.
fn is_live_in_mesh(view: &View<'_>, route: Ref<'_, VirtualService>, http: &HttpRoute) -> bool {
    let hosts = route.spec.hosts.items().map(|written| host::resolve(written, &route.entry.namespace));
    let ports: Vec<u32> = hosts
        .flat_map(|name| tls::services(view, &name))
        .flat_map(|service| service.ports)
        .filter(|port| port.protocol.is_http())
        .map(|port| port.number)
        .collect();
    let mut matches = http.matches.items().peekable();
    let fits = |port: Option<u32>| port.map_or(!ports.is_empty(), |port| ports.contains(&port));
    match matches.peek() {
        None => fits(None),
        Some(_) => matches.any(|one| {
            let mut gateways = one.gateways.items().peekable();
            let for_mesh = gateways.peek().is_none() || gateways.any(|name| name.as_str() == "mesh");
            for_mesh && fits(one.port.copied())
        }),
    }
}

fn report(route: Ref<'_, VirtualService>, to: &Spanned<Destination>, sent: &Outbound<'_>, cx: &mut Context<'_>) {
    let Some(span) = to.host.span() else { return };
    let service = tls::services(cx.view, &sent.host).into_iter().next();
    let declared =
        service.as_ref().and_then(|service| Some((service.source.entry().id, service.port(sent.port)?.span?)));
    let origination = origination(route, sent, cx);
    let plain = service.as_ref().and_then(|service| service.ports.iter().find(|port| port.protocol.is_http()));
    let number = to.port.value().and_then(|port| port.number.present()).map(|number| number.span);
    let finding = cx.report(
        span,
        format!(
            "plain HTTP is sent to port {} of {}, which speaks {}\nNo DestinationRule originates TLS for it: 400, `The plain HTTP \
             request was sent to HTTPS port`, or 503 (UC).",
            sent.port, sent.host, sent.protocol
        ),
    );
    finding.for_connection(sent);
    if let Some((resource, span)) = declared {
        finding.related(resource, span, "the application speaks TLS on this port");
    }
    origination.into_iter().for_each(|fix| {
        finding.fix(fix);
    });
    if let (Some(port), Some(span)) = (plain, number) {
        let edits = vec![TextEdit::replace(span, port.number.to_string())];
        finding.unsafe_fix(format!("send it to port {}, which speaks {}", port.number, port.protocol), edits);
    }
}

/// Sets TLS for the port: in the rule that the client reads, or in a new one beside the service.
fn origination(route: Ref<'_, VirtualService>, sent: &Outbound<'_>, cx: &Context<'_>) -> Option<Fix> {
    let title = format!("originate TLS for port {} (SIMPLE)", sent.port);
    let settings = Literal::map([
        ("port", Literal::map([("number", i64::from(sent.port))])),
        ("tls", Literal::map([("mode", "SIMPLE")])),
    ]);
    if let Some(rule) = sent.rule.as_ref().and_then(|rule| rule.rules.first()) {
        let document = cx.document(rule.entry)?;
        let list = [At::Key("spec"), At::Key("trafficPolicy"), At::Key("portLevelSettings")];
        let policy = rule.spec.traffic_policy.value();
        let edit = match policy.filter(|policy| !policy.port_level_settings.is_absent()) {
            Some(_) => document.push(&list, &settings)?,
            None => document.set(&list, &Literal::List(vec![settings]))?,
        };
        return Some(Fix { title, safe: false, edits: vec![Edit { resource: rule.entry.id, edit }] });
    }
    let provider = cx.view.under(&Key::Host(sent.host.clone())).next()?;
    let policy = Literal::map([("portLevelSettings", Literal::List(vec![settings]))]);
    let rule = Literal::map([
        ("apiVersion", Literal::from("networking.istio.io/v1")),
        ("kind", Literal::from("DestinationRule")),
        ("metadata", Literal::map([("name", provider.name()), ("namespace", &provider.namespace)])),
        ("spec", Literal::map([("host", Literal::from(sent.host.as_str())), ("trafficPolicy", policy)])),
    ]);
    let document = cx.document(route.entry)?;
    let edit = append_document(&document.text, &rule);
    Some(Fix { title, safe: false, edits: vec![Edit { resource: route.entry.id, edit }] })
}
