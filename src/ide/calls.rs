//! The call hierarchy is the traffic: who calls a host, a workload, a gateway or a route, whom it calls, and what is on
//! the wire between them.

use std::collections::BTreeMap;
use std::path::Path;

use super::brief::{Part, brief};
use super::connections::in_words;
use super::implementation::behind;
use super::names::{self, Name};
use super::{Files, PlaceOf};
use crate::index::{Entry, View};
use crate::resource::istio::{Gateway, VirtualService};
use crate::resource::{Kind, host};
use crate::text::Span;
use crate::tls::{self, Client};

/// So many classes of clients, and so many services, are looked at.
const MAX_CALLS: usize = 100;

/// One end of a call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// A host.
    Host(String),
    /// A workload, a Gateway or a VirtualService: kind, namespace, name.
    Resource(Kind, String, String),
}

/// A node of the hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub end: End,
    /// What it is called.
    pub name: String,
    /// What is on the wire of the call that led here; else what it is.
    pub detail: String,
    /// Where it stands.
    pub place: PlaceOf,
    /// All of it.
    pub full: Span,
}

/// What byte `offset` of `file` stands for: the host or resource that is named there, else the resource around it.
#[must_use]
pub fn prepare_calls(files: &dyn Files, file: &Path, offset: usize) -> Option<Node> {
    let view = View::new(files.index());
    let named = names::at(files, &view, file, offset).and_then(|(_, mention, _)| match mention.name {
        Name::Host(host) | Name::Subset(host, _) | Name::Port(host, _) => Some(End::Host(host.into())),
        Name::Resource(kind, namespace, name) => Some(End::Resource(kind, namespace.into(), name.into())),
        _ => None,
    });
    if let Some(node) = named.and_then(|end| node(files, &view, end, String::new())) {
        return Some(node);
    }
    let document = files.document_at(file, offset)?;
    let within = offset.checked_sub(document.start)?;
    let entries = document.resources.iter().filter_map(|id| files.index().entry(*id));
    let entry = entries.into_iter().find(|entry| entry.resource.span.touches(within))?;
    let end = match entry.resource.kind {
        Kind::Service => End::Host(entry.service_host()),
        kind => End::Resource(kind, entry.namespace.to_string(), entry.name().to_owned()),
    };
    node(files, &view, end, String::new())
}

/// Who calls `end`, each with what is on the wire.
#[must_use]
pub fn incoming_calls(files: &dyn Files, end: &End) -> Vec<Node> {
    let view = View::new(files.index());
    let mut calls = Calls { files, view: &view, found: BTreeMap::new() };
    match end {
        End::Host(host) => calls.calling(host),
        End::Resource(Kind::VirtualService, ..) => {
            let route = entry(&view, end).and_then(|entry| entry.as_kind::<VirtualService>());
            for gateway in
                route.iter().flat_map(|route| route.spec.gateways.items()).filter(|name| *name.value != *"mesh")
            {
                let own = route.map_or("", |route| route.entry.namespace.as_str());
                let (of, name) = crate::index::keys::gateway_reference(gateway, own);
                if let Some(gateway) = view.named::<Gateway>(of, name) {
                    calls.of_gateway(
                        gateway.entry,
                        |route| is_bound(end, route),
                        |calls, server, _| {
                            let tls = server.tls.as_str();
                            calls.add(resource(gateway.entry), format!("{tls} on port {}", server.port));
                        },
                    );
                }
            }
        }
        End::Resource(..) => {
            let workload = entry(&view, end).filter(|entry| entry.workload().is_some());
            for service in workload.into_iter().flat_map(|workload| view.services_of(workload)) {
                calls.calling(&service.entry.service_host());
            }
        }
    }
    calls.nodes()
}

/// Whom `end` calls, each with what is on the wire. Of a host, the workloads behind it and what they accept.
#[must_use]
pub fn outgoing_calls(files: &dyn Files, end: &End) -> Vec<Node> {
    let view = View::new(files.index());
    let mut calls = Calls { files, view: &view, found: BTreeMap::new() };
    match end {
        End::Host(host) => {
            for workload in behind(&view, host) {
                let accepts = workload.workload().is_some() && tls::proxy(&view, workload).kind != tls::ProxyKind::None;
                let mode = accepts.then(|| format!("accepts {}", tls::inbound(&view, workload, None).mode));
                calls.add(resource(workload), mode.unwrap_or_else(|| "no proxy".to_owned()));
            }
        }
        End::Resource(Kind::Gateway, ..) => {
            if let Some(gateway) = entry(&view, end) {
                calls.of_gateway(
                    gateway,
                    |_| true,
                    |calls, _, route| {
                        let wire = format!("{} to port {}", route.upstream.as_str(), route.port);
                        calls.add(End::Host(route.host.to_string()), wire);
                    },
                );
            }
        }
        End::Resource(Kind::VirtualService, ..) => calls.of_route(end),
        End::Resource(..) => calls.of_workload(end),
    }
    calls.nodes()
}

struct Calls<'v, 'a> {
    files: &'a dyn Files,
    view: &'v View<'a>,
    found: BTreeMap<End, Vec<String>>,
}

impl<'a> Calls<'_, 'a> {
    fn add(&mut self, end: End, wire: String) {
        let wires = self.found.entry(end).or_default();
        if !wires.contains(&wire) {
            wires.push(wire);
        }
    }

    fn nodes(self) -> Vec<Node> {
        let (files, view) = (self.files, self.view);
        self.found.into_iter().filter_map(|(end, wires)| node(files, view, end, wires.join(", "))).collect()
    }

    fn calling(&mut self, host: &str) {
        let view = self.view;
        for service in tls::services(view, host) {
            for client in tls::callers(view, &service).take(MAX_CALLS).filter(|client| !client.members.is_empty()) {
                for port in &service.ports {
                    let Some(sent) = tls::outbound(view, &client, host, port.number, None) else { continue };
                    for member in &client.members {
                        self.add(resource(member), format!("{} to port {}", in_words(sent.sends), port.number));
                    }
                }
            }
        }
        let bound = view.routes_to(host).flat_map(|route| route.spec.gateways.items().map(move |name| (route, name)));
        let gateways = bound.filter_map(|(route, name)| {
            let (of, name) = crate::index::keys::gateway_reference(name, &route.entry.namespace);
            view.named::<Gateway>(of, name)
        });
        for gateway in gateways.take(MAX_CALLS) {
            self.of_gateway(
                gateway.entry,
                |route| route.host == host,
                |calls, _, route| {
                    let wire = format!("{} to port {}", route.upstream.as_str(), route.port);
                    calls.add(resource(gateway.entry), wire);
                },
            );
        }
    }

    fn of_gateway(
        &mut self,
        entry: &'a Entry,
        wanted: impl Fn(&tls::gateway::Route<'_>) -> bool,
        mut each: impl FnMut(&mut Self, &tls::gateway::Server<'a>, &tls::gateway::Route<'a>),
    ) {
        let Some(gateway) = entry.as_kind::<Gateway>() else { return };
        for workload in tls::gateway::workloads_of(self.view, gateway) {
            for server in tls::gateway::servers_of(self.view, &workload, entry) {
                server.routes.iter().filter(|route| wanted(route)).for_each(|route| each(self, &server, route));
            }
        }
    }

    fn of_route(&mut self, end: &End) {
        let Some(route) = entry(self.view, end).and_then(|entry| entry.as_kind::<VirtualService>()) else { return };
        for (_, destination) in route.spec.destinations() {
            let Some(written) = destination.host.text() else { continue };
            let name = host::resolve(written, &route.entry.namespace);
            let port = destination.port.value().and_then(|port| port.number.copied());
            let part = Part { port, subset: destination.subset.text(), ..Part::default() };
            let services = tls::services(self.view, &name);
            let wire = services.first().and_then(|service| brief(self.view, service, part, MAX_CALLS).line());
            self.add(End::Host(name), wire.unwrap_or_else(|| "no client in the workspace".to_owned()));
        }
    }

    fn of_workload(&mut self, end: &End) {
        let view = self.view;
        let Some(workload) = entry(view, end) else { return };
        let Some(client) = Client::of(view, workload) else { return };
        let services = tls::all_services(view);
        for service in tls::seen(view, &client, &services).take(MAX_CALLS) {
            for port in &service.ports {
                if let Some(sent) = tls::outbound(view, &client, &service.host, port.number, None) {
                    let wire = format!("{} to port {}", in_words(sent.sends), port.number);
                    self.add(End::Host(service.host.to_string()), wire);
                }
            }
        }
    }
}

fn is_bound(end: &End, route: &tls::gateway::Route<'_>) -> bool {
    route.source.as_ref().is_some_and(|source| resource(source.bound) == *end)
}

fn resource(entry: &Entry) -> End {
    End::Resource(entry.resource.kind, entry.namespace.to_string(), entry.name().to_owned())
}

fn entry<'a>(view: &View<'a>, end: &End) -> Option<&'a Entry> {
    let End::Resource(kind, namespace, name) = end else { return None };
    let key = crate::index::Key::Named(*kind, namespace.as_str().into(), name.as_str().into());
    view.under(&key).next().map(|entry| &**entry)
}

/// The node that stands for `end`; none where nothing of the workspace does.
fn node(files: &dyn Files, view: &View<'_>, end: End, wire: String) -> Option<Node> {
    let (entry, name, what, span) = match &end {
        End::Host(host) => {
            let provider = view.providers(host).into_iter().next()?;
            let span = match provider {
                crate::index::HostProvider::ServiceEntry(_, host) => host.span,
                crate::index::HostProvider::Service(service) => service.entry.resource.name_span(),
            };
            (provider.entry(), host.clone(), provider.entry().title(), span)
        }
        End::Resource(kind, ..) => {
            let entry = entry(view, &end)?;
            let takes_part = matches!(kind, Kind::Gateway | Kind::VirtualService) || entry.workload().is_some();
            takes_part.then_some(())?;
            (entry, entry.qualified_name(), kind.to_string(), entry.resource.name_span())
        }
    };
    let (place, full) = (files.place_of(entry.id, span)?, files.place_of(entry.id, entry.resource.span));
    let full = full.map_or(place.span, |full| full.span.to(place.span));
    Some(Node { name, detail: if wire.is_empty() { what } else { wire }, place, full, end })
}
