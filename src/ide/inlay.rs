//! Inlay hints: behind hosts and modes, where a connection goes and what is on the wire.

use std::ops::Range;
use std::path::Path;

use super::Files;
use super::brief::{Brief, Part, brief, sent_by, target};
use super::governed::{counted, governed};
use crate::index::keys::gateway_reference;
use crate::index::{Entry, Ref, View};
use crate::resource::gateway_api::KubernetesGateway;
use crate::resource::istio::{
    ClientTls, DestinationRule, Gateway, PeerAuthentication, RouteKind, ServiceEntry, TrafficPolicy, VirtualService,
};
use crate::resource::{Field, host};
use crate::text::Span;
use crate::tls::{self, Client};

/// So many classes of clients are looked at for a hint: a file may hold hundreds of hosts.
const MAX_CLIENTS: usize = 4;

/// A hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inlay {
    /// The byte of the file behind which it is shown.
    pub offset: usize,
    /// What it says.
    pub text: String,
}

/// The hints for `range` (bytes) of `file`, in the order of the text.
#[must_use]
pub fn inlays(files: &dyn Files, file: &Path, range: Range<usize>) -> Vec<Inlay> {
    let view = View::new(files.index());
    let mut found = Vec::new();
    for document in files.documents(file) {
        for entry in document.resources.iter().filter_map(|id| files.index().entry(*id)) {
            let span = entry.resource.span.shifted(document.start);
            if span.start() > range.end || span.end() < range.start {
                continue;
            }
            let mut hints = Hints { view: &view, wanted: range.clone(), start: document.start, found: &mut found };
            hints.of(entry);
        }
    }
    found.sort_by_key(|hint: &Inlay| hint.offset);
    found
}

struct Hints<'b, 'a> {
    view: &'b View<'a>,
    wanted: Range<usize>,
    start: usize,
    found: &'b mut Vec<Inlay>,
}

impl<'a> Hints<'_, 'a> {
    fn of(&mut self, entry: &'a Entry) {
        if let Some(rule) = entry.as_kind() {
            self.rule(rule);
        } else if let Some(routes) = entry.as_kind() {
            self.routes(routes);
        } else if let Some(service_entry) = entry.as_kind() {
            self.service_entry(service_entry);
        } else if let Some(policy) = entry.as_kind() {
            self.policy(policy);
        } else if let Some(gateway) = entry.as_kind::<Gateway>() {
            self.servers(tls::gateway::workloads_of(self.view, gateway), entry, |index| {
                let server = gateway.spec.servers.value()?.get(index)?.value()?;
                server.tls.value()?.mode.span()
            });
        } else if let Some(gateway) = entry.as_kind::<KubernetesGateway>() {
            let workload = tls::gateway::GatewayWorkload::generated(self.view, gateway);
            self.servers(workload.into_iter().collect(), entry, |index| {
                let listener = gateway.spec.listeners.value()?.get(index)?.value()?;
                listener.tls.value().and_then(|tls| tls.mode.span()).or(listener.protocol.span())
            });
        }
    }

    /// Adds what `text` says, if the end of `span` is asked for; only then it is worked out.
    fn add(&mut self, span: Option<Span>, text: impl FnOnce(&View<'a>) -> Option<String>) {
        let Some(offset) = span.map(|span| self.start + span.end()) else { return };
        if self.wanted.start <= offset && offset <= self.wanted.end {
            self.found.extend(text(self.view).map(|text| Inlay { offset, text }));
        }
    }

    fn rule(&mut self, rule: Ref<'a, DestinationRule>) {
        let Some(written) = rule.spec.host.text() else { return };
        let name = host::resolve(written, &rule.entry.namespace);
        if host::is_wildcard(&name) {
            return;
        }
        let part = Part { rule: Some(rule), ..Part::default() };
        self.add(rule.spec.host.span(), |view| to(view, &name, part));
        self.block(&rule.spec.traffic_policy, &name, part);
        for subset in rule.spec.subsets.items() {
            let part = Part { subset: subset.name.text(), ..part };
            self.block(&subset.traffic_policy, &name, part);
        }
    }

    fn block(&mut self, policy: &'a Field<TrafficPolicy>, name: &str, part: Part<'_, 'a>) {
        let Some(policy) = policy.value() else { return };
        self.mode(&policy.tls, name, part);
        for settings in policy.port_level_settings.items() {
            let port = settings.port.value().and_then(|port| port.number.copied());
            self.mode(&settings.tls, name, Part { port, ..part });
        }
    }

    fn mode(&mut self, tls: &Field<ClientTls>, name: &str, part: Part<'_, 'a>) {
        let span = tls.value().and_then(|tls| tls.mode.span());
        self.add(span, |view| {
            let said = brief(view, tls::services(view, name).first()?, Part { mode: span, ..part }, MAX_CLIENTS);
            Some(said.line().unwrap_or_else(|| "decides nothing".to_owned()))
        });
    }

    fn routes(&mut self, routes: Ref<'a, VirtualService>) {
        let namespace = &routes.entry.namespace;
        let gateways: Vec<&str> = routes.spec.gateways.items().map(|gateway| gateway.as_str()).collect();
        let in_mesh = gateways.is_empty() || gateways.contains(&"mesh");
        let own = if in_mesh { tls::clients_in(self.view, namespace) } else { Vec::new() };
        for (kind, destination) in routes.spec.destinations() {
            let Some(written) = destination.host.text() else { continue };
            let name = host::resolve(written, namespace);
            let port = destination.port.value().and_then(|port| port.number.copied());
            let encrypted = kind == RouteKind::Tls;
            let part = Part { port, subset: destination.subset.text(), encrypted, ..Part::default() };
            self.add(destination.host.span(), |view| {
                if in_mesh && !own.is_empty() {
                    return from(view, &own, &name, part);
                }
                let bound = gateways.iter().filter(|gateway| **gateway != "mesh").find_map(|gateway| {
                    let (of, name) = gateway_reference(gateway, namespace);
                    view.named::<Gateway>(of, name)
                });
                match bound {
                    Some(gateway) => {
                        let workloads = tls::gateway::workloads_of(view, gateway);
                        let clients: Vec<_> = workloads.iter().map(tls::gateway::GatewayWorkload::client).collect();
                        from(view, &clients, &name, part)
                    }
                    None => to(view, &name, part),
                }
            });
        }
    }

    fn service_entry(&mut self, service_entry: Ref<'a, ServiceEntry>) {
        for written in service_entry.spec.hosts.items() {
            self.add(Some(written.span), |view| to(view, written.as_str(), Part::default()));
        }
    }

    fn policy(&mut self, policy: Ref<'a, PeerAuthentication>) {
        let span = policy.spec.mtls.value().and_then(|mtls| mtls.mode.span());
        self.add(span, |view| Some(format!("for {}", counted(governed(view, policy).len(), "workload"))));
    }

    fn servers(
        &mut self,
        workloads: Vec<tls::gateway::GatewayWorkload<'a>>,
        gateway: &Entry,
        place: impl Fn(usize) -> Option<Span>,
    ) {
        // Gateways on more than one workload are served alike by each.
        let Some(workload) = workloads.first() else { return };
        let on = workload.name.as_deref().unwrap_or("an assumed gateway");
        for server in tls::gateway::servers_of(self.view, workload, gateway) {
            let routes = match server.is_in_force() {
                true => counted(server.routes.len(), "route"),
                false => server.status.as_str().to_owned(),
            };
            self.add(place(server.index), |_| Some(format!("on {on} · {routes}")));
        }
    }
}

/// Where `name` leads and what is sent there by whoever sees it.
fn to<'a>(view: &View<'a>, name: &str, part: Part<'_, 'a>) -> Option<String> {
    let services = tls::services(view, name);
    let service = services.first()?;
    Some(said(&target(service, part.port, part.subset), &brief(view, service, part, MAX_CLIENTS)))
}

/// Where `name` leads and what `clients` send there.
fn from<'a>(view: &View<'a>, clients: &[Client<'a>], name: &str, part: Part<'_, 'a>) -> Option<String> {
    let service = tls::service(view, &clients.first()?.namespace, name)?;
    Some(said(&target(&service, part.port, part.subset), &sent_by(view, clients, &service, part, MAX_CLIENTS)))
}

fn said(target: &str, brief: &Brief) -> String {
    brief.line().map_or_else(|| format!("-> {target}"), |line| format!("-> {target} · {line}"))
}
