//! Rule `identity-without-mtls`.

use super::first_written::first_written;
use super::selected::{ports, sidecars};
use crate::index::{Entry, Ref, View};
use crate::resource::istio::{AuthorizationPolicy, AuthorizationSource, MtlsMode, TlsMode};
use crate::rules::{Context, Edit, Fix, rule};
use crate::text::{Span, TextEdit};
use crate::tls::{self, TlsBlock};

rule! {
    /// An AuthorizationPolicy asks who calls, but the calls come without Istio mTLS.
    ///
    /// ## Why
    /// Principals, namespaces and service accounts are read from the client's Istio certificate. Where mTLS is off, by a
    /// PeerAuthentication or by a DestinationRule that all clients read, there is none.
    ///
    /// ## Symptom
    /// ALLOW: `403 RBAC: access denied` for everybody. DENY: nobody is denied.
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
    /// spec: {mtls: {mode: DISABLE}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   rules:
    ///   - from:
    ///     - source:
    ///         principals: [cluster.local/ns/shop/sa/cli] #~ identity-without-mtls `principals` shop/web
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
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   rules:
    ///   - from:
    ///     - source:
    ///         principals: [cluster.local/ns/shop/sa/cli]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/concepts/security/#dependency-on-mutual-tls>
    "identity-without-mtls", on: AuthorizationPolicy, severity: Warning, aliases: ["KIA0105"], since: "0.1.0", all_fit: true,
}

fn check(policy: Ref<'_, AuthorizationPolicy>, cx: &mut Context<'_>) {
    let sources = policy.spec.rules.items().flat_map(|rule| rule.from.items()).filter_map(|from| from.source.value());
    let asked: Vec<(&str, Span)> = sources.filter_map(identity_field).collect();
    if asked.is_empty() {
        return;
    }
    let off = sidecars(cx.view, policy).into_iter().find_map(|workload| Some((workload, off(cx.view, workload)?)));
    if let Some((workload, off)) = off {
        asked.into_iter().for_each(|(field, key)| report(field, key, workload, &off, cx));
    }
}

/// The first field that asks for the identity of the client.
fn identity_field(source: &AuthorizationSource) -> Option<(&'static str, Span)> {
    first_written([
        ("principals", &source.principals),
        ("notPrincipals", &source.not_principals),
        ("namespaces", &source.namespaces),
        ("notNamespaces", &source.not_namespaces),
        ("serviceAccounts", &source.service_accounts),
        ("notServiceAccounts", &source.not_service_accounts),
    ])
}

/// Why no call of the workload carries an identity.
struct Off<'a> {
    entry: &'a Entry,
    mode: Span,
    by_clients: bool,
}

fn off<'a>(view: &View<'a>, workload: &'a Entry) -> Option<Off<'a>> {
    let ports = ports(view, workload);
    let numbers: Vec<Option<u32>> = match ports.is_empty() {
        true => vec![None],
        false => ports.iter().map(|port| Some(port.number)).collect(),
    };
    let inbound: Vec<_> = numbers.into_iter().map(|port| tls::inbound(view, workload, port)).collect();
    if inbound.iter().all(|inbound| inbound.mode == MtlsMode::Disable && inbound.assumptions.is_empty()) {
        let decided = inbound.first()?;
        return Some(Off { entry: decided.peer_authentication?.entry, mode: decided.mode_span?, by_clients: false });
    }
    let block = plaintext_by_rule(view, workload)?;
    Some(Off { entry: block.entry(), mode: block.mode_span(), by_clients: true })
}

/// The block that tells every client of every Service of the workload to send plaintext.
fn plaintext_by_rule<'a>(view: &View<'a>, workload: &'a Entry) -> Option<TlsBlock<'a>> {
    let mut found = None;
    for service in view.services_of(workload).into_iter().filter_map(|service| tls::of_service(view, service)) {
        // Without a rule for the host nobody is told anything; so the clients need not be looked at.
        if !view.rules_for(&service.host).iter().any(|rule| rule.spec.sets_tls()) {
            return None;
        }
        for client in tls::callers(view, &service) {
            for port in &service.ports {
                let sent = tls::outbound(view, &client, &service.host, port.number, None)?;
                let block = sent.tls.filter(|block| block.mode == TlsMode::Disable && sent.assumptions.is_empty())?;
                found = Some(block);
            }
        }
    }
    found
}

fn report(field: &str, key: Span, workload: &Entry, off: &Off<'_>, cx: &mut Context<'_>) {
    let who = workload.qualified_name();
    let why = match off.by_clients {
        true => format!("every client of {who} is told to send plaintext"),
        false => format!("{who} accepts no mTLS"),
    };
    let finding = cx.report(
        key,
        format!(
            "`{field}` asks who calls, but {why}\nIdentities come from Istio certificates; without mTLS a rule that allows \
             matches nobody, and one that denies denies nobody."
        ),
    );
    let resource = off.entry.id;
    finding.related(resource, off.mode, "mTLS is turned off here");
    let edit = |text: &str| vec![Edit { resource, edit: TextEdit::replace(off.mode, text) }];
    finding.fix(match off.by_clients {
        true => Fix {
            title: "let clients send Istio mTLS (ISTIO_MUTUAL)".to_owned(),
            safe: true,
            edits: edit("ISTIO_MUTUAL"),
        },
        false => Fix { title: "demand Istio mTLS (STRICT)".to_owned(), safe: false, edits: edit("STRICT") },
    });
}
