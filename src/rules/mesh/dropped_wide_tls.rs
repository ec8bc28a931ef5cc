//! Rule `dropped-wide-tls`.

use crate::index::{Ref, View};
use crate::resource::Spanned;
use crate::resource::host;
use crate::resource::istio::{ClientTls, DestinationRule, MtlsMode, TlsMode};
use crate::rules::{Context, Severity, rule};
use crate::text::TextEdit;
use crate::tls::{self, Outbound, Readers, Service};
use crate::yaml::{At, Document, Literal, Place};

use super::copied::copied;
use super::dropped_tls_at_port_level::dropping;
use super::reach::is_certain;

rule! {
    /// A DestinationRule for one host replaces a wider rule and drops its TLS.
    ///
    /// ## Why
    /// Rules are not merged across hosts: the most exact one counts alone. With auto mTLS off in the mesh, a rule without `tls` means
    /// plaintext, whatever a rule for `*.local` says.
    ///
    /// ## Symptom
    /// Plaintext: `503` where the server is STRICT, unencrypted without a word elsewhere.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: istio, namespace: istio-system}
    /// data:
    ///   mesh: |
    ///     enableAutoMtls: false
    /// ---
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
    /// metadata: {name: mesh, namespace: istio-system}
    /// spec:
    ///   host: "*.local"
    ///   trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web #~ dropped-wide-tls `web` *.local
    ///   trafficPolicy: {connectionPool: {tcp: {maxConnections: 9}}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: istio, namespace: istio-system}
    /// data:
    ///   mesh: |
    ///     enableAutoMtls: false
    /// ---
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
    /// metadata: {name: mesh, namespace: istio-system}
    /// spec:
    ///   host: "*.local"
    ///   trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, connectionPool: {tcp: {maxConnections: 9}}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration>
    "dropped-wide-tls", on: DestinationRule, severity: Warning, aliases: ["KIA0204"], since: "0.1.0", all_fit: true,
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    if cx.view.mesh().enable_auto_mtls {
        return;
    }
    // What a rule with TLS of its own leaves out is dropped at the port, which has a rule of its own.
    if rule.spec.traffic_policy.value().is_some_and(|policy| !policy.tls.is_absent()) {
        return;
    }
    let Some(written) = rule.host.text() else { return };
    let readers = Readers::new(cx.view, rule);
    for service in tls::services_under(cx.view, &host::resolve(written, &rule.entry.namespace)) {
        let Some((wide, tls)) = wider(cx.view, rule, &service) else { continue };
        let Some(client) = readers.of(&service).next() else { continue };
        let lookup = tls::destination_rule(cx.view, &client, &service.namespace, &service.host);
        let sent = service.ports.iter().filter_map(|port| tls::send(cx.view, &client, &service, port, None, &lookup));
        let plain = sent.into_iter().find(|sent| sent.tls.is_none() && is_certain(&sent.assumptions));
        if let Some(sent) = plain {
            report(rule, wide, tls, &sent, cx);
            return;
        }
    }
}

/// A wider rule that clients would read for the service if `rule` were not there, and its TLS.
fn wider<'a>(
    view: &View<'a>,
    rule: Ref<'a, DestinationRule>,
    service: &Service<'a>,
) -> Option<(Ref<'a, DestinationRule>, &'a Spanned<ClientTls>)> {
    let root = &view.mesh().root_namespace;
    let own = rule.host.text()?;
    view.rules_for(&service.host).into_iter().find_map(|other| {
        let pattern = other.spec.host.text().filter(|pattern| host::is_wildcard(pattern) && *pattern != own)?;
        let is_wider = !host::is_wildcard(own) || host::covers(pattern, own);
        let on_path = [&rule.entry.namespace, &service.namespace, root].contains(&&other.entry.namespace);
        let tls = other.spec.traffic_policy.value()?.tls.present()?;
        (is_wider && on_path && tls.effective_mode() != Some(TlsMode::Disable)).then_some((other, tls))
    })
}

fn report(
    rule: Ref<'_, DestinationRule>,
    wide: Ref<'_, DestinationRule>,
    tls: &Spanned<ClientTls>,
    sent: &Outbound<'_>,
    cx: &mut Context<'_>,
) {
    let Some(span) = rule.host.span() else { return };
    let is_refused = sent
        .endpoints
        .iter()
        .any(|(endpoint, _)| endpoint.inbound(cx.view).is_some_and(|inbound| inbound.mode == MtlsMode::Strict));
    let fix = cx.document(rule.entry).and_then(|document| repeated(&document, rule, &copied(tls)));
    let seen = if is_refused { "which accepts Istio mTLS only: 503 (UC)" } else { "unencrypted" };
    let finding = cx.report(
        span,
        format!(
            "this rule drops the TLS of the wider rule for {}\nOnly the most exact rule counts, and auto mTLS is off: plaintext \
             is sent to {}:{}, {seen}.",
            wide.host.text().unwrap_or_default(),
            sent.host,
            sent.port
        ),
    );
    if is_refused {
        finding.severity(Severity::Error);
    }
    finding.for_connection(sent);
    finding.related(wide.entry.id, tls.key, "this TLS does not count for the host");
    finding.safe_fix("repeat the tls block of the wider rule", fix.unwrap_or_default());
}

/// Writes `tls` for the rule, and for each of its ports that would go without.
fn repeated(document: &Document, rule: Ref<'_, DestinationRule>, tls: &Literal) -> Option<Vec<TextEdit>> {
    let policy = [At::Key("spec"), At::Key("trafficPolicy")];
    let ports: Vec<_> = rule.spec.traffic_policy.value().into_iter().flat_map(dropping).collect();
    if ports.is_empty() {
        return Some(vec![document.set(&[&policy[..], &[At::Key("tls")]].concat(), tls)?]);
    }
    let of_rule = document.insert(&policy, Place::Before("portLevelSettings"), "tls", tls);
    let of_ports = ports.iter().map(|port| document.insert(&document.path_of(port.span), Place::Last, "tls", tls));
    std::iter::once(of_rule).chain(of_ports).collect()
}
