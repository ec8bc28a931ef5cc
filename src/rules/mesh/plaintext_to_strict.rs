//! Rule `plaintext-to-strict`.

use crate::index::Ref;
use crate::resource::istio::{DestinationRule, TlsMode};
use crate::rules::{Context, rule};
use crate::text::{Span, TextEdit};
use crate::tls::{Endpoint, Inbound};

use super::reach::{Reach, removal};
use super::strict::{relate, strict_endpoint};

rule! {
    /// A DestinationRule turns TLS off towards workloads that accept Istio mTLS only.
    ///
    /// ## Why
    /// `tls: {mode: DISABLE}` overrides auto mTLS: the client's proxy sends plaintext. The proxy of a workload under a
    /// STRICT PeerAuthentication closes every connection that is not Istio mTLS.
    ///
    /// ## Symptom
    /// `503 UC`, `upstream connect error or disconnect/reset before headers. reset reason: connection termination`.
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
    ///       mode: DISABLE #~ plaintext-to-strict `DISABLE` 503
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
    "plaintext-to-strict", on: DestinationRule, severity: Error, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    for (&mode, connections) in cx.reached().iter() {
        let plain = connections.iter().filter(|reach| reach.block.mode == TlsMode::Disable);
        let refused = plain.into_iter().find_map(|reach| Some((reach, strict_endpoint(reach, cx.view)?)));
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
    let is_written = reach.block.settings().is_some_and(|tls| tls.mode.present().is_some());
    let removal = cx.document(rule.entry).and_then(|document| removal(&document, reach.block.key()));
    let finding = cx.report(
        mode,
        format!(
            "plaintext is sent to {}, which accepts Istio mTLS only\nClients of {}:{} that read this rule get 503 (UC): the \
             proxy in front of port {} closes every connection that is not Istio mTLS.",
            endpoint.name, reach.sent.host, reach.sent.port, endpoint.port
        ),
    );
    finding.for_connection(&reach.sent);
    relate(finding, reach, inbound);
    if is_written {
        finding.safe_fix("send Istio mTLS (ISTIO_MUTUAL)", vec![TextEdit::replace(mode, "ISTIO_MUTUAL")]);
    }
    finding.safe_fix("leave TLS to auto mTLS: delete the tls block", removal.into_iter().collect());
}
