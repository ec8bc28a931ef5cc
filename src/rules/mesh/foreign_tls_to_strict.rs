//! Rule `foreign-tls-to-strict`.

use crate::index::Ref;
use crate::resource::istio::{DestinationRule, TlsMode};
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::tls::{Endpoint, Inbound};
use crate::yaml::Literal;

use super::reach::{Reach, path_to_block};
use super::strict::{relate, strict_endpoint};

rule! {
    /// A DestinationRule originates TLS of its own towards workloads that accept Istio mTLS only.
    ///
    /// ## Why
    /// SIMPLE and MUTUAL send TLS with other certificates than Istio's. The proxy of a workload under a STRICT PeerAuthentication asks for
    /// an Istio certificate and ends the handshake without one.
    ///
    /// ## Symptom
    /// `503`, `TLS_error: ... ALERT_CERTIFICATE_UNKNOWN`, connection reset.
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
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec: {mtls: {mode: STRICT}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE #~ foreign-tls-to-strict `SIMPLE` Istio mTLS only
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
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec: {mtls: {mode: STRICT}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     tls:
    ///       mode: ISTIO_MUTUAL
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/>
    "foreign-tls-to-strict", on: DestinationRule, severity: Error, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    for (&mode, connections) in cx.reached().iter() {
        let foreign = connections.iter().filter(|reach| matches!(reach.block.mode, TlsMode::Simple | TlsMode::Mutual));
        let refused = foreign.into_iter().find_map(|reach| Some((reach, strict_endpoint(reach, cx.view)?)));
        if let Some((reach, (endpoint, inbound))) = refused {
            report(rule, mode, reach, &endpoint, &inbound, cx);
        }
    }
}

fn report(
    rule: Ref<'_, DestinationRule>,
    mode: Span,
    reach: &Reach<'_>,
    endpoint: &Endpoint<'_>,
    inbound: &Inbound<'_>,
    cx: &mut Context<'_>,
) {
    // Certificates, sni and names do not go with ISTIO_MUTUAL.
    let fix = cx.document(rule.entry).and_then(|document| {
        document.set(&path_to_block(&document, &reach.block), &Literal::map([("mode", "ISTIO_MUTUAL")]))
    });
    let finding = cx.report(
        mode,
        format!(
            "TLS ({}) is sent to {}, which accepts Istio mTLS only\nClients of {}:{} that read this rule get 503: the proxy in \
             front of port {} wants an Istio certificate.",
            reach.block.mode, endpoint.name, reach.sent.host, reach.sent.port, endpoint.port
        ),
    );
    finding.for_connection(&reach.sent);
    relate(finding, reach, inbound);
    finding.safe_fix("send Istio mTLS (ISTIO_MUTUAL)", fix.into_iter().collect());
}
