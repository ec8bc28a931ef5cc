//! Go to definition: from a name to the resource that carries it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::Files;
use super::names;
use super::place::Cursor;
use super::references::{Asked, asked};
use super::selected::selected;
use crate::index::keys::gateway_reference;
use crate::index::{Entry, View};
use crate::resource::gateway_api::KubernetesGateway;
use crate::resource::istio::{Gateway, VirtualService};
use crate::resource::kubernetes::Secret;
use crate::resource::{Kind, Typed, host};
use crate::text::Span;
use crate::tls::{self, Readers};

/// A place that a name leads to. All ranges are bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The file.
    pub path: PathBuf,
    /// The whole resource or entry.
    pub full: Range<usize>,
    /// Its name.
    pub name: Range<usize>,
    /// What the cursor is on, in the file that was asked about.
    pub origin: Range<usize>,
}

/// Where the name at byte `offset` of `file` is defined; several places when several provide it.
#[must_use]
pub fn definition(files: &dyn Files, file: &Path, offset: usize) -> Vec<Target> {
    let Some(cursor) = Cursor::find(files, file, offset) else { return Vec::new() };
    let view = View::new(files.index());
    let origin = cursor.span.shifted(cursor.start).range();
    let target = |place: Place<'_>| {
        let full = files.place_of(place.entry.id, place.full)?;
        let name = files.place_of(place.entry.id, place.name)?.span.range();
        Some(Target { path: full.path, full: full.span.range(), name, origin: origin.clone() })
    };
    let found = places(&view, &cursor);
    if !found.is_empty() {
        return found.into_iter().filter_map(target).collect();
    }
    let Some((_, mention, _)) = names::at(files, &view, file, offset).filter(|(_, mention, _)| !mention.defines) else {
        return Vec::new();
    };
    let named = names::definitions(files, &view, &mention).into_iter();
    named.map(|found| Place { name: found.mention.span, ..Place::of(found.entry) }).filter_map(target).collect()
}

/// Where the name at byte `offset` of `file` is defined that stands in a patch of resources of any of `scopes`; a patch
/// that names its resource leads to it.
#[must_use]
pub fn definition_in_patch<F: Files>(scopes: &[F], file: &Path, offset: usize) -> Vec<Target> {
    let mut all: Vec<Target> = Vec::new();
    for Asked { scope, mention, span, .. } in asked(&[], scopes, file, offset) {
        for found in names::definitions(scope, &View::new(scope.index()), &mention) {
            let place = Place { name: found.mention.span, ..Place::of(found.entry) };
            let full = scope.place_of(place.entry.id, place.full);
            let Some((full, name)) = full.zip(scope.place_of(place.entry.id, place.name)) else { continue };
            let (full_span, name) = (full.span.range(), name.span.range());
            let target = Target { path: full.path, full: full_span, name, origin: span.range() };
            if !all.contains(&target) {
                all.push(target);
            }
        }
    }
    all
}

/// What carries a name: a resource or an entry of it.
struct Place<'a> {
    entry: &'a Entry,
    full: Span,
    name: Span,
}

impl<'a> Place<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self { entry, full: entry.resource.span, name: entry.resource.name_span() }
    }
}

fn places<'a>(view: &View<'a>, cursor: &Cursor<'a>) -> Vec<Place<'a>> {
    if let Some(workloads) = selected(view, cursor) {
        return workloads.into_iter().map(Place::of).collect();
    }
    let Some(value) = cursor.value.as_deref() else { return Vec::new() };
    let namespace = cursor.resource.namespace.as_str();
    let within = |key: &str| cursor.keys.iter().any(|known| known == key);
    let last = cursor.keys.last().map_or("", String::as_str);
    match (cursor.resource.resource.kind, last) {
        (Kind::VirtualService, "gateways") => {
            let (of, name) = gateway_reference(value, namespace);
            named::<Gateway>(view, of, name)
        }
        (Kind::VirtualService, "subset") => {
            let host = cursor.sibling("host").map(|name| host::resolve(&name, namespace)).unwrap_or_default();
            subsets(view, &host, value)
        }
        (Kind::VirtualService, "name" | "namespace") if within("delegate") => {
            referred(cursor, |of, name, _| named::<VirtualService>(view, of, name))
        }
        (Kind::Gateway | Kind::DestinationRule, "credentialName" | "credentialNames") => secrets(view, cursor, value),
        (Kind::Sidecar, "hosts") => egress(view, value, namespace),
        (Kind::VirtualService | Kind::DestinationRule | Kind::ServiceEntry, "host" | "hosts") => {
            providers(view, &host::resolve(value, namespace))
        }
        (_, "name" | "namespace")
            if ["parentRefs", "backendRefs", "targetRefs", "targetRef"].into_iter().any(within) =>
        {
            let default = if within("backendRefs") { "Service" } else { "Gateway" };
            referred(cursor, |of, name, kind| match kind.unwrap_or(default) {
                "Gateway" => named::<KubernetesGateway>(view, of, name),
                "Service" => providers(view, &host::service_fqdn(name, of)),
                _ => Vec::new(),
            })
        }
        (_, "name" | "namespace") if within("certificateRefs") => {
            referred(cursor, |of, name, _| named::<Secret>(view, of, name))
        }
        _ => Vec::new(),
    }
}

/// What the reference around the cursor (`name`, `namespace`, `kind`) leads to.
fn referred<'a>(cursor: &Cursor<'_>, find: impl Fn(&str, &str, Option<&str>) -> Vec<Place<'a>>) -> Vec<Place<'a>> {
    let Some(name) = cursor.sibling("name") else { return Vec::new() };
    let namespace = cursor.sibling("namespace").unwrap_or_else(|| cursor.resource.namespace.to_string());
    find(&namespace, &name, cursor.sibling("kind").as_deref())
}

fn named<'a, T: Typed + 'a>(view: &View<'a>, namespace: &str, name: &str) -> Vec<Place<'a>> {
    view.named::<T>(namespace, name).map(|found| Place::of(found.entry)).into_iter().collect()
}

/// The Service, or the very hosts of ServiceEntries.
fn providers<'a>(view: &View<'a>, name: &str) -> Vec<Place<'a>> {
    let place = |provider: &crate::index::HostProvider<'a>| match provider {
        crate::index::HostProvider::Service(service) => Place::of(service.entry),
        crate::index::HostProvider::ServiceEntry(entry, host) => Place { name: host.span, ..Place::of(entry.entry) },
    };
    view.providers(name).iter().map(place).collect()
}

/// The services that `namespace/host` of a Sidecar lets its proxies see; a namespace `*` with a wildcard means too many.
fn egress<'a>(view: &View<'a>, written: &str, own: &str) -> Vec<Place<'a>> {
    let (namespace, name) = host::split_namespace(written);
    let namespace = if namespace == Some(".") { Some(own) } else { namespace.filter(|of| *of != "*") };
    if !host::is_wildcard(name) {
        let found = providers(view, name).into_iter();
        return found.filter(|place| namespace.is_none_or(|of| place.entry.namespace == of)).collect();
    }
    let Some(namespace) = namespace else { return Vec::new() };
    let services = tls::services_under(view, name).into_iter().filter(|service| service.namespace == namespace);
    services.map(|service| Place::of(service.source.entry())).collect()
}

/// The subsets of that name in the DestinationRules that some client reads for the host, else in all for the host.
fn subsets<'a>(view: &View<'a>, host: &str, name: &str) -> Vec<Place<'a>> {
    let service = tls::services(view, host).into_iter().next();
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    for rule in view.rules_for(host) {
        let found = rule.spec.subsets.items().filter_map(|subset| Some((subset.span, subset.name.present()?)));
        let found = found.filter(|(_, known)| known.as_str() == name);
        let found: Vec<_> = found.map(|(full, known)| Place { entry: rule.entry, full, name: known.span }).collect();
        let is_read = |service| Readers::new(view, rule).of(service).next().is_some();
        let list = if service.as_ref().is_some_and(is_read) { &mut read } else { &mut unread };
        list.extend(found);
    }
    if read.is_empty() { unread } else { read }
}

/// The Secrets of that name: those where the gateway's workloads run, else any.
fn secrets<'a>(view: &View<'a>, cursor: &Cursor<'a>, written: &str) -> Vec<Place<'a>> {
    let name = written.strip_prefix("kubernetes://").unwrap_or(written);
    let authority = format!("{name}-cacert");
    let found: Vec<_> = [name, &authority].into_iter().flat_map(|name| view.named_anywhere::<Secret>(name)).collect();
    let gateway = cursor.resource.as_kind::<Gateway>();
    let pairs: Vec<_> = gateway.iter().flat_map(|gateway| gateway.spec.selector.pairs()).collect();
    let pairs: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let workloads = if pairs.is_empty() { Vec::new() } else { view.workloads_anywhere(&pairs) };
    let beside = |secret: &Entry| workloads.iter().any(|workload| workload.namespace == secret.namespace);
    let all = !found.iter().any(|secret| beside(secret.entry));
    found.into_iter().filter(|secret| all || beside(secret.entry)).map(|secret| Place::of(secret.entry)).collect()
}
