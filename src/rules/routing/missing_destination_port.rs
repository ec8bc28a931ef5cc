//! Rule `missing-destination-port`.

use std::collections::BTreeSet;

use crate::index::{Ref, View};
use crate::resource::istio::{RouteKind, Server, VirtualService};
use crate::resource::{Protocol, host};
use crate::rules::gateway::bound_server::bound_servers;
use crate::rules::{Context, Severity, rule};
use crate::tls::{self, Service, Source};
use crate::yaml::{At, Literal};

rule! {
    /// A destination without port, but the Service has several.
    ///
    /// ## Why
    /// Without a port istiod takes the only one of the Service. Where there are several it takes the one that the request came to, of
    /// the host that the client called or of the gateway. That may be right; where the Service has no such port it is an error.
    ///
    /// ## Symptom
    /// `503 NC`: the route leads nowhere.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: http-admin, port: 81}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [public]
    ///   http:
    ///   - route:
    ///     - destination: {host: web} #~ missing-destination-port `web` 80, 81
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: http-admin, port: 81}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [public]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, port: {number: 80}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0112/>
    "missing-destination-port", on: VirtualService, severity: Error, aliases: ["IST0112"], since: "0.1.0", all_fit: true,
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let destinations = service.spec.destinations().filter(|(_, to)| to.port.is_absent());
    for (kind, written) in destinations.filter_map(|(kind, to)| Some((kind, to.host.present()?))).collect::<Vec<_>>() {
        let name = host::resolve(written, &service.entry.namespace);
        let services = tls::services(cx.view, &name);
        let [known] = services.as_slice() else { continue };
        let declared = declared(known);
        if declared.len() < 2 {
            continue;
        }
        let numbers: Vec<u32> = known.ports.iter().map(|port| port.number).collect();
        let mut called = ports_called(service, kind, cx.view);
        called.retain(|port| !numbers.contains(port));
        let (severity, outcome) = match called.is_empty() {
            true => (Severity::Info, String::new()),
            false => (Severity::Error, format!(", and there is no port {}: 503 (NC)", list(called.iter()))),
        };
        let document = cx.document(service.entry);
        let with_port = |number: u32| {
            let document = document.as_ref()?;
            let mut path = document.path_at(written.span.start()).to_edit();
            path.pop();
            path.extend([At::Key("port"), At::Key("number")]);
            document.set(&path, &Literal::Int(i64::from(number)))
        };
        let edits: Vec<_> = numbers.iter().map(|number| (*number, with_port(*number))).collect();
        let message = format!(
            "{name} has ports {}, and none is chosen\nistiod takes the port that the request came to{outcome}.",
            list(declared.iter())
        );
        let finding = cx.report(written.span, message).severity(severity);
        let source = known.source.entry();
        finding.related(source.id, source.resource.name_span(), "the ports are declared here");
        for (number, edit) in edits {
            finding.unsafe_fix(format!("send it to port {number}"), edit.into_iter().collect());
        }
    }
}

/// Its ports, those for UDP included.
fn declared(service: &Service<'_>) -> Vec<u32> {
    match service.source {
        Source::Service(source) => source.spec.ports.items().filter_map(|port| port.port.copied()).collect(),
        _ => service.ports.iter().map(|port| port.number).collect(),
    }
}

fn list<'n>(numbers: impl Iterator<Item = &'n u32>) -> String {
    numbers.map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// The ports that requests for routes of this kind surely come to, of the hosts in the mesh and of the gateways; none where some
/// match asks for a port.
fn ports_called(service: Ref<'_, VirtualService>, kind: RouteKind, view: &View<'_>) -> BTreeSet<u32> {
    let spec = service.spec;
    let http = spec.http.items().flat_map(|route| route.matches.items()).map(|one| &one.port);
    let by_tls = spec.tls.items().flat_map(|route| route.matches.items()).map(|one| &one.port);
    let tcp = spec.tcp.items().flat_map(|route| route.matches.items()).map(|one| &one.port);
    let mut ports = BTreeSet::new();
    if http.chain(by_tls).chain(tcp).any(|port| !port.is_absent()) {
        return ports;
    }
    if tls::is_for_mesh(spec) {
        let hosts = spec.hosts.items().map(|written| host::resolve(written, &service.entry.namespace));
        for called in hosts.flat_map(|host| tls::services(view, &host)) {
            let of_kind = called.ports.iter().filter(|port| port.protocol.is_http() == (kind == RouteKind::Http));
            ports.extend(of_kind.filter(|port| port.protocol != Protocol::Auto).map(|port| port.number));
        }
    }
    let servers = bound_servers(service, view).unwrap_or_default().into_iter();
    let redirects = |server: &Server| server.tls.value().is_some_and(|tls| tls.https_redirect.copied() == Some(true));
    let serving = servers.filter(|bound| bound.reads() == Some(kind) && !redirects(bound.server));
    ports.extend(serving.filter_map(|bound| bound.server.port.value()?.number.copied()));
    ports
}
