//! Rule `istio-mutual-to-external`.

use crate::index::Ref;
use crate::resource::host;
use crate::resource::istio::{DestinationRule, TlsMode};
use crate::rules::{Context, rule};
use crate::text::{Span, TextEdit};

use super::reach::Reach;

rule! {
    /// A DestinationRule demands Istio mTLS towards a host outside the mesh.
    ///
    /// ## Why
    /// `ISTIO_MUTUAL` shows a certificate of the mesh and expects one. A server outside the mesh has none: its certificate
    /// is not signed by the mesh, and ours tells it nothing.
    ///
    /// ## Symptom
    /// `503 UF`, `TLS error: CERTIFICATE_VERIFY_FAILED`, or `unknown CA` in the server's log.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   location: MESH_EXTERNAL
    ///   ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]
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
    ///     tls: {mode: ISTIO_MUTUAL} #~ istio-mutual-to-external `ISTIO_MUTUAL` api.pay.example
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   location: MESH_EXTERNAL
    ///   ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]
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
    ///     tls: {mode: SIMPLE}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/egress/egress-tls-origination/>
    "istio-mutual-to-external", on: DestinationRule, severity: Error, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    for (&mode, connections) in cx.reached().iter() {
        let external =
            connections.iter().find(|reach| reach.block.mode == TlsMode::IstioMutual && reach.service.external);
        if let Some(reach) = external {
            report(rule, mode, reach, cx);
        }
    }
}

fn report(rule: Ref<'_, DestinationRule>, mode: Span, reach: &Reach<'_>, cx: &mut Context<'_>) {
    let is_exact = rule.spec.host.text().is_some_and(|written| !host::is_wildcard(written));
    let is_everything = rule.spec.host.present().filter(|written| written.as_str() == "*").map(|written| written.span);
    let finding = cx.report(
        mode,
        format!(
            "Istio mTLS is sent to {}, which is outside the mesh\nThe server has no certificate of the mesh: calls to {}:{} \
             end in 503 (UF, CERTIFICATE_VERIFY_FAILED).",
            reach.sent.host, reach.sent.host, reach.sent.port
        ),
    );
    finding.for_connection(&reach.sent);
    let entry = reach.service.source.entry();
    finding.related(entry.id, entry.resource.name_span(), "this ServiceEntry says MESH_EXTERNAL");
    if is_exact {
        finding.safe_fix("originate ordinary TLS (SIMPLE)", vec![TextEdit::replace(mode, "SIMPLE")]);
    }
    if let Some(span) = is_everything {
        let edit = TextEdit::replace(span, "\"*.local\"");
        finding.unsafe_fix("limit the rule to hosts of the cluster (*.local)", vec![edit]);
    }
}
