//! Rule `sni-host-mismatch`.

use smol_str::SmolStr;

use crate::index::{Entry, Ref};
use crate::resource::istio::{DestinationRule, HttpRoute, RouteKind, TlsMode, VirtualService};
use crate::resource::{Field, Spanned, host};
use crate::rules::gateway::bound_server::bound_servers;
use crate::rules::mesh::reach::{Reach, path_to_block};
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::tls;
use crate::yaml::{At, Literal};

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
        let (rewritten, from) = route.spec.http.items().find_map(|http| {
            let rewritten = new_host(http).filter(|_| leads(http, route, reach))?;
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

/// The host that the route gives its requests.
fn new_host(http: &HttpRoute) -> Option<&Spanned<SmolStr>> {
    let authority = http.rewrite.value().and_then(|rewrite| rewrite.authority.present());
    authority.or_else(|| {
        let set = &http.headers.value()?.request.value()?.set;
        set.under(":authority").or_else(|| set.under("host")).or_else(|| set.under("Host"))
    })
}

fn leads(http: &HttpRoute, route: Ref<'_, VirtualService>, reach: &Reach<'_>) -> bool {
    http.route.items().filter_map(|share| share.destination.value()).any(|destination| {
        let number = destination.port.value().and_then(|port| port.number.copied());
        let same_host = |written: &str| host::resolve(written, &route.entry.namespace) == reach.sent.host.as_str();
        destination.host.text().is_some_and(same_host)
            && destination.subset.text() == reach.sent.subset.as_deref()
            && number.map_or(reach.service.ports.len() == 1, |number| number == reach.sent.port)
    })
}

fn report(rule: Ref<'_, DestinationRule>, mode: Span, reach: &Reach<'_>, rewrite: &Rewrite<'_>, cx: &mut Context<'_>) {
    let written = reach.block.settings().and_then(|tls| tls.sni.present());
    let fix = cx.document(rule.entry).and_then(|document| {
        let mut block = path_to_block(&document, &reach.block);
        let mut tls = Literal::map([("mode", reach.block.mode.as_str())]);
        if written.is_none() && reach.block.settings()?.subject_alt_names.is_absent() && only_mode(reach) {
            if let Literal::Map(entries) = &mut tls {
                entries.push(("sni".to_owned(), Literal::from(rewrite.to)));
                entries.push(("subjectAltNames".to_owned(), Literal::list([rewrite.to])));
            }
            return document.set(&block, &tls);
        }
        block.push(At::Key("sni"));
        document.set(&block, &Literal::from(rewrite.to))
    });
    let finding = cx.report(
        written.map_or(mode, |sni| sni.span),
        format!(
            "the handshake asks for {}, the request for {}\nThe server name is taken before the route rewrites the host: the \
             certificate does not fit, or the wrong site answers (421).",
            rewrite.from, rewrite.to
        ),
    );
    finding.related(rewrite.route.id, rewrite.span, "the host is rewritten here");
    finding.safe_fix(format!("ask for {}", rewrite.to), fix.into_iter().collect());
}

/// The block says nothing but its mode.
fn only_mode(reach: &Reach<'_>) -> bool {
    reach.block.settings().is_some_and(|tls| {
        [&tls.client_certificate, &tls.private_key, &tls.ca_certificates, &tls.credential_name, &tls.ca_crl]
            .into_iter()
            .all(Field::is_absent)
            && tls.insecure_skip_verify.is_absent()
    })
}
