//! What a client sees: exportTo of services, and the Sidecar resource in force.
//!
//! Follows `pilot/pkg/model/sidecar.go` of istiod. Gateways see whatever is exported to their namespace.

use std::borrow::Cow;

use super::Labels;
use super::client::Client;
use super::service::Service;
use super::services;
use crate::index::{Key, Ref, View};
use crate::resource::istio::{EgressListener, Sidecar, VirtualService};
use crate::resource::{Protocol, host};

/// The Sidecar in force for pods of `namespace` with `labels`: one that selects them, else one without selector, else the
/// one without selector of the root namespace; the oldest of each.
#[must_use]
pub fn sidecar<'a>(view: &View<'a>, namespace: &str, labels: &Labels) -> Option<Ref<'a, Sidecar>> {
    let oldest = |namespace: &str, wanted: &dyn Fn(&Ref<'a, Sidecar>) -> bool| {
        let found = view.in_namespace::<Sidecar>(namespace).filter(wanted);
        found.min_by(|left, right| left.entry.age().cmp(&right.entry.age()))
    };
    let selecting = |sidecar: &Ref<'a, Sidecar>| {
        let selector = sidecar.spec.workload_selector.value();
        selector.is_some_and(|selector| selector.pairs().next().is_some() && labels.satisfy(selector.pairs()))
    };
    let general = |sidecar: &Ref<'a, Sidecar>| sidecar.spec.workload_selector.selects_all();
    oldest(namespace, &selecting)
        .or_else(|| oldest(namespace, &general))
        .or_else(|| oldest(&view.mesh().root_namespace, &general))
}

/// `service` as `client` sees it: nothing, all of it, or some of its ports.
#[must_use]
pub fn visible<'a, 'b>(view: &View<'a>, client: &Client<'a>, service: &'b Service<'a>) -> Option<Cow<'b, Service<'a>>> {
    if service.exported_to(view, &client.namespace) == Some(false) {
        return None;
    }
    let listeners: Vec<_> = client.sidecar.iter().flat_map(|sidecar| sidecar.spec.egress.items()).collect();
    if listeners.is_empty() {
        return Some(Cow::Borrowed(service));
    }
    let mut ports = Vec::new();
    for listener in listeners {
        let hosts = EgressHosts::of(listener, &client.namespace);
        if hosts.import(&service.namespace, |pattern| host::covers(pattern, &service.host), &service.host) {
            ports.extend(listener_ports(listener, service));
        }
        for routed in routed_ports(view, client, &hosts, service) {
            ports.extend(routed.into_iter().filter(|port| listener_ports(listener, service).contains(port)));
        }
    }
    if ports.is_empty() {
        return None;
    }
    if service.ports.iter().all(|port| ports.contains(&port.number)) {
        return Some(Cow::Borrowed(service));
    }
    let mut limited = service.clone();
    limited.ports.retain(|port| ports.contains(&port.number));
    Some(Cow::Owned(limited))
}

/// What `client` sees of `services`, which are all services by host ([`super::all_services`]).
pub fn seen<'a, 'b>(
    view: &'b View<'a>,
    client: &'b Client<'a>,
    services: &'b [Service<'a>],
) -> impl Iterator<Item = Cow<'b, Service<'a>>> {
    services.chunk_by(|left, right| left.host == right.host).filter_map(move |rivals| {
        let mut rivals = rivals.iter().filter(|service| service.exported_to(view, &client.namespace) != Some(false));
        let first = rivals.next()?;
        match rivals.next() {
            None => visible(view, client, first),
            Some(second) => {
                let all = [first, second].into_iter().chain(rivals).cloned();
                let merged = services::merge(all)?;
                visible(view, client, &merged).map(|service| Cow::Owned(service.into_owned()))
            }
        }
    })
}

/// A listener for one port carries only that port, unless it is a proxy for all.
fn listener_ports(listener: &EgressListener, service: &Service<'_>) -> Vec<u32> {
    let port = listener.port.value();
    let any = port.and_then(|port| port.protocol.text()).map(Protocol::parse) == Some(Protocol::HttpProxy);
    let only = port.and_then(|port| port.number.copied()).filter(|number| *number != 0 && !any);
    service.ports.iter().map(|port| port.number).filter(|number| only.is_none_or(|only| only == *number)).collect()
}

/// The `hosts` of a listener, each a namespace and a name.
struct EgressHosts<'a> {
    imports: Vec<(&'a str, &'a str)>,
    excludes: Vec<(&'a str, &'a str)>,
}

impl<'a> EgressHosts<'a> {
    fn of(listener: &'a EgressListener, client: &'a str) -> Self {
        let mut hosts = Self { imports: Vec::new(), excludes: Vec::new() };
        for written in listener.hosts.items() {
            let Some((namespace, name)) = written.split_once('/') else { continue };
            let (list, namespace) = match namespace.strip_prefix('~') {
                Some("") => (&mut hosts.excludes, "*"),
                Some(namespace) => (&mut hosts.excludes, namespace),
                None => (&mut hosts.imports, namespace),
            };
            list.push((if namespace == "." { client } else { namespace }, name));
        }
        hosts
    }

    fn import(&self, namespace: &str, matches: impl Fn(&str) -> bool, name: &str) -> bool {
        let of = |owner: &str| owner == "*" || owner == namespace;
        let excluded = self.excludes.iter().any(|(owner, pattern)| of(owner) && host::covers(pattern, name));
        !excluded && self.imports.iter().any(|(owner, pattern)| of(owner) && matches(pattern))
    }
}

/// The ports of `service` to which VirtualServices lead that the listener imports.
fn routed_ports(view: &View<'_>, client: &Client<'_>, hosts: &EgressHosts<'_>, service: &Service<'_>) -> Vec<Vec<u32>> {
    let mut routed = Vec::new();
    for route in view.routes_to(&service.host) {
        let roots: Vec<_> = match route.spec.hosts.items().next() {
            Some(_) => vec![route],
            None => view.typed(&Key::DelegatesTo(route.entry.namespace.clone(), route.entry.name().into())).collect(),
        };
        if roots.iter().any(|root| imports_route(view, client, hosts, *root)) {
            routed.push(destination_ports(route, service));
        }
    }
    routed
}

fn imports_route(
    view: &View<'_>,
    client: &Client<'_>,
    hosts: &EgressHosts<'_>,
    route: Ref<'_, VirtualService>,
) -> bool {
    is_for_mesh(route.spec)
        && view.exported_to(route.entry, &client.namespace) != Some(false)
        && route.spec.hosts.items().any(|written| {
            let name = host::resolve(written, &route.entry.namespace);
            hosts.import(&route.entry.namespace, |pattern| host::overlap(pattern, &name), &name)
        })
}

/// Sidecars read the VirtualService: `gateways` is left out or names `mesh`.
#[must_use]
pub fn is_for_mesh(route: &VirtualService) -> bool {
    let mut gateways = route.gateways.items().peekable();
    gateways.peek().is_none() || gateways.any(|gateway| gateway.as_str() == "mesh")
}

fn destination_ports(route: Ref<'_, VirtualService>, service: &Service<'_>) -> Vec<u32> {
    let mut ports = Vec::new();
    for (_, destination) in route.spec.destinations() {
        let name = destination.host.text().unwrap_or("");
        if host::resolve(name, &route.entry.namespace) != service.host.as_str() {
            continue;
        }
        match destination.port.value().and_then(|port| port.number.copied()) {
            Some(number) => ports.extend(service.port(number).map(|port| port.number)),
            None => ports.extend(service.ports.iter().map(|port| port.number)),
        }
    }
    ports
}
