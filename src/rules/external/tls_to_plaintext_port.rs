//! Rule `tls-to-plaintext-port`.

use crate::index::{Entry, Ref, View};
use crate::resource::istio::{Destination, DestinationRule, HttpRoute, ServiceEntry, TlsMode};
use crate::resource::{Spanned, host};
use crate::rules::mesh::reach::Reach;
use crate::rules::{Context, Edit, Fix, rule};
use crate::text::Span;
use crate::tls;
use crate::yaml::{At, Literal};

rule! {
    /// A DestinationRule originates TLS towards port 80 of a host outside the mesh.
    ///
    /// ## Why
    /// TLS origination changes what is sent, not where to: without a `targetPort` the proxy connects to the port of the ServiceEntry,
    /// and port 80 of the server speaks plain HTTP.
    ///
    /// ## Symptom
    /// `503`, `TLS_error: WRONG_VERSION_NUMBER`.
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
    ///   - {number: 80, name: http, protocol: HTTP}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE #~ tls-to-plaintext-port `SIMPLE` port 80
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
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/egress/egress-tls-origination/>
    "tls-to-plaintext-port", on: DestinationRule, severity: Error, aliases: [], since: "0.1.0",
}

fn check(_: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    for (&mode, connections) in cx.reached().iter() {
        if let Some(reach) = connections.iter().find(|reach| is_plain(reach) && !is_routed_elsewhere(reach, cx.view)) {
            report(mode, reach, cx);
        }
    }
}

/// TLS goes to port 80 of a host outside.
fn is_plain(reach: &Reach<'_>) -> bool {
    let originates = matches!(reach.block.mode, TlsMode::Simple | TlsMode::Mutual);
    let port = reach.service.port(reach.sent.port);
    originates
        && reach.service.external
        && reach.sent.protocol.is_http()
        && reach.block.secret().is_none()
        && port.is_some_and(|port| match port.endpoints.as_slice() {
            [] => port.number == 80,
            endpoints => endpoints.iter().all(|endpoint| endpoint.port == 80),
        })
}

/// A VirtualService of the mesh takes the requests for the port, and sends all of them elsewhere.
fn is_routed_elsewhere(reach: &Reach<'_>, view: &View<'_>) -> bool {
    view.routes_for(&reach.sent.host).filter(|route| tls::is_for_mesh(route.spec)).any(|route| {
        let mut taking = route.spec.http.items().filter(|http| takes(http, reach.sent.port)).peekable();
        let leads_here = |http: &Spanned<HttpRoute>| {
            let mut destinations = http.route.items().filter_map(|share| share.destination.value());
            destinations.any(|destination| is_here(destination, route.entry, reach))
        };
        !route.http.is_certain() || (taking.peek().is_some() && !taking.any(leads_here))
    })
}

/// Sidecars take the rule for requests on `port`.
fn takes(http: &HttpRoute, port: u32) -> bool {
    let mut matches = http.matches.items().peekable();
    matches.peek().is_none()
        || matches.any(|one| {
            let mut gateways = one.gateways.items().peekable();
            let for_mesh = gateways.peek().is_none() || gateways.any(|name| name.as_str() == "mesh");
            for_mesh && one.port.copied().is_none_or(|number| number == port)
        })
}

fn is_here(destination: &Destination, route: &Entry, reach: &Reach<'_>) -> bool {
    let number = destination.port.value().and_then(|port| port.number.copied());
    let written = destination.host.text().unwrap_or("");
    host::resolve(written, &route.namespace) == reach.sent.host && number.is_none_or(|number| number == reach.sent.port)
}

fn report(mode: Span, reach: &Reach<'_>, cx: &mut Context<'_>) {
    let (name, port) = (&reach.sent.host, reach.sent.port);
    let entry = reach.service.source.entry();
    let declared = reach.service.port(port).and_then(|port| port.span);
    let fix = entry.as_kind::<ServiceEntry>().filter(|written| written.spec.endpoints.is_absent()).and_then(|_| {
        let document = cx.document(entry)?;
        let mut path = document.path_of(declared?);
        path.push(At::Key("targetPort"));
        document.set(&path, &Literal::Int(443))
    });
    let finding = cx.report(
        mode,
        format!(
            "TLS is sent to port 80 of {name}\nThe ServiceEntry leads its port {port} to port 80 of the host, which speaks \
             plain HTTP: WRONG_VERSION_NUMBER."
        ),
    );
    finding.for_connection(&reach.sent);
    if let Some(span) = declared {
        finding.related(entry.id, span, "this port leads to port 80, as no targetPort says otherwise");
    }
    if let Some(edit) = fix {
        let edits = vec![Edit { resource: entry.id, edit }];
        finding.fix(Fix { title: "lead the port to 443 (targetPort)".to_owned(), safe: true, edits });
    }
}
