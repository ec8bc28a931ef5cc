//! Rule `mutual-host-behind-simple-wildcard`.

use super::neighbours::{is_of, istio, of_each_workload};
use crate::index::keys::gateway_reference;
use crate::index::{Entry, Ref, ResourceId};
use crate::resource::host;
use crate::resource::istio::{Gateway, Server as WrittenServer, ServerTlsMode, VirtualService};
use crate::rules::{Context, Edit, Fix, rule};
use crate::text::Span;
use crate::tls::gateway::{Route, Server, ServerTls};
use std::collections::BTreeMap;

rule! {
    /// A host that demands client certificates can be reached without one through a wildcard server.
    ///
    /// ## Why
    /// The server name of the connection decides whether a certificate is asked for, the `Host` header decides where a request
    /// goes. With a VirtualService bound to both servers, a client connects under another name of the wildcard, shows no
    /// certificate, and asks for the protected host.
    ///
    /// ## Symptom
    /// None; the protection is not there. `curl --resolve www...:443:IP -H 'Host: admin...' https://www...` answers.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: wild, protocol: HTTPS}
    ///     hosts: ["*.example.com"] #~ mutual-host-behind-simple-wildcard `"*.example.com"`
    ///     tls: {mode: SIMPLE, credentialName: wild-cert}
    ///   - port: {number: 443, name: admin, protocol: HTTPS}
    ///     hosts: [admin.example.com]
    ///     tls: {mode: MUTUAL, credentialName: admin-cert}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: admin, namespace: shop}
    /// spec:
    ///   hosts: [admin.example.com]
    ///   gateways: [public]
    ///   http:
    ///   - route:
    ///     - destination: {host: admin}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: wild, protocol: HTTPS}
    ///     hosts: ["*.example.com"]
    ///     tls: {mode: SIMPLE, credentialName: wild-cert}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: admin, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: admin, protocol: HTTPS}
    ///     hosts: [admin.example.com]
    ///     tls: {mode: MUTUAL, credentialName: admin-cert}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: admin, namespace: shop}
    /// spec:
    ///   hosts: [admin.example.com]
    ///   gateways: [admin]
    ///   http:
    ///   - route:
    ///     - destination: {host: admin}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/best-practices/security/>
    "mutual-host-behind-simple-wildcard", on: Gateway, severity: Warning, aliases: [], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let mut ways: BTreeMap<Span, Vec<WayAround<'_>>> = BTreeMap::new();
    for servers in of_each_workload(gateway, cx.view, may_differ) {
        for open in servers.iter().filter(|server| is_of(server, gateway) && has_mode(server, ServerTlsMode::Simple)) {
            let same_port = |server: &&Server<'_>| (server.listen_port, &server.bind) == (open.listen_port, &open.bind);
            let closed = servers.iter().filter(|server| has_mode(server, ServerTlsMode::Mutual)).filter(same_port);
            for (place, way) in closed.flat_map(|closed| ways_around(open, closed)) {
                let ways = ways.entry(place).or_default();
                if !ways.contains(&way) {
                    ways.push(way);
                }
            }
        }
    }
    for (place, mut ways) in ways {
        ways.sort_by_key(|way| (way.service.title(), way.service.id));
        let Some(first) = ways.first() else { continue };
        let fix = unbound(&ways, gateway, cx);
        let finding = cx.report(
            place,
            format!(
                "the client certificate that {} demands can be skipped here\nA client that connects under another name of \
                 this wildcard shows none and still reaches {} by its Host header.",
                first.host,
                first.service.title()
            ),
        );
        for way in &ways {
            finding.related(way.closed.0, way.closed.1, "this server demands the certificate");
            finding.related(way.service.id, way.service.resource.name_span(), "bound to both servers");
        }
        if let Some(fix) = fix {
            finding.fix(fix);
        }
    }
}

/// A wildcard without client certificates beside a server that demands them.
fn may_differ(own: &WrittenServer, other: &WrittenServer) -> bool {
    let mode = |server: &WrittenServer| server.tls.value().and_then(|tls| tls.mode.copied());
    mode(own) == Some(ServerTlsMode::Simple)
        && mode(other) == Some(ServerTlsMode::Mutual)
        && own.hosts.items().any(|host| host::is_wildcard(host::split_namespace(host).1))
}

/// A VirtualService that leads to a protected host from the wildcard server too.
struct WayAround<'a> {
    host: String,
    service: &'a Entry,
    /// The Gateway of the server that demands certificates, and where it says so.
    closed: (ResourceId, Span),
}

impl PartialEq for WayAround<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.service.id, self.closed) == (other.service.id, other.closed)
    }
}

fn has_mode(server: &Server<'_>, mode: ServerTlsMode) -> bool {
    server.is_in_force() && server.is_http() && server.tls == ServerTls::Mode(mode)
}

/// Where `open` has a wildcard over a host of `closed`, and the VirtualServices that lead to that host from both.
fn ways_around<'a>(open: &Server<'a>, closed: &Server<'a>) -> Vec<(Span, WayAround<'a>)> {
    let (Some((_, written)), Some((owner, demands))) = (istio(open), istio(closed)) else { return Vec::new() };
    let demands = demands.tls.value().and_then(|tls| tls.mode.span()).unwrap_or(demands.span);
    let mut ways = Vec::new();
    for wildcard in written.hosts.items() {
        let pattern = host::split_namespace(wildcard).1;
        for name in closed.claims.iter().map(|claim| host::split_namespace(claim).1) {
            if !host::is_wildcard(pattern) || pattern == name || !host::covers(pattern, name) {
                continue;
            }
            let beyond = through(closed, name);
            for service in through(open, name) {
                if beyond.iter().any(|other| other.id == service.id) {
                    let closed = (owner.entry.id, demands);
                    ways.push((wildcard.span, WayAround { host: name.to_owned(), service, closed }));
                }
            }
        }
    }
    ways
}

/// The VirtualServices that lead on from `server` for `name`.
fn through<'a>(server: &Server<'a>, name: &str) -> Vec<&'a Entry> {
    let serves = |route: &&Route<'a>| route.match_hosts.iter().any(|served| host::overlap(served, name));
    server.routes.iter().filter(serves).filter_map(|route| route.source).map(|source| source.bound).collect()
}

/// Takes the wildcard's Gateway out of the only VirtualService, if the server that demands certificates is of another.
fn unbound(ways: &[WayAround<'_>], gateway: Ref<'_, Gateway>, cx: &Context<'_>) -> Option<Fix> {
    let [way] = ways else { return None };
    let service = way.service.as_kind::<VirtualService>().filter(|_| way.closed.0 != gateway.entry.id)?;
    let name = (gateway.entry.namespace.as_str(), gateway.entry.name());
    let listed =
        service.spec.gateways.items().find(|written| gateway_reference(written, &way.service.namespace) == name)?;
    let document = cx.document(way.service)?;
    let path = document.path_at(listed.span.start()).to_edit();
    let edits = vec![Edit { resource: way.service.id, edit: document.remove(&path)? }];
    let title = format!("take Gateway {} out of {}", gateway.entry.qualified_name(), way.service.title());
    Some(Fix { title, safe: false, edits })
}
