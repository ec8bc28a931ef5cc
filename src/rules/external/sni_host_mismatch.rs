//! Rule `sni-host-mismatch`.

use smol_str::SmolStr;

use crate::index::{Entry, Ref};
use crate::resource::istio::{
    DestinationRule, Headers, HttpDestination, HttpRoute, RouteKind, TlsMode, VirtualService,
};
use crate::resource::{Field, Spanned, host};
use crate::rules::gateway::bound_server::bound_servers;
use crate::rules::mesh::reach::Reach;
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::tls;

use super::subject::expect;

rule! {
    /// The server name of the TLS handshake is not the host that the request is rewritten to.
    ///
    /// ## Why
    /// The proxy takes the automatic server name from the Host header before a route rewrites it. Without an `sni` that names the new
    /// host, the handshake asks for the old one.
    ///
    /// ## Symptom
    /// A certificate that does not fit, `404` or `421 Misdirected Request` from the server.
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
    /// kind: VirtualService
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [pay.shop.example]
    ///   http:
    ///   - rewrite: {authority: api.pay.example}
    ///     route:
    ///     - destination: {host: api.pay.example, port: {number: 80}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE #~ sni-host-mismatch `SIMPLE` api.pay.example
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
    /// kind: VirtualService
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [pay.shop.example]
    ///   http:
    ///   - rewrite: {authority: api.pay.example}
    ///     route:
    ///     - destination: {host: api.pay.example, port: {number: 80}}
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
    "sni-host-mismatch", on: DestinationRule, severity: Warning, aliases: [], since: "0.1.0", istio: "1.21",
}

/// A route that changes the host of the requests which the TLS block is for.
struct Rewrite<'a> {
    route: &'a Entry,
    span: Span,
    to: &'a str,
    from: SmolStr,
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    for (&mode, connections) in cx.reached().iter() {
        let originating = connections.iter().filter(|reach| {
            matches!(reach.block.mode, TlsMode::Simple | TlsMode::Mutual) && reach.block.settings().is_some()
        });
        let found = originating.into_iter().find_map(|reach| Some((reach, rewrite(reach, cx)?)));
        if let Some((reach, rewrite)) = found {
            report(rule, mode, reach, &rewrite, cx);
        }
    }
}

/// A live route to the port that rewrites the host to another than the server name.
fn rewrite<'a>(reach: &Reach<'a>, cx: &Context<'a>) -> Option<Rewrite<'a>> {
    let sni = reach.block.sni();
    cx.view.routes_to(&reach.sent.host).find_map(|route| {
        let shares = route.spec.http.items().flat_map(|http| http.route.items().map(move |share| (http, share)));
        let mut leading = shares.filter(|(_, share)| leads(share, route, reach));
        let (rewritten, from) = leading.find_map(|(http, share)| {
            let rewritten = new_host(http, share)?;
            let from = match sni {
                Some(sni) => Some(sni).filter(|sni| *sni != rewritten.as_str()).map(SmolStr::from),
                None => {
                    route.spec.hosts.items().map(|host| &host.value).find(|host| *host != rewritten.as_str()).cloned()
                }
            };
            Some((rewritten, from?))
        })?;
        let live = tls::is_for_mesh(route.spec)
            || bound_servers(route, cx.view)?.iter().any(|server| server.reads() == Some(RouteKind::Http));
        live.then_some(Rewrite { route: route.entry, span: rewritten.span, to: rewritten.as_str(), from })
    })
}

/// The host that the route gives the requests of one of its shares.
fn new_host<'a>(http: &'a HttpRoute, share: &'a HttpDestination) -> Option<&'a Spanned<SmolStr>> {
    let authority = http.rewrite.value().and_then(|rewrite| rewrite.authority.present());
    authority.or_else(|| written_host(&share.headers)).or_else(|| written_host(&http.headers))
}

fn written_host(headers: &Field<Headers>) -> Option<&Spanned<SmolStr>> {
    let is_host = |name: &str| name == ":authority" || name.eq_ignore_ascii_case("host");
    let set = &headers.value()?.request.value()?.set;
    set.pairs().find(|(name, _)| is_host(name)).map(|(_, value)| value)
}

fn leads(share: &HttpDestination, route: Ref<'_, VirtualService>, reach: &Reach<'_>) -> bool {
    let Some(destination) = share.destination.value() else { return false };
    let number = destination.port.value().and_then(|port| port.number.copied());
    let same_host = |written: &str| host::resolve(written, &route.entry.namespace) == reach.sent.host.as_str();
    destination.host.text().is_some_and(same_host)
        && destination.subset.text() == reach.sent.subset.as_deref()
        && number.map_or(reach.service.ports.len() == 1, |number| number == reach.sent.port)
}

fn report(rule: Ref<'_, DestinationRule>, mode: Span, reach: &Reach<'_>, rewrite: &Rewrite<'_>, cx: &mut Context<'_>) {
    let written = reach.block.settings().and_then(|tls| tls.sni.present());
    let fix = cx.document(rule.entry).and_then(|document| expect(&document, &reach.block, rewrite.to));
    let finding = cx.report(
        written.map_or(mode, |sni| sni.span),
        format!(
            "the handshake asks for {}, the request for {}\nThe server name is taken before the route rewrites the host: the \
             certificate does not fit, or the wrong site answers (421).",
            rewrite.from, rewrite.to
        ),
    );
    finding.for_connection(&reach.sent);
    finding.related(rewrite.route.id, rewrite.span, "the host is rewritten here");
    finding.safe_fix(format!("ask for {}", rewrite.to), fix.unwrap_or_default());
}
