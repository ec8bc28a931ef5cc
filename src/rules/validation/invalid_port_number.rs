//! Rule `invalid-port-number`.

use super::places::{Found, Places, at, is_reported, object, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};

rule! {
    /// A port number outside 1 to 65535.
    ///
    /// ## Why
    /// TCP has no other ports; istiod refuses the resource.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - route:
    ///     - destination: {host: web.example.com, port: {number: 70000}} #~ invalid-port-number `70000` 65535
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 7000, name: https, protocol: HTTPS}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "invalid-port-number", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, TrafficExtension, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

/// Ports that are never 0.
const USED: Places = &[
    (
        Kind::VirtualService,
        &[
            "spec.http|tls|tcp[].route[].destination.port.number",
            "spec.http[].mirror.port.number",
            "spec.http[].mirrors[].destination.port.number",
        ],
    ),
    (Kind::DestinationRule, &["spec.**.tunnel.targetPort"]),
    (Kind::Sidecar, &["spec.outboundTrafficPolicy.egressProxy.port.number"]),
];
const PLACES: Places = &[
    (Kind::Gateway, &["spec.servers[].port.number"]),
    (
        Kind::VirtualService,
        &[
            "spec.http|tls|tcp[].match[].port",
            "spec.http|tls|tcp[].route[].destination.port.number",
            "spec.http[].mirror.port.number",
            "spec.http[].mirrors[].destination.port.number",
            "spec.http[].redirect.port",
        ],
    ),
    (Kind::DestinationRule, &["spec.**.tunnel.targetPort"]),
    (Kind::ServiceEntry, &["spec.ports[].number", "spec.ports[].targetPort", "spec.endpoints[].ports{}"]),
    (Kind::Sidecar, &["spec.ingress|egress[].port.number", "spec.outboundTrafficPolicy.egressProxy.port.number"]),
    (Kind::WorkloadEntry, &["spec.ports{}"]),
    (Kind::WorkloadGroup, &["spec.probe.httpGet|tcpSocket.port"]),
    (Kind::WasmPlugin, &["spec.match[].ports[].number"]),
    (Kind::TrafficExtension, &["spec.match[].ports[].number"]),
];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    let unset = at(USED, entry, root).into_iter().filter(|found| found.number() == Some(0.0));
    for found in unset {
        cx.report(found.node.span, "port 0 is not between 1 and 65535\nistiod refuses the resource.");
    }
    for found in at(PLACES, entry, root) {
        if let Some(message) = wrong(&found).filter(|_| !is_reported(found.node.span, cx)) {
            cx.report(found.node.span, message);
        }
    }
}

fn wrong(found: &Found<'_>) -> Option<String> {
    let number = found.number()?;
    // Behind a unix socket the port is 0; where it counts as none, another rule says so.
    let is_valid = (1.0..=65535.0).contains(&number) || number == 0.0;
    (!is_valid).then(|| format!("port {number} is not between 1 and 65535\nistiod refuses the resource."))
}
