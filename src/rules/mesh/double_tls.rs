//! Rule `double-tls`.

use crate::index::{Ref, View};
use crate::resource::host;
use crate::resource::istio::{DestinationRule, RouteKind};
use crate::rules::gateway::double_tls_at_gateway::wrapped;
use crate::rules::{Context, Severity, rule};
use crate::text::{Span, TextEdit};
use crate::tls::{Service, TlsLevel};
use crate::yaml::{Literal, Place};

use super::reach::{Reach, path_to_block};

rule! {
    /// A DestinationRule originates TLS on a port on which the application speaks TLS already.
    ///
    /// ## Why
    /// A port declared HTTPS or TLS carries what the application encrypted. `tls: {mode: SIMPLE}` wraps that in TLS once
    /// more; the server decrypts one layer and finds a handshake where it expects a request.
    ///
    /// ## Symptom
    /// `curl: (35) error:1408F10B:SSL routines:ssl3_get_record:wrong version number`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   ports: [{number: 443, name: https, protocol: HTTPS}]
    ///   resolution: DNS
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE #~ double-tls `SIMPLE` wrong version number
    /// ```
    ///
    /// ## Instead
    /// The application speaks plain HTTP to port 80, and the proxy encrypts on the way to port 443.
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   ports:
    ///   - {number: 80, name: http, protocol: HTTP, targetPort: 443}
    ///   - {number: 443, name: https, protocol: HTTPS}
    ///   resolution: DNS
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     portLevelSettings:
    ///     - port: {number: 80}
    ///       tls: {mode: SIMPLE}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/common-problems/network-issues/#double-tls>
    "double-tls", on: DestinationRule, severity: Error, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    let at_gateway = wrapped(cx.view, rule);
    let reached = cx.reached();
    // One cause, one finding: what a gateway passes through has a rule of its own.
    for (&mode, connections) in reached.iter().filter(|(mode, _)| !at_gateway.contains_key(mode)) {
        let wrapped = connections.iter().find(|reach| reach.sent.is_tls_in_tls() && !is_plain_by_route(reach, cx.view));
        if let Some(reach) = wrapped {
            report(rule, mode, reach, cx);
        }
    }
}

/// A route of HTTP (or of TCP, behind a server that terminates) sends plain text to this port, so one layer is right.
pub(in crate::rules) fn is_plain_by_route(reach: &Reach<'_>, view: &View<'_>) -> bool {
    let only_port = reach.service.ports.len() == 1;
    view.routes_to(&reach.sent.host).any(|route| {
        route.spec.destinations().any(|(kind, destination)| {
            let port = destination.port.value().and_then(|port| port.number.copied());
            let same_port = port.map_or(only_port, |port| port == reach.sent.port) || destination.port.is_uncertain();
            let same_host = |written: &str| host::resolve(written, &route.entry.namespace) == reach.sent.host;
            let same_subset = destination.subset.text() == reach.sent.subset.as_deref();
            kind != RouteKind::Tls && same_port && same_subset && destination.host.text().is_some_and(same_host)
        })
    })
}

fn report(rule: Ref<'_, DestinationRule>, mode: Span, reach: &Reach<'_>, cx: &mut Context<'_>) {
    let (host, port) = (&reach.sent.host, reach.sent.port);
    let fix = cx.document(rule.entry).and_then(|document| {
        if !has_other_ports(&reach.service) || reach.block.level != TlsLevel::Rule {
            return Some(TextEdit::replace(mode, "DISABLE"));
        }
        // The other ports may live by this block: only this port is taken out of it.
        let mut policy = path_to_block(&document, &reach.block);
        policy.pop();
        let exception = Literal::map([
            ("port", Literal::map([("number", i64::from(port))])),
            ("tls", Literal::map([("mode", "DISABLE")])),
        ]);
        if let Some(settings) = rule.spec.traffic_policy.value()?.port_level_settings.present() {
            return document.push(&document.path_at(settings.key.start()).to_edit(), &exception);
        }
        document.insert(&policy, Place::After("tls"), "portLevelSettings", &Literal::List(vec![exception]))
    });
    let declared = reach.service.port(port).and_then(|port| port.span);
    let mode_name = reach.block.mode;
    let finding = cx.report(
        mode,
        format!(
            "TLS in TLS: {mode_name} wraps what is TLS already on port {port}\nThe application speaks TLS to {host}:{port} \
             ({}); the proxy adds a second layer. It will see `wrong version number`.",
            reach.sent.protocol
        ),
    );
    let service = reach.service.source.entry();
    let span = declared.unwrap_or_else(|| service.resource.name_span());
    finding.related(service.id, span, format!("the port is declared {}", reach.sent.protocol));
    let (title, edits) = (format!("originate no TLS on port {port}"), fix.into_iter().collect());
    match reach.sent.assumed_client() {
        None => finding.safe_fix(title, edits),
        // An application that nobody sees may as well speak plaintext to the port.
        Some(_) => finding.for_connection(&reach.sent).severity(Severity::Info).unsafe_fix(title, edits),
    };
}

/// Some port of the service does not carry TLS of the application.
fn has_other_ports(service: &Service<'_>) -> bool {
    service.ports.iter().any(|port| !port.protocol.is_tls())
}
