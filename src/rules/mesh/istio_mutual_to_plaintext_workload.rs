//! Rule `istio-mutual-to-plaintext-workload`.

use crate::index::Ref;
use crate::resource::host;
use crate::resource::istio::{DestinationRule, MtlsMode, TlsMode};
use crate::rules::{Context, rule};
use crate::text::{Span, TextEdit};
use crate::tls::{self, Endpoint, ProxyKind};

use super::reach::{Reach, is_certain, removal};

rule! {
    /// A DestinationRule demands Istio mTLS towards workloads that have no proxy or accept none.
    ///
    /// ## Why
    /// `ISTIO_MUTUAL` in a rule is sent to every endpoint, whatever it can: auto mTLS, which would look at the endpoint, is
    /// overridden. A workload without a proxy, or whose PeerAuthentication is DISABLE, reads the handshake as garbage.
    ///
    /// ## Symptom
    /// `503 UF`, `TLS error: 268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER`.
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
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: legacy, labels: {istio-injection: disabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: store, namespace: legacy}
    /// spec: {selector: {app: store}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: store, namespace: legacy}
    /// spec: {template: {metadata: {labels: {app: store}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: store, namespace: shop}
    /// spec:
    ///   host: store.legacy.svc.cluster.local
    ///   trafficPolicy:
    ///     tls:
    ///       mode: ISTIO_MUTUAL #~ istio-mutual-to-plaintext-workload `ISTIO_MUTUAL` legacy/store
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
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: legacy, labels: {istio-injection: disabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: store, namespace: legacy}
    /// spec: {selector: {app: store}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: store, namespace: legacy}
    /// spec: {template: {metadata: {labels: {app: store}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: store, namespace: shop}
    /// spec:
    ///   host: store.legacy.svc.cluster.local
    ///   trafficPolicy:
    ///     connectionPool: {tcp: {maxConnections: 10}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/#auto-mtls>
    "istio-mutual-to-plaintext-workload", on: DestinationRule, severity: Error, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    for (&mode, connections) in cx.reached().iter() {
        let mut victims: Vec<(&Reach<'_>, Endpoint<'_>, &str)> = Vec::new();
        for reach in connections.iter().filter(|reach| reach.block.mode == TlsMode::IstioMutual) {
            for (endpoint, _) in &reach.sent.endpoints {
                let is_new = !victims.iter().any(|(_, known, _)| known.name == endpoint.name);
                if let Some(why) = cannot(endpoint, cx).filter(|_| is_new) {
                    victims.push((reach, endpoint.clone(), why));
                }
            }
        }
        if !victims.is_empty() {
            report(rule, mode, &victims, cx);
        }
    }
}

/// Why the endpoint surely does not take Istio mTLS.
fn cannot(endpoint: &Endpoint<'_>, cx: &Context<'_>) -> Option<&'static str> {
    let workload = endpoint.entry.filter(|entry| entry.workload().is_some())?;
    match endpoint.proxy {
        ProxyKind::None if !endpoint.understands_mtls && tls::proxy(cx.view, workload).is_certain() => {
            Some("has no proxy")
        }
        ProxyKind::Sidecar => {
            let inbound = endpoint.inbound(cx.view)?;
            let refuses = inbound.mode == MtlsMode::Disable && is_certain(&inbound.assumptions);
            refuses.then_some("accepts no mTLS")
        }
        _ => None,
    }
}

fn report(
    rule: Ref<'_, DestinationRule>,
    mode: Span,
    victims: &[(&Reach<'_>, Endpoint<'_>, &str)],
    cx: &mut Context<'_>,
) {
    let Some((reach, endpoint, why)) = victims.first() else { return };
    let removal = cx.document(rule.entry).and_then(|document| removal(&document, reach.block.key()));
    let others = match victims.len() {
        1 => String::new(),
        many => format!("; {} more likewise", many - 1),
    };
    let is_exact = rule.spec.host.text().is_some_and(|written| !host::is_wildcard(written));
    let finding = cx.report(
        mode,
        format!(
            "Istio mTLS is sent to {}, which {why}{others}\nClients of {}:{} that read this rule get 503 (UF, \
             WRONG_VERSION_NUMBER): the rule overrides auto mTLS, which would send plaintext.",
            endpoint.name, reach.sent.host, reach.sent.port
        ),
    );
    finding.for_connection(&reach.sent);
    for (reach, endpoint, why) in victims {
        let service = reach.service.source.entry();
        finding.related(service.id, service.resource.name_span(), format!("{} behind it {why}", endpoint.name));
    }
    if is_exact {
        finding.safe_fix("leave TLS to auto mTLS: delete the tls block", removal.into_iter().collect());
        finding.unsafe_fix("send plaintext (DISABLE)", vec![TextEdit::replace(mode, "DISABLE")]);
    }
}
