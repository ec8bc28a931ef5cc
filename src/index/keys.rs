//! What a resource can be looked up by.
//!
//! A lookup that [`super::View`] offers must be answerable from the keys alone, so that whatever changes its answer
//! touches a key it asked for. A new kind of lookup begins here.

use std::path::Path;

use smol_str::SmolStr;

use super::Entry;
use crate::resource::istio::{DestinationRule, ServiceEntry, VirtualService};
use crate::resource::{Body, Kind, host};

/// One way to find resources.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Every resource of a kind.
    All(Kind),
    /// Every resource of a kind in a namespace.
    Namespace(Kind, SmolStr),
    /// The resource of a kind with this namespace and name.
    Named(Kind, SmolStr, SmolStr),
    /// Resources of a kind with this name, whatever their namespace.
    AnyNamespace(Kind, SmolStr),
    /// Resources of a kind with this name that do not say their namespace.
    Unplaced(Kind, SmolStr),
    /// Every resource of a namespace, the Namespace object included.
    Present(SmolStr),
    /// Resources of other namespaces whose fields may name this one.
    NamesNamespace(SmolStr),
    /// Services and ServiceEntries that provide exactly this host (for ServiceEntries the host as written).
    Host(SmolStr),
    /// ServiceEntries that provide a wildcard host.
    WildcardHosts,
    /// DestinationRules of a namespace for exactly this host, short names completed.
    RuleHost(SmolStr, SmolStr),
    /// DestinationRules of a namespace for a wildcard host.
    RuleWildcards(SmolStr),
    /// DestinationRules of any namespace for exactly this host.
    RuleHostAnywhere(SmolStr),
    /// DestinationRules of any namespace for a wildcard host.
    RuleWildcardsAnywhere,
    /// Workloads and WorkloadEntries of a namespace whose pods carry this label.
    Label(SmolStr, SmolStr, SmolStr),
    /// Workloads of any namespace whose pods carry this label.
    LabelAnywhere(SmolStr, SmolStr),
    /// Every workload and WorkloadEntry of a namespace.
    Workloads(SmolStr),
    /// Every workload of a namespace whose pods are a gateway.
    GatewayWorkloads(SmolStr),
    /// Every workload of the scope.
    AllWorkloads,
    /// Services of a namespace whose selector asks for this label.
    ServiceSelector(SmolStr, SmolStr, SmolStr),
    /// VirtualServices with a route to this host, short names completed.
    RouteTo(SmolStr),
    /// VirtualServices for this host as clients see it, short names completed.
    RouteFor(SmolStr),
    /// VirtualServices bound to this Gateway (namespace, name).
    BoundTo(SmolStr, SmolStr),
    /// VirtualServices that delegate to the VirtualService of this namespace and name.
    DelegatesTo(SmolStr, SmolStr),
    /// Routes of the Gateway API whose `parentRefs` name this Gateway (namespace, name).
    AttachedTo(SmolStr, SmolStr),
    /// Gateways whose selector asks for this label.
    GatewaySelector(SmolStr, SmolStr),
    /// Gateways that select every gateway workload.
    GatewaysForAll,
    /// Whether a folder holds variants: resources of one kind, namespace and name in several of its files.
    Variants(SmolStr),
    /// The mesh configuration.
    Mesh,
}

impl Key {
    /// Whether the folder holds variants.
    pub(super) fn variants(folder: &Path) -> Self {
        Self::Variants(folder.to_string_lossy().into())
    }

    /// The kind of what it finds, where it is for one kind.
    pub(super) fn kind(&self) -> Option<Kind> {
        match self {
            Self::All(kind) | Self::Namespace(kind, _) | Self::Named(kind, ..) | Self::AnyNamespace(kind, _) => {
                Some(*kind)
            }
            _ => None,
        }
    }
}

/// Every key that finds `entry`.
#[must_use]
pub fn of(entry: &Entry) -> Vec<Key> {
    let kind = entry.resource.kind;
    let namespace = &entry.namespace;
    let name = SmolStr::new(entry.name());
    let mut keys = vec![
        Key::All(kind),
        Key::Named(kind, namespace.clone(), name.clone()),
        Key::AnyNamespace(kind, name.clone()),
        Key::Present(if kind == Kind::Namespace { name } else { namespace.clone() }),
    ];
    if entry.resource.metadata.namespace.text().is_none() {
        keys.push(Key::Unplaced(kind, entry.name().into()));
    }
    if kind.is_namespaced() {
        keys.push(Key::Namespace(kind, namespace.clone()));
    }
    let others = entry.resource.named_namespaces.iter().filter(|named| *named != namespace);
    keys.extend(others.cloned().map(Key::NamesNamespace));
    match &entry.resource.body {
        Body::Service(service) => {
            keys.push(Key::Host(entry.service_host().into()));
            let pairs = service.selector.pairs();
            keys.extend(
                pairs.map(|(key, value)| Key::ServiceSelector(namespace.clone(), key.clone(), value.value.clone())),
            );
        }
        Body::ServiceEntry(service_entry) => service_entry_keys(service_entry, &mut keys),
        Body::DestinationRule(rule) => rule_keys(rule, namespace, &mut keys),
        Body::VirtualService(service) => route_keys(service, namespace, &mut keys),
        Body::HttpRoute(route) | Body::GrpcRoute(route) | Body::TlsRoute(route) | Body::TcpRoute(route) => {
            for parent in route.parent_refs.items() {
                let of = parent.namespace.value().unwrap_or(namespace);
                keys.extend(parent.name.value().map(|name| Key::AttachedTo(of.clone(), name.clone())));
            }
        }
        Body::Gateway(gateway) => {
            if gateway.selector.pairs().next().is_none() {
                keys.push(Key::GatewaysForAll);
            }
            let pairs = gateway.selector.pairs();
            keys.extend(pairs.map(|(key, value)| Key::GatewaySelector(key.clone(), value.value.clone())));
        }
        Body::WorkloadEntry(workload) => {
            keys.push(Key::Workloads(namespace.clone()));
            let labels = workload.labels.pairs();
            keys.extend(labels.map(|(key, value)| Key::Label(namespace.clone(), key.clone(), value.value.clone())));
        }
        _ => {}
    }
    workload_keys(entry, &mut keys);
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn service_entry_keys(service_entry: &ServiceEntry, keys: &mut Vec<Key>) {
    for name in service_entry.hosts.items() {
        keys.push(Key::Host(name.value.clone()));
        if host::is_wildcard(name) {
            keys.push(Key::WildcardHosts);
        }
    }
}

fn rule_keys(rule: &DestinationRule, namespace: &SmolStr, keys: &mut Vec<Key>) {
    let Some(written) = rule.host.text() else { return };
    if host::is_wildcard(written) {
        keys.push(Key::RuleWildcards(namespace.clone()));
        keys.push(Key::RuleWildcardsAnywhere);
    }
    let full: SmolStr = host::resolve(written, namespace).into();
    keys.push(Key::RuleHostAnywhere(full.clone()));
    keys.push(Key::RuleHost(namespace.clone(), full));
}

fn route_keys(service: &VirtualService, namespace: &SmolStr, keys: &mut Vec<Key>) {
    for name in service.hosts.items() {
        keys.push(Key::RouteFor(host::resolve(name, namespace).into()));
    }
    for (_, destination) in service.destinations() {
        if let Some(name) = destination.host.text() {
            keys.push(Key::RouteTo(host::resolve(name, namespace).into()));
        }
    }
    for delegate in service.http.items().filter_map(|route| route.delegate.value()) {
        let of = delegate.namespace.value().unwrap_or(namespace);
        keys.extend(delegate.name.value().map(|name| Key::DelegatesTo(of.clone(), name.clone())));
    }
    for gateway in service.gateways.items() {
        let (of, name) = gateway_reference(gateway, namespace);
        keys.push(Key::BoundTo(of.into(), name.into()));
    }
}

/// Namespace and name of the Gateway that an entry of `gateways` names in a VirtualService of `namespace`: `name`,
/// `./name`, `ns/name`, or the older full form `name.ns.svc.cluster.local`.
#[must_use]
pub fn gateway_reference<'a>(gateway: &'a str, namespace: &'a str) -> (&'a str, &'a str) {
    if let Some((of, name)) = gateway.split_once('/') {
        return (if of == "." { namespace } else { of }, name);
    }
    match gateway.split_once('.') {
        Some((name, rest)) => (rest.split('.').next().unwrap_or(rest), name),
        None => (namespace, gateway),
    }
}

fn workload_keys(entry: &Entry, keys: &mut Vec<Key>) {
    let Some(workload) = entry.workload() else { return };
    keys.push(Key::AllWorkloads);
    keys.push(Key::Workloads(entry.namespace.clone()));
    if workload.gateway_mark().is_some() {
        keys.push(Key::GatewayWorkloads(entry.namespace.clone()));
    }
    for (key, value) in workload.labels.pairs() {
        keys.push(Key::Label(entry.namespace.clone(), key.clone(), value.value.clone()));
        keys.push(Key::LabelAnywhere(key.clone(), value.value.clone()));
    }
}
