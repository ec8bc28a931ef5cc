//! Every mention of a name: the index says which resources may mention it, and only these are read.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Mention, Name, mentions};
use crate::ide::Files;
use crate::index::{Entry, Key, ResourceId, View};
use crate::resource::{Kind, host};
use crate::yaml::Document;

/// A mention with the resource that it stands in.
#[derive(Debug, Clone)]
pub(in crate::ide) struct Found<'a> {
    /// The resource.
    pub(in crate::ide) entry: &'a Entry,
    /// The mention.
    pub(in crate::ide) mention: Mention,
}

/// Every mention of what `from` names, definitions included, in no order.
pub(in crate::ide) fn find<'a>(
    files: &'a dyn Files,
    view: &View<'a>,
    from: &Mention,
    of: Option<&Entry>,
) -> Vec<Found<'a>> {
    let Name::Label(_, key, value) = &from.name else { return of_name(files, view, &from.name) };
    labelled(files, view, from, of, (key, value))
}

/// The places where the name begins to exist.
pub(in crate::ide) fn definitions<'a>(files: &'a dyn Files, view: &View<'a>, from: &Mention) -> Vec<Found<'a>> {
    if let Some(selector) = &from.selector {
        let chosen = selector.chosen(view).into_iter();
        return chosen.flat_map(|entry| read(files, view, entry, &from.name)).collect();
    }
    let keys = match &from.name {
        Name::Host(host) | Name::Port(host, _) => vec![Key::Host(host.clone())],
        Name::Subset(host, _) => vec![Key::RuleHostAnywhere(host.clone())],
        Name::Resource(kind, namespace, name) if namespace.is_empty() => vec![Key::AnyNamespace(*kind, name.clone())],
        Name::Resource(kind, namespace, name) => vec![Key::Named(*kind, namespace.clone(), name.clone())],
        Name::Listener(namespace, gateway, _) => {
            vec![Key::Named(Kind::KubernetesGateway, namespace.clone(), gateway.clone())]
        }
        Name::Namespace(name) => vec![Key::Named(Kind::Namespace, "".into(), name.clone())],
        Name::Label(..) | Name::Provider(_) => Vec::new(),
    };
    let entries = keys.iter().flat_map(|key| view.under(key));
    let found = entries.flat_map(|entry| read(files, view, entry, &from.name));
    found.filter(|found| found.mention.defines).collect()
}

fn of_name<'a>(files: &'a dyn Files, view: &View<'a>, name: &Name) -> Vec<Found<'a>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut look = |entry: &'a Entry| {
        if seen.insert(entry.id) {
            found.extend(read(files, view, entry, name));
        }
    };
    places(view, name).iter().flat_map(|key| view.under(key)).for_each(|entry| look(entry));
    found
}

/// The mentions of `name` in one resource, pods and selectors that have nothing in common included; its text is asked first, which is quicker than reading its tree. What a
/// kustomization sets does not stand in the text.
pub(in crate::ide) fn read<'a>(files: &'a dyn Files, view: &View<'a>, entry: &'a Entry, name: &Name) -> Vec<Found<'a>> {
    let may_mention =
        |document: &Arc<Document>| document.text.contains(name.word()) || !files.layers(entry.id).is_empty();
    let Some(document) = files.document(entry).filter(may_mention) else { return Vec::new() };
    let all = mentions(view, entry, &document).into_iter().filter(|mention| mention.name.is(name));
    all.map(|mention| Found { entry, mention }).collect()
}

/// Kinds that name hosts in ways that no key of the index follows.
const OF_HOSTS: [Kind; 9] = [
    Kind::Sidecar,
    Kind::Gateway,
    Kind::HttpRoute,
    Kind::GrpcRoute,
    Kind::TlsRoute,
    Kind::TcpRoute,
    Kind::BackendTlsPolicy,
    Kind::KubernetesGateway,
    Kind::Ingress,
];
const OF_POLICIES: [Kind; 6] = [
    Kind::AuthorizationPolicy,
    Kind::RequestAuthentication,
    Kind::Telemetry,
    Kind::WasmPlugin,
    Kind::PeerAuthentication,
    Kind::EnvoyFilter,
];
const OF_SECRETS: [Kind; 5] =
    [Kind::Gateway, Kind::DestinationRule, Kind::KubernetesGateway, Kind::Certificate, Kind::Ingress];

/// The keys that find every resource which may mention the name.
fn places(view: &View<'_>, name: &Name) -> Vec<Key> {
    let mut keys = Vec::new();
    let all = |kinds: &[Kind]| kinds.iter().copied().map(Key::All).collect::<Vec<_>>();
    match name {
        Name::Host(host) => {
            keys.extend([Key::Host(host.clone()), Key::RouteTo(host.clone()), Key::RouteFor(host.clone())]);
            keys.push(Key::RuleHostAnywhere(host.clone()));
            keys.extend(all(&OF_HOSTS));
            keys.extend(all(&OF_POLICIES));
            if let Some((namespace, _)) = host::service_of_fqdn(host) {
                keys.push(Key::Namespace(Kind::StatefulSet, namespace.into()));
            }
        }
        Name::Subset(host, _) => keys.extend([Key::RuleHostAnywhere(host.clone()), Key::RouteTo(host.clone())]),
        Name::Port(host, _) => keys.push(Key::Host(host.clone())),
        Name::Resource(kind, namespace, resource) => {
            keys.push(Key::Named(*kind, namespace.clone(), resource.clone()));
            let (of, named) = (namespace.clone(), resource.clone());
            match kind {
                Kind::Gateway => keys.push(Key::BoundTo(of, named)),
                Kind::VirtualService => keys.push(Key::DelegatesTo(of, named)),
                Kind::KubernetesGateway => keys.push(Key::AttachedTo(of, named)),
                Kind::Secret => {
                    keys.push(Key::AnyNamespace(*kind, named));
                    keys.extend(all(&OF_SECRETS));
                }
                Kind::ServiceAccount => keys.extend([Key::Workloads(of), Key::All(Kind::DestinationRule)]),
                _ => {}
            }
            keys.extend(all(&OF_POLICIES));
        }
        Name::Listener(namespace, gateway, _) => keys.extend([
            Key::Named(Kind::KubernetesGateway, namespace.clone(), gateway.clone()),
            Key::AttachedTo(namespace.clone(), gateway.clone()),
        ]),
        Name::Label(namespace, label, value) if namespace.is_empty() => {
            keys.push(Key::LabelAnywhere(label.clone(), value.clone()));
            keys.push(Key::GatewaySelector(label.clone(), value.clone()));
        }
        Name::Label(namespace, label, value) => {
            let (of, label, value) = (namespace.clone(), label.clone(), value.clone());
            keys.push(Key::Label(of.clone(), label.clone(), value.clone()));
            keys.push(Key::ServiceSelector(of.clone(), label.clone(), value.clone()));
            keys.push(Key::GatewaySelector(label, value));
            let services = view.in_namespace::<crate::resource::kubernetes::Service>(&of);
            keys.extend(services.map(|service| Key::RuleHostAnywhere(service.entry.service_host().into())));
            let beside = [Kind::ServiceEntry, Kind::Sidecar, Kind::DestinationRule].into_iter().chain(OF_POLICIES);
            let root = view.mesh().root_namespace.clone();
            let of_kind = |kind| [Key::Namespace(kind, of.clone()), Key::Namespace(kind, root.clone())];
            keys.extend(beside.flat_map(of_kind));
        }
        Name::Provider(_) => keys.extend([Key::All(Kind::AuthorizationPolicy), Key::All(Kind::Telemetry)]),
        Name::Namespace(name) => keys.extend([Key::Present(name.clone()), Key::NamesNamespace(name.clone())]),
    }
    keys
}

/// The mentions of a label that hang together: a selector leads to the pods it chooses, these to the other selectors
/// that choose them by the same label, and so on.
fn labelled<'a>(
    files: &'a dyn Files,
    view: &View<'a>,
    from: &Mention,
    of: Option<&Entry>,
    (key, value): (&str, &str),
) -> Vec<Found<'a>> {
    let mut found: Vec<Found<'a>> = Vec::new();
    let mut pods: BTreeSet<ResourceId> = BTreeSet::new();
    let start = match (&from.selector, of) {
        (Some(selector), _) => selector.chosen(view).iter().map(|entry| entry.id).collect(),
        (None, Some(entry)) => vec![entry.id],
        (None, None) => Vec::new(),
    };
    let mut open: Vec<&'a Entry> = start.iter().filter_map(|id| Some(&**files.index().entry(*id)?)).collect();
    let mut selectors: BTreeSet<(ResourceId, crate::text::Span)> = BTreeSet::new();
    while let Some(pod) = open.pop() {
        if !pods.insert(pod.id) {
            continue;
        }
        let name = Name::Label(pod.namespace.clone(), key.into(), value.into());
        found.extend(read(files, view, pod, &name).into_iter().filter(|found| found.mention.defines));
        let Some(labels) = pod.workload().map(|workload| workload.labels) else { continue };
        for other in of_name(files, view, &name) {
            let Some(selector) = other.mention.selector.clone() else { continue };
            if selector.chooses(&pod.namespace, labels) && selectors.insert((other.entry.id, other.mention.span)) {
                open.extend(selector.chosen(view));
                found.push(other);
            }
        }
    }
    found
}
