//! Rule `missing-egress-leg`.

use smol_str::SmolStr;

use crate::index::keys::gateway_reference;
use crate::index::{Entry, Key, Ref, View};
use crate::resource::istio::{Gateway, RouteKind, ServiceEntry, VirtualService};
use crate::resource::{Field, List, Protocol, host};
use crate::rules::gateway::bound_server::{gateways, offers};
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::tls;
use crate::tls::gateway::ServerTls;
use crate::yaml::{At, Literal};

rule! {
    /// The way through an egress gateway lacks one of its two legs.
    ///
    /// ## Why
    /// Traffic through an egress gateway is routed twice: in the sidecar (`mesh`) to the gateway's Service, and in the gateway to the
    /// host. A leg counts only for the gateways that the VirtualService lists.
    ///
    /// ## Symptom
    /// Without the second leg: `404 NR` from the egress gateway. Without the first: traffic goes straight out, past the gateway.
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
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: egress, namespace: shop}
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {istio: egressgateway}
    ///       annotations: {inject.istio.io/templates: gateway}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: egress, namespace: shop}
    /// spec: {selector: {istio: egressgateway}, ports: [{name: http, port: 80}]}
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
    /// kind: Gateway
    /// metadata: {name: egress, namespace: shop}
    /// spec:
    ///   selector: {istio: egressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [api.pay.example]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   gateways: [mesh, egress] #~ missing-egress-leg `gateways` 404
    ///   http:
    ///   - match: [{gateways: [mesh], port: 80}]
    ///     route:
    ///     - destination: {host: egress, port: {number: 80}}
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
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: egress, namespace: shop}
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {istio: egressgateway}
    ///       annotations: {inject.istio.io/templates: gateway}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: egress, namespace: shop}
    /// spec: {selector: {istio: egressgateway}, ports: [{name: http, port: 80}]}
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
    /// kind: Gateway
    /// metadata: {name: egress, namespace: shop}
    /// spec:
    ///   selector: {istio: egressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [api.pay.example]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   gateways: [mesh, egress]
    ///   http:
    ///   - match: [{gateways: [mesh], port: 80}]
    ///     route:
    ///     - destination: {host: egress, port: {number: 80}}
    ///   - match: [{gateways: [egress], port: 80}]
    ///     route:
    ///     - destination: {host: api.pay.example, port: {number: 80}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/>
    "missing-egress-leg", on: VirtualService, severity: Error, aliases: [], since: "0.1.0",
}

fn check(route: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let (Some(key), Some(gateways)) = (route.spec.gateways.key(), gateways(route, cx.view)) else { return };
    let legs_known = route.http.is_certain() && route.tls.is_certain() && route.tcp.is_certain();
    if !legs_known || gateways.is_empty() {
        return;
    }
    for written in route.spec.hosts.items().filter(|name| !host::is_wildcard(name)) {
        if cx.view.may_be_elsewhere(&Key::RouteFor(written.value.clone())) {
            continue;
        }
        let Some(entry) = external(cx.view, written) else { continue };
        for gateway in &gateways {
            let to_gateway = leads_to_workload_of(cx.view, route, *gateway);
            if !tls::is_for_mesh(route.spec) {
                if (to_gateway || names_mesh(route)) && !mesh_leg_elsewhere(cx.view, route, written) {
                    report_mesh(route, key, written, *gateway, cx);
                    return;
                }
            } else if to_gateway && !has_leg(cx.view, written, *gateway) {
                report_gateway(route, key, written, entry, *gateway, cx);
                return;
            }
        }
    }
}

/// The ServiceEntry that provides exactly this host.
fn external<'a>(view: &View<'a>, name: &str) -> Option<Ref<'a, ServiceEntry>> {
    view.typed::<ServiceEntry>(&Key::Host(name.into())).next()
}

/// Some route goes to a Service of the workload that serves `gateway`.
fn leads_to_workload_of(view: &View<'_>, route: Ref<'_, VirtualService>, gateway: Ref<'_, Gateway>) -> bool {
    let is_served = |entry: &Entry| {
        entry.workload().is_some_and(|pods| pods.matches(gateway.spec.selector.pairs()))
            && gateway.spec.selector.pairs().next().is_some()
    };
    route.spec.destinations().filter_map(|(_, destination)| destination.host.text()).any(|written| {
        let services = tls::services(view, &host::resolve(written, &route.entry.namespace));
        let mut endpoints = services.iter().flat_map(|service| &service.ports).flat_map(|port| &port.endpoints);
        endpoints.any(|endpoint| endpoint.entry.is_some_and(is_served))
    })
}

/// Some match is for `mesh`.
fn names_mesh(route: Ref<'_, VirtualService>) -> bool {
    matched_gateways(route.spec).iter().any(|list| list.items().any(|name| name.as_str() == "mesh"))
}

fn matched_gateways(route: &VirtualService) -> Vec<&Field<List<SmolStr>>> {
    let http = route.http.items().flat_map(|rule| rule.matches.items()).map(|one| &one.gateways);
    let tls = route.tls.items().flat_map(|rule| rule.matches.items()).map(|one| &one.gateways);
    let tcp = route.tcp.items().flat_map(|rule| rule.matches.items()).map(|one| &one.gateways);
    http.chain(tls).chain(tcp).collect()
}

/// Another VirtualService routes the host in the sidecars.
fn mesh_leg_elsewhere(view: &View<'_>, route: Ref<'_, VirtualService>, name: &str) -> bool {
    view.routes_for(name).any(|other| other.entry.id != route.entry.id && tls::is_for_mesh(other.spec))
}

/// Some VirtualService has a route for requests of the host that arrive at `gateway`.
fn has_leg(view: &View<'_>, name: &str, gateway: Ref<'_, Gateway>) -> bool {
    let entry = gateway.entry;
    view.bound_to(&entry.namespace, entry.name()).any(|route| {
        let is_for_host =
            route.spec.hosts.items().any(|host| host::covers(&host::resolve(host, &route.entry.namespace), name));
        let is_for_gateway = |list: &Field<List<SmolStr>>| {
            let mut names = list.items().peekable();
            names.peek().is_none()
                || names.any(|one| gateway_reference(one, &route.entry.namespace) == (&*entry.namespace, entry.name()))
        };
        let spec = route.spec;
        let any_http = spec.http.items().any(|rule| {
            let mut matches = rule.matches.items().peekable();
            matches.peek().is_none() || matches.any(|one| is_for_gateway(&one.gateways))
        });
        let any_tls = spec.tls.items().any(|rule| rule.matches.items().any(|one| is_for_gateway(&one.gateways)));
        let any_tcp = spec.tcp.items().any(|rule| {
            let mut matches = rule.matches.items().peekable();
            matches.peek().is_none() || matches.any(|one| is_for_gateway(&one.gateways))
        });
        let unknown =
            !(spec.http.is_certain() && spec.tls.is_certain() && spec.tcp.is_certain() && spec.hosts.is_certain());
        unknown || (is_for_host && (any_http || any_tls || any_tcp))
    })
}

fn report_mesh(route: Ref<'_, VirtualService>, key: Span, name: &str, gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let fix = cx
        .document(route.entry)
        .and_then(|document| document.push(&[At::Key("spec"), At::Key("gateways")], &Literal::from("mesh")));
    let finding = cx.report(
        key,
        format!(
            "`mesh` is not listed: sidecars do not send {name} to the egress gateway\nThe route to the gateway counts for no \
             sidecar; traffic goes straight out, past it."
        ),
    );
    finding.related(gateway.entry.id, gateway.entry.resource.name_span(), "the egress gateway");
    finding.safe_fix("list mesh too", fix.into_iter().collect());
}

fn report_gateway(
    route: Ref<'_, VirtualService>,
    key: Span,
    name: &str,
    entry: Ref<'_, ServiceEntry>,
    gateway: Ref<'_, Gateway>,
    cx: &mut Context<'_>,
) {
    let fix = cx.document(route.entry).and_then(|document| {
        let server =
            gateway.spec.servers.items().find(|server| offers(gateway, server, &route.entry.namespace, name))?;
        let port = server.port.value()?.number.copied()?;
        let listed = route.spec.gateways.items().find(|written| {
            gateway_reference(written, &route.entry.namespace) == (&*gateway.entry.namespace, gateway.entry.name())
        })?;
        let numbers: Vec<u32> = entry.spec.ports.items().filter_map(|declared| declared.number.copied()).collect();
        let target = numbers.iter().find(|number| **number == port).or(numbers.first()).copied()?;
        let protocol = Protocol::parse(server.port.value()?.protocol.text()?);
        let is_http = ServerTls::of(protocol, server.tls.value()).reads(protocol) == Some(RouteKind::Http);
        let mut matching = vec![
            ("gateways".to_owned(), Literal::list([listed.as_str()])),
            ("port".to_owned(), Literal::Int(i64::from(port))),
        ];
        if !is_http {
            matching.push(("sniHosts".to_owned(), Literal::list([name])));
        }
        let destination =
            Literal::map([("host", Literal::from(name)), ("port", Literal::map([("number", i64::from(target))]))]);
        let leg = Literal::map([
            ("match", Literal::List(vec![Literal::Map(matching)])),
            ("route", Literal::List(vec![Literal::map([("destination", destination)])])),
        ]);
        let list = [At::Key("spec"), At::Key(if is_http { "http" } else { "tls" })];
        document.push(&list, &leg).or_else(|| document.set(&list, &Literal::List(vec![leg.clone()])))
    });
    let finding = cx.report(
        key,
        format!(
            "the egress gateway has no route on to {name}\nSidecars send the requests to Gateway {}, which answers 404 (NR): \
             no VirtualService leads on from there.",
            gateway.entry.qualified_name()
        ),
    );
    finding.related(gateway.entry.id, gateway.entry.resource.name_span(), "requests arrive here");
    finding.safe_fix("add the route from the gateway to the host", fix.into_iter().collect());
}
