//! Rule `unverified-subject`.

use crate::index::{Ref, View};
use crate::resource::host;
use crate::resource::istio::{ClientTls, DestinationRule, ServiceEntry, TlsMode};
use crate::rules::mesh::double_tls::is_plain_by_route;
use crate::rules::mesh::reach::Reach;
use crate::rules::{Context, rule};
use crate::text::Span;

use super::subject::expect;

rule! {
    /// TLS that does not check whose certificate it is.
    ///
    /// ## Why
    /// Without `subjectAltNames` the proxy takes the name to check from the request's host, but only on ports with HTTP and only while
    /// no `sni` is written. In all other cases any certificate that a trusted authority signed passes, for whatever name.
    ///
    /// ## Symptom
    /// None: a server with a valid certificate of another name is believed.
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
    ///   - {number: 80, name: http, protocol: HTTP, targetPort: 443}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE
    ///       sni: api.pay.example #~ unverified-subject `api.pay.example` name
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
    ///   - {number: 80, name: http, protocol: HTTP, targetPort: 443}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE
    ///       sni: api.pay.example
    ///       subjectAltNames: [api.pay.example]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings>
    "unverified-subject", on: DestinationRule, severity: Warning, aliases: [], since: "0.1.0", istio: "1.24",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    for (&mode, connections) in cx.reached().iter() {
        if let Some(reach) = connections.iter().find(|reach| is_unverified(reach, cx.view)) {
            report(rule, mode, reach, cx);
        }
    }
}

fn is_unverified(reach: &Reach<'_>, view: &View<'_>) -> bool {
    let Some(tls) = reach.block.settings() else { return false };
    let originates = matches!(reach.block.mode, TlsMode::Simple | TlsMode::Mutual);
    let protocol = reach.sent.protocol;
    let derives_nothing = match reach.block.sni() {
        // Around TLS of the application the second layer is the mistake, not what it verifies.
        Some(_) => !protocol.is_tls() || is_plain_by_route(reach, view),
        None => !protocol.is_http() && !protocol.is_tls(),
    };
    originates && derives_nothing && !names_subjects(tls) && !entry_names_subjects(reach)
}

/// The block names subjects, or checks nothing at all, which is another finding.
fn names_subjects(tls: &ClientTls) -> bool {
    !tls.subject_alt_names.is_absent() || tls.insecure_skip_verify.copied() == Some(true) || tls.sni.is_uncertain()
}

fn entry_names_subjects(reach: &Reach<'_>) -> bool {
    let entry = reach.service.source.entry().as_kind::<ServiceEntry>();
    entry.is_some_and(|entry| !entry.spec.subject_alt_names.is_absent())
}

fn report(rule: Ref<'_, DestinationRule>, mode: Span, reach: &Reach<'_>, cx: &mut Context<'_>) {
    let sni = reach.block.settings().and_then(|tls| tls.sni.present()).filter(|sni| !sni.is_empty());
    let name = sni.map_or(reach.sent.host.as_str(), |sni| sni.as_str()).to_owned();
    let fix = cx.document(rule.entry).filter(|_| !host::is_wildcard(&name));
    let fix = fix.and_then(|document| expect(&document, &reach.block, &name));
    let why = match sni {
        Some(_) => "A written sni turns the automatic check of the name off",
        None => "Names are checked by the request's host, and this port has no requests",
    };
    let finding = cx.report(
        sni.map_or(mode, |sni| sni.span),
        format!(
            "any certificate of a trusted authority passes for {}:{}, whatever its name\n{why}; subjectAltNames says which \
             names are right.",
            reach.sent.host, reach.sent.port
        ),
    );
    finding.for_connection(&reach.sent);
    finding.safe_fix(format!("accept only certificates for {name}"), fix.unwrap_or_default());
}
