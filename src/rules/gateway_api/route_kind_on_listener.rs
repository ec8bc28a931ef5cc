//! Rule `route-kind-on-listener`.

use crate::index::{Entry, Key, Ref};
use crate::resource::gateway_api::{KubernetesGateway, KubernetesRoute, Listener, ObjectReference};
use crate::resource::{Body, Kind, Protocol, Spanned, host};
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// A route is attached to listeners that take no routes of its kind.
    ///
    /// ## Why
    /// A listener that passes TLS through never sees requests, so HTTPRoutes cannot attach to it; a listener for HTTP or HTTPS takes no
    /// TLSRoutes. A route whose every matching listener is of the other kind is not attached at all.
    ///
    /// ## Symptom
    /// `NotAllowedByListeners` in the status of the route; connections find no route and are reset.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: front, namespace: edge}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - name: tls
    ///     port: 443
    ///     protocol: TLS
    ///     hostname: shop.example.com
    ///     tls:
    ///       mode: Passthrough
    ///     allowedRoutes: {namespaces: {from: All}}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hostnames: [shop.example.com]
    ///   parentRefs:
    ///   - name: front #~ route-kind-on-listener `front` HTTPRoute
    ///     namespace: edge
    ///   rules:
    ///   - backendRefs: [{name: web, port: 443}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: front, namespace: edge}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - name: tls
    ///     port: 443
    ///     protocol: TLS
    ///     hostname: shop.example.com
    ///     tls:
    ///       mode: Passthrough
    ///     allowedRoutes: {namespaces: {from: All}}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: TLSRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hostnames: [shop.example.com]
    ///   parentRefs:
    ///   - name: front
    ///     namespace: edge
    ///   rules:
    ///   - backendRefs: [{name: web, port: 443}]
    /// ```
    ///
    /// ## See
    /// <https://gateway-api.sigs.k8s.io/guides/tls/>
    "route-kind-on-listener", on: [HttpRoute, GrpcRoute, TlsRoute], severity: Error, aliases: [], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let (Body::HttpRoute(route) | Body::GrpcRoute(route) | Body::TlsRoute(route)) = &entry.resource.body else {
        return;
    };
    if !route.hostnames.is_certain() {
        return;
    }
    for parent in route.parent_refs.items() {
        let gateway = gateway(entry, parent, cx);
        let Some(gateway) = gateway.filter(|gateway| gateway.spec.listeners.is_certain()) else { continue };
        let matching: Vec<_> =
            gateway.spec.listeners.items().filter(|listener| is_meant(parent, route, listener)).collect();
        let takes = |listener: &&Spanned<Listener>| takes(listener, entry.resource.kind);
        if !matching.is_empty() && matching.iter().all(|listener| takes(listener) == Some(false)) {
            report(entry, parent, gateway, &matching, cx);
        }
    }
}

fn gateway<'a>(entry: &Entry, parent: &ObjectReference, cx: &Context<'a>) -> Option<Ref<'a, KubernetesGateway>> {
    let is_gateway = parent.kind.is_absent() || parent.kind.text() == Some("Gateway");
    let namespace = match parent.namespace.is_absent() {
        true => &entry.namespace,
        false => parent.namespace.text()?,
    };
    let key = Key::Named(Kind::KubernetesGateway, namespace.into(), parent.name.text()?.into());
    cx.view.typed::<KubernetesGateway>(&key).next().filter(|_| is_gateway)
}

/// The reference and the host names lead to the listener.
fn is_meant(parent: &ObjectReference, route: &KubernetesRoute, listener: &Listener) -> bool {
    let section = parent.section_name.text().is_none_or(|section| listener.name.text() == Some(section));
    let port = parent.port.copied().is_none_or(|port| listener.port.copied() == Some(port));
    let offered = listener.hostname.text().unwrap_or_default();
    let mut names = route.hostnames.items().peekable();
    let fits = offered.is_empty() || names.peek().is_none() || names.any(|name| host::overlap(name, offered));
    section && port && fits
}

/// Whether the listener takes routes of the kind; none while that is not known.
fn takes(listener: &Listener, kind: Kind) -> Option<bool> {
    let protocol = Protocol::parse(listener.protocol.text()?);
    let mode = listener.tls.value().and_then(|tls| tls.mode.text());
    let uncertain = listener.tls.is_uncertain() || listener.tls.value().is_some_and(|tls| tls.mode.is_uncertain());
    match (kind, protocol) {
        (Kind::TlsRoute, Protocol::Http | Protocol::Https) => Some(false),
        (Kind::TlsRoute, _) => Some(true),
        (_, Protocol::Tls) if uncertain => None,
        (_, Protocol::Tls) => Some(mode != Some("Passthrough")),
        _ => Some(true),
    }
}

fn report(
    entry: &Entry,
    parent: &ObjectReference,
    gateway: Ref<'_, KubernetesGateway>,
    listeners: &[&Spanned<Listener>],
    cx: &mut Context<'_>,
) {
    let Some(name) = parent.name.present() else { return };
    let kind = entry.resource.kind;
    let names: Vec<_> = listeners.iter().filter_map(|listener| listener.name.text()).collect();
    let why = match kind {
        Kind::TlsRoute => "it reads HTTP requests",
        _ => "it passes TLS through and sees no requests",
    };
    let right = if kind == Kind::TlsRoute { "HTTPRoute" } else { "TLSRoute" };
    let finding = cx.report(
        name.span,
        format!(
            "no listener of Gateway {} takes a {} here\nListener {}: {why}. The route is not attached (NotAllowedByListeners).",
            gateway.entry.qualified_name(),
            kind.as_str(),
            names.join(", ")
        ),
    );
    for listener in listeners {
        finding.related(gateway.entry.id, listener.span, why);
    }
    if kind != Kind::GrpcRoute {
        let edits = vec![
            TextEdit::replace(entry.resource.api_version.span, "gateway.networking.k8s.io/v1"),
            TextEdit::replace(entry.resource.kind_span, right),
        ];
        finding.unsafe_fix(format!("make it a {right}"), edits);
    }
}
