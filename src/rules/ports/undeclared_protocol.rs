//! Rule `undeclared-protocol`.

use super::behind::with_sidecar;
use crate::index::{Ref, View};
use crate::resource::istio::{RouteKind, VirtualService};
use crate::resource::kubernetes::{Service, ServicePort};
use crate::resource::{Protocol, Spanned, host};
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// A port of a Service of the mesh does not say what it speaks.
    ///
    /// ## Why
    /// Istio reads the protocol from `appProtocol`, else from the name up to its first `-`. What says nothing it knows is
    /// guessed by sidecars from the first bytes of each connection: then some features of HTTP are missing, and a server that speaks
    /// first waits forever. Gateways do not guess, they send HTTP/1.1. The rule is for Services behind a sidecar, and for ports to which
    /// a VirtualService sends requests.
    ///
    /// ## Symptom
    /// Routes, retries and metrics of HTTP do not work on the port; a client of a database or mail server hangs.
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
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///   - name: web-http #~ undeclared-protocol `web-http` first part
    ///     port: 80
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
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///   - name: http-web
    ///     port: 80
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/>
    "undeclared-protocol", on: Service, severity: Info, aliases: ["IST0118"], since: "0.1.0", all_fit: true,
}

fn check(service: Ref<'_, Service>, cx: &mut Context<'_>) {
    let undeclared = |port: &&Spanned<ServicePort>| Protocol::of_service_port(port) == Some(Protocol::Auto);
    let ports: Vec<_> = service.ports.items().filter(undeclared).collect();
    if ports.is_empty() {
        return;
    }
    let has_sidecar = with_sidecar(cx.view, service).is_some();
    for port in ports {
        if has_sidecar {
            report(port, "the proxies look at the first bytes of every connection", cx);
        } else if has_route(cx.view, service, port) {
            report(port, "gateways send HTTP/1.1, sidecars look at the first bytes of every connection", cx);
        }
    }
}

/// A VirtualService sends requests to the port.
fn has_route(view: &View<'_>, service: Ref<'_, Service>, port: &ServicePort) -> bool {
    let host = service.entry.service_host();
    let is_only = service.ports.items().nth(1).is_none();
    let leads_here = |route: Ref<'_, VirtualService>| {
        route.spec.destinations().any(|(kind, to)| {
            let number = to.port.value().and_then(|port| port.number.copied());
            kind == RouteKind::Http
                && to.host.text().is_some_and(|written| host::resolve(written, &route.entry.namespace) == host)
                && number.map_or(is_only, |number| port.port.copied() == Some(number))
        })
    };
    view.routes_to(&host).any(leads_here)
}

fn report(port: &ServicePort, guess: &str, cx: &mut Context<'_>) {
    let number = port.port.copied().unwrap_or_default();
    if let Some(written) = port.app_protocol.present() {
        let message =
            format!("`{}` is no protocol that Istio knows\nPort {number} is guessed at: {guess}.", written.value);
        let finding = cx.report(written.span, message);
        finding.unsafe_fix("say that it speaks http", vec![TextEdit::replace(written.span, "http")]);
        return;
    }
    let Some(name) = port.name.present() else {
        let Some(span) = port.port.span() else { return };
        cx.report(span, format!(
            "port {number} has no name that says what it speaks\nIt is guessed at: {guess}. A name such as http, grpc, tls or tcp tells them."
        ));
        return;
    };
    let finding = cx.report(
        name.span,
        format!(
            "the name {} does not begin with a protocol\nIstio reads the first part of the name, up to `-`, and guesses otherwise: {guess}.",
            name.value
        ),
    );
    match reordered(&name.value) {
        Some(renamed) => {
            finding.safe_fix(format!("name it {renamed}"), vec![TextEdit::replace(name.span, renamed)]);
        }
        None => {
            let edit = |protocol: &str| vec![TextEdit::replace(name.span, format!("{protocol}-{}", name.value))];
            finding.unsafe_fix(format!("it speaks HTTP: name it http-{}", name.value), edit("http"));
            finding.unsafe_fix(format!("it speaks something else: name it tcp-{}", name.value), edit("tcp"));
        }
    }
}

/// The name with the part that is a protocol put in front.
fn reordered(name: &str) -> Option<String> {
    let mut parts: Vec<&str> = name.split('-').collect();
    let at = parts.iter().position(|part| Protocol::parse(part) != Protocol::Auto)?;
    let protocol = parts.remove(at);
    parts.insert(0, protocol);
    Some(parts.join("-"))
}
