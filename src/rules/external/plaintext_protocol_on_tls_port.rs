//! Rule `plaintext-protocol-on-tls-port`.

use crate::index::Ref;
use crate::resource::istio::{Location, Resolution, ServiceEntry, ServiceEntryPort};
use crate::resource::{Protocol, Spanned};
use crate::rules::{Context, Severity, rule};
use crate::text::TextEdit;
use crate::yaml::{Literal, append_document};

rule! {
    /// A ServiceEntry calls the TLS port of a host plain HTTP, and nothing originates TLS.
    ///
    /// ## Why
    /// The protocol of the port tells the proxies what the application sends. Called HTTP, the port expects plain requests: TLS from
    /// the application does not fit the listener and slips past the entry, and plain requests reach a TLS server as they are.
    ///
    /// ## Symptom
    /// ALLOW_ANY: HTTPS leaves through `PassthroughCluster`, without routing, policy or telemetry; plain HTTP gets `400`.
    /// REGISTRY_ONLY: the connection is closed (`BlackHoleCluster`).
    ///
    /// ## Example
    /// ```yaml
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
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 443, name: http, protocol: HTTP} #~ plaintext-protocol-on-tls-port `HTTP` 443
    /// ```
    ///
    /// ## Instead
    /// ```yaml
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
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 443, name: https, protocol: HTTPS}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/egress/egress-tls-origination/>
    "plaintext-protocol-on-tls-port", on: ServiceEntry, severity: Warning, aliases: [], since: "0.1.0",
}

const TLS_PORTS: [u32; 2] = [443, 8443];

fn check(entry: Ref<'_, ServiceEntry>, cx: &mut Context<'_>) {
    let known = entry.hosts.is_certain() && entry.spec.effective_location() == Some(Location::MeshExternal);
    if !known || entry.hosts.items().any(|host| has_rule(host, cx)) {
        return;
    }
    for port in entry.spec.ports.items() {
        let is_plain = matches!(
            Protocol::parse(port.protocol.text().unwrap_or("")),
            Protocol::Http | Protocol::Http2 | Protocol::Grpc | Protocol::GrpcWeb
        );
        // Without resolution the proxy connects to the port that the application chose.
        let target = port.target_port.copied().filter(|_| entry.spec.effective_resolution() != Some(Resolution::None));
        let is_tls = |number: Option<u32>| number.is_some_and(|number| TLS_PORTS.contains(&number));
        if is_plain && !port.target_port.is_uncertain() && (is_tls(port.number.copied()) || is_tls(target)) {
            report(entry, port, is_tls(port.number.copied()), cx);
        }
    }
}

/// Some DestinationRule for the host sets TLS.
fn has_rule(host: &str, cx: &Context<'_>) -> bool {
    cx.view.rules_for(host).iter().any(|rule| rule.spec.sets_tls() || rule.spec.traffic_policy.is_uncertain())
}

fn report(entry: Ref<'_, ServiceEntry>, port: &Spanned<ServiceEntryPort>, is_tls_port: bool, cx: &mut Context<'_>) {
    let (Some(protocol), Some(number)) = (port.protocol.present(), port.number.copied()) else { return };
    let registry_only = cx.view.mesh().outbound_traffic_policy.mode == "REGISTRY_ONLY";
    let host = entry.hosts.items().next().map_or("", |host| host.as_str());
    let target = if is_tls_port { number } else { port.target_port.copied().unwrap_or(number) };
    let says = match (is_tls_port, registry_only) {
        (true, true) => "TLS of the application does not fit the port and is dropped (BlackHoleCluster)",
        (true, false) => {
            "TLS of the application slips past this entry (PassthroughCluster); plain HTTP gets 400 from the server"
        }
        (false, _) => "plain HTTP reaches a TLS port: 400, `The plain HTTP request was sent to HTTPS port`",
    };
    let origination =
        cx.document(entry.entry).map(|document| append_document(&document.text, &simple(entry, host, number)));
    let finding = cx.report(
        protocol.span,
        format!(
            "port {number} is plain {} here, but port {target} of {host} is one for TLS\nNo DestinationRule originates TLS: \
             {says}.",
            protocol.value
        ),
    );
    if registry_only {
        finding.severity(Severity::Error);
    }
    if is_tls_port {
        let mut edits = vec![TextEdit::replace(protocol.span, "HTTPS")];
        let is_free = !entry.spec.ports.items().any(|other| other.name.text() == Some("https"));
        let renamed = if is_free { "https".to_owned() } else { format!("https-{number}") };
        edits.extend(port.name.present().map(|name| TextEdit::replace(name.span, renamed)));
        finding.safe_fix("the application speaks TLS: say HTTPS", edits);
    }
    let title = "the application speaks plain HTTP: originate TLS with a DestinationRule";
    finding.unsafe_fix(title, origination.into_iter().collect());
}

/// A DestinationRule that originates TLS for one port.
fn simple(entry: Ref<'_, ServiceEntry>, host: &str, number: u32) -> Literal {
    let settings = Literal::map([
        ("port", Literal::map([("number", i64::from(number))])),
        ("tls", Literal::map([("mode", "SIMPLE")])),
    ]);
    let policy = Literal::map([("portLevelSettings", Literal::List(vec![settings]))]);
    Literal::map([
        ("apiVersion", Literal::from("networking.istio.io/v1")),
        ("kind", Literal::from("DestinationRule")),
        ("metadata", Literal::map([("name", entry.entry.name()), ("namespace", &entry.entry.namespace)])),
        ("spec", Literal::map([("host", Literal::from(host)), ("trafficPolicy", policy)])),
    ])
}
