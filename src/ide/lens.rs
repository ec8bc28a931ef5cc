//! Code lenses: over a resource, a host, a subset, a port or a listener, how often it is named, what is on the wire to it,
//! and the way to the map.
//!
//! [`lenses`] only says where lenses stand, which costs nothing; [`lens_title`] says what one says, once it is looked at.
//! All of it can be had without lenses: as references, hover, hints and the map.

use std::ops::Range;
use std::path::Path;

use super::Files;
use super::brief::{Brief, Part, brief};
use super::governed::{counted, governed};
use super::map::Filter;
use super::references::references;
use crate::index::{Entry, View};
use crate::resource::istio::{DestinationRule, Gateway, MtlsMode, PeerAuthentication};
use crate::resource::{Body, Kind, host};
use crate::text::Span;
use crate::tls::{self, ProxyKind};

/// So many classes of clients are counted.
const MAX_CLIENTS: usize = 60;

/// A lens that has not said anything yet.
#[derive(Debug, Clone)]
pub struct Lens {
    /// The name that it stands over, as bytes of the file.
    pub span: Range<usize>,
    /// What it is about.
    pub kind: LensKind,
    /// What the map shows when the lens is followed.
    pub shows: Filter,
}

/// What a lens is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LensKind {
    /// The places that name it.
    References,
    /// The clients, and what is on the wire.
    Tls,
    /// The map.
    Map,
}

/// The lenses of `file`, in the order of its text.
#[must_use]
pub fn lenses(files: &dyn Files, file: &Path) -> Vec<Lens> {
    let view = View::new(files.index());
    let mut found = Vec::new();
    for document in files.documents(file) {
        for entry in document.resources.iter().filter_map(|id| files.index().entry(*id)) {
            let is_written = |place: &Place| place.span.end() <= document.document.text.len();
            for place in places(&view, entry).into_iter().filter(is_written) {
                let shows = shows(&view, entry, &place);
                let kinds = [
                    (place.is_named, LensKind::References),
                    (shows.is_some(), LensKind::Tls),
                    (shows.is_some() && place.part == What::Resource, LensKind::Map),
                ];
                let span = place.span.shifted(document.start).range();
                let lens = |kind| Lens { span: span.clone(), kind, shows: shows.clone().unwrap_or_default() };
                found.extend(kinds.into_iter().filter(|(is_there, _)| *is_there).map(|(_, kind)| lens(kind)));
            }
        }
    }
    found.sort_by_key(|lens| lens.span.start);
    found
}

/// What the lens of this kind over byte `offset` of `file` says. `own` are the scopes of the file, `others` all of them.
#[must_use]
pub fn lens_title<F: Files>(own: &[F], others: &[F], file: &Path, offset: usize, kind: LensKind) -> Option<String> {
    match kind {
        LensKind::Map => Some("show TLS map".to_owned()),
        LensKind::References => {
            let found = references(own, others, file, offset);
            Some(counted(found.iter().filter(|found| !found.defines).count(), "reference"))
        }
        LensKind::Tls => {
            let files = own.first()?;
            let view = View::new(files.index());
            let document = files.document_at(file, offset)?;
            let entries = document.resources.iter().filter_map(|id| files.index().entry(*id));
            let mut places =
                entries.flat_map(|entry| places(&view, entry).into_iter().map(move |place| (entry, place)));
            let (entry, place) = places.find(|(_, place)| place.span.shifted(document.start).touches(offset))?;
            Some(said(&view, entry, &place)?.join(" | "))
        }
    }
}

/// Where lenses stand.
struct Place {
    span: Span,
    part: What,
    /// Others name it.
    is_named: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Resource,
    /// A host of a ServiceEntry, or a listener: only its references count.
    Name,
    Subset(String),
    Port(u32),
}

fn places(view: &View<'_>, entry: &Entry) -> Vec<Place> {
    let kind = entry.resource.kind;
    let is_named = match &entry.resource.body {
        Body::VirtualService(service) => service.hosts.is_absent(),
        _ => matches!(
            kind,
            Kind::Service | Kind::Gateway | Kind::KubernetesGateway | Kind::Secret | Kind::ServiceAccount
        ),
    };
    let mut found = vec![Place { span: entry.resource.name_span(), part: What::Resource, is_named }];
    let mut add = |span, part| found.push(Place { span, is_named: !matches!(part, What::Port(_)), part });
    match &entry.resource.body {
        Body::ServiceEntry(service) => service.hosts.items().for_each(|host| add(host.span, What::Name)),
        Body::DestinationRule(rule) => {
            for subset in rule.subsets.items() {
                let name = subset.name.present().filter(|name| !name.value.is_empty());
                name.into_iter().for_each(|name| add(name.span, What::Subset(name.value.to_string())));
            }
        }
        Body::Service(service) if service.ports.items().nth(1).is_some() => {
            for port in service.ports.items().filter_map(|port| port.port.present()) {
                add(port.span, What::Port(port.value));
            }
        }
        Body::KubernetesGateway(gateway) => {
            let names = gateway.listeners.items().filter_map(|listener| listener.name.span());
            names.for_each(|span| add(span, What::Name));
        }
        _ => {}
    }
    found.retain(|place| place.is_named || shows(view, entry, place).is_some());
    found
}

/// What the map shows of it; none where nothing is known of its traffic.
fn shows(view: &View<'_>, entry: &Entry, place: &Place) -> Option<Filter> {
    if place.part == What::Name {
        return None;
    }
    match entry.resource.kind {
        Kind::Service | Kind::ServiceEntry | Kind::DestinationRule => {
            let host = host_of(entry)?;
            tls::services(view, &host).first()?;
            Some(Filter { to: Some(host), ..Filter::default() })
        }
        Kind::PeerAuthentication => Some(Filter::default()),
        Kind::Gateway => Some(Filter { gateway: Some(entry.qualified_name()), ..Filter::default() }),
        _ => entry.workload().map(|_| Filter { from: Some(entry.qualified_name()), ..Filter::default() }),
    }
}

/// The host whose clients are counted.
fn host_of(entry: &Entry) -> Option<String> {
    match &entry.resource.body {
        Body::Service(_) => Some(entry.service_host()),
        Body::ServiceEntry(service) => Some(service.hosts.items().next()?.value.to_string()),
        Body::DestinationRule(rule) => Some(host::resolve(rule.host.text()?, &entry.namespace)),
        _ => None,
    }
}

fn said(view: &View<'_>, entry: &Entry, place: &Place) -> Option<Vec<String>> {
    match entry.resource.kind {
        Kind::Service | Kind::ServiceEntry | Kind::DestinationRule => {
            let services = tls::services(view, &host_of(entry)?);
            let rule = entry.as_kind::<DestinationRule>();
            let (port, subset) = match &place.part {
                What::Port(port) => (Some(*port), None),
                What::Subset(name) => (None, Some(name.as_str())),
                What::Resource | What::Name => (None, None),
            };
            let part = Part { rule, port, subset, ..Part::default() };
            let before = if rule.is_some() { "read by " } else { "" };
            Some(told(before, &brief(view, services.first()?, part, MAX_CLIENTS)))
        }
        Kind::PeerAuthentication => {
            let policy = entry.as_kind::<PeerAuthentication>()?;
            let mode = policy.spec.mtls.value().and_then(|mtls| mtls.effective_mode()).unwrap_or(MtlsMode::Unset);
            let workloads = governed(view, policy).len();
            Some(vec![format!("decides for {}", counted(workloads, "workload")), mode.to_string()])
        }
        Kind::Gateway => {
            let workloads = tls::gateway::workloads_of(view, entry.as_kind::<Gateway>()?);
            let names = workloads.iter().map(|workload| workload.name.as_deref().unwrap_or("an assumed workload"));
            Some(vec![format!("on {}", names.collect::<Vec<_>>().join(", "))])
        }
        _ => {
            entry.workload()?;
            let kind = tls::proxy(view, entry).kind;
            let mut titles = vec![if kind == ProxyKind::None { "no proxy" } else { kind.as_str() }.to_owned()];
            if matches!(kind, ProxyKind::Sidecar | ProxyKind::Ztunnel) {
                titles.push(format!("accepts {}", tls::inbound(view, entry, None).mode));
            }
            Some(titles)
        }
    }
}

fn told(before: &str, brief: &Brief) -> Vec<String> {
    let more = if brief.more { " and more" } else { "" };
    let classes = if brief.classes == 1 { "1 class" } else { &format!("{} classes", brief.classes) };
    let who = match brief.clients {
        0 => format!("{before}no client in the workspace"),
        clients => format!("{before}{} in {classes}{more}", counted(clients, "client")),
    };
    std::iter::once(who).chain(brief.line()).collect()
}
