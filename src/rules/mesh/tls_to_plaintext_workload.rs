//! Rule `tls-to-plaintext-workload`.

use crate::index::{Ref, View};
use crate::resource::istio::{DestinationRule, MtlsMode, TlsMode};
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::tls::{self, ClientKind, Endpoint, ProxyKind};
use crate::yaml::Literal;

use super::reach::{Reach, is_certain, path_to_block, removal};

rule! {
    /// A DestinationRule originates TLS towards a workload that speaks plain HTTP.
    ///
    /// ## Why
    /// SIMPLE and MUTUAL send TLS that the application has to take off itself. In front of a port declared as HTTP the sidecar knows
    /// only plaintext and Istio mTLS, PERMISSIVE too; without a sidecar the application gets the handshake.
    ///
    /// ## Symptom
    /// `503`: no filter chain for the connection; without a sidecar `WRONG_VERSION_NUMBER`.
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
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE #~ tls-to-plaintext-workload `SIMPLE` HTTP
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
    "tls-to-plaintext-workload", on: DestinationRule, severity: Error, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    for (&mode, connections) in cx.reached().iter() {
        let to_http = connections.iter().filter(|reach| {
            let originates = matches!(reach.block.mode, TlsMode::Simple | TlsMode::Mutual);
            // A sidecar that may not fetch the credential leaves the whole block out.
            let counts = reach.block.secret().is_none() || reach.client == ClientKind::Gateway;
            originates && counts && reach.sent.protocol.is_http()
        });
        let refused = to_http.into_iter().find_map(|reach| {
            let mut endpoints = reach.sent.endpoints.iter().map(|(endpoint, _)| endpoint);
            Some((reach, endpoints.find(|endpoint| is_plain(endpoint, cx.view))?))
        });
        if let Some((reach, endpoint)) = refused {
            report(rule, mode, reach, endpoint, cx);
        }
    }
}

/// Nothing there takes TLS off but the application: there is no proxy, or one that is not strict.
fn is_plain(endpoint: &Endpoint<'_>, view: &View<'_>) -> bool {
    let Some(workload) = endpoint.entry.filter(|entry| entry.workload().is_some()) else { return false };
    match endpoint.proxy {
        ProxyKind::None => tls::proxy(view, workload).is_certain(),
        ProxyKind::Sidecar => endpoint.inbound(view).is_some_and(|inbound| {
            matches!(inbound.mode, MtlsMode::Permissive | MtlsMode::Disable) && is_certain(&inbound.assumptions)
        }),
        _ => false,
    }
}

fn report(
    rule: Ref<'_, DestinationRule>,
    mode: Span,
    reach: &Reach<'_>,
    endpoint: &Endpoint<'_>,
    cx: &mut Context<'_>,
) {
    let has_sidecar = endpoint.proxy == ProxyKind::Sidecar;
    let right = if has_sidecar { "ISTIO_MUTUAL" } else { "DISABLE" };
    let document = cx.document(rule.entry);
    let path = document.as_ref().map(|document| (document, path_to_block(document, &reach.block)));
    let change = path.as_ref().and_then(|(document, path)| document.set(path, &Literal::map([("mode", right)])));
    let removal = document.as_ref().and_then(|document| removal(document, reach.block.key()));
    let declared = reach.service.port(reach.sent.port).and_then(|port| port.span);
    let seen = match has_sidecar {
        true => "its sidecar takes plaintext and Istio mTLS there, no other TLS: 503",
        false => "it has no proxy, and gets the handshake itself: WRONG_VERSION_NUMBER",
    };
    let finding = cx.report(
        mode,
        format!(
            "TLS ({}) is sent to {}, which speaks plain HTTP\nPort {} of {} is declared {}; {seen}.",
            reach.block.mode, endpoint.name, reach.sent.port, reach.sent.host, reach.sent.protocol
        ),
    );
    finding.for_connection(&reach.sent);
    if let Some(span) = declared {
        finding.related(reach.service.source.entry().id, span, format!("declared {}", reach.sent.protocol));
    }
    let title = match has_sidecar {
        true => "send Istio mTLS (ISTIO_MUTUAL)",
        false => "send plaintext (DISABLE)",
    };
    finding.safe_fix(title, change.into_iter().collect());
    finding.safe_fix("leave TLS to auto mTLS: delete the tls block", removal.into_iter().collect());
}
