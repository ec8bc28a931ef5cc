//! The one door to an index: typed lookups that note which keys they asked for.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::path::Path;
use std::sync::Arc;

use smol_str::{SmolStr, format_smolstr};

use super::{Entry, Exported, Index, Key, Known, MeshConfig, Nature, Ref, ResourceId, ScopeId};
use crate::resource::gateway_api::KubernetesRoute;
use crate::resource::istio::{DestinationRule, ServiceEntry, VirtualService, WorkloadEntry};
use crate::resource::kubernetes::Service;
use crate::resource::{Body, Kind, Spanned, Typed, host};

/// What a lookup knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup<T> {
    /// It is there.
    Found(T),
    /// It is not there, and would be if it existed: the scope holds what would contain it.
    Absent,
    /// It may exist outside the workspace, or what decides is templated.
    Unknown,
}

impl<T> Lookup<T> {
    /// The value that was found.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(value) => Some(value),
            _ => None,
        }
    }

    /// Surely not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// The keys that somebody asked for, each as a hash: two keys that meet by chance only cost a look too many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads(pub Vec<u64>);

impl Reads {
    /// The hash under which `key`, looked up in `scope`, is noted.
    #[must_use]
    pub fn hash(scope: ScopeId, key: &Key) -> u64 {
        BuildHasherDefault::<DefaultHasher>::default().hash_one((scope, key))
    }

    /// The hash under which `key`, looked up in all scopes, is noted.
    #[must_use]
    pub fn anywhere(key: &Key) -> u64 {
        BuildHasherDefault::<DefaultHasher>::default().hash_one(key)
    }
}

/// A service that provides a host.
#[derive(Debug, Clone, Copy)]
pub enum HostProvider<'a> {
    /// A Kubernetes Service.
    Service(Ref<'a, Service>),
    /// A ServiceEntry, with the host of its list that covers what was asked for.
    ServiceEntry(Ref<'a, ServiceEntry>, &'a Spanned<SmolStr>),
}

impl<'a> HostProvider<'a> {
    /// The resource.
    #[must_use]
    pub fn entry(&self) -> &'a Entry {
        match self {
            Self::Service(service) => service.entry,
            Self::ServiceEntry(service_entry, _) => service_entry.entry,
        }
    }
}

/// An index being read. One view is for one reader (one check, one request) on one thread.
#[derive(Debug)]
pub struct View<'a> {
    index: &'a Index,
    reads: RefCell<Vec<u64>>,
}

impl<'a> View<'a> {
    /// Opens the door.
    #[must_use]
    pub fn new(index: &'a Index) -> Self {
        Self { index, reads: RefCell::default() }
    }

    /// The keys asked for so far, sorted, each once.
    #[must_use]
    pub fn into_reads(self) -> Reads {
        let mut reads = self.reads.into_inner();
        reads.sort_unstable();
        reads.dedup();
        reads.shrink_to_fit();
        Reads(reads)
    }

    fn note(&self, key: &Key) {
        self.reads.borrow_mut().push(Reads::hash(self.index.scope, key));
    }

    /// What the cluster holds besides, as its user says.
    #[must_use]
    pub fn known(&self) -> &'a Known {
        &self.index.known
    }

    /// A resource that this scope lacks may be there all the same: another scope has one under `key`, or this one takes in
    /// what the workspace does not show.
    #[must_use]
    pub fn may_be_elsewhere(&self, key: &Key) -> bool {
        self.is_elsewhere(key) || self.index.nature.opening.may_hold(key)
    }

    /// Another scope of the workspace has a resource under `key`.
    #[must_use]
    pub fn is_elsewhere(&self, key: &Key) -> bool {
        self.reads.borrow_mut().push(Reads::anywhere(key));
        self.index.world.beside(self.index.scope, key).next().is_some()
    }

    /// What is known of the scope as a whole.
    #[must_use]
    pub fn nature(&self) -> Nature {
        self.index.nature
    }

    /// Several files of the folder hold a resource of the same kind, namespace and name, as the steps of a lesson do.
    #[must_use]
    pub fn holds_variants(&self, folder: &Path) -> bool {
        let key = Key::variants(folder);
        self.note(&key);
        self.index.holds_variants(&key)
    }

    fn ids(&self, key: &Key) -> &'a [ResourceId] {
        self.note(key);
        self.index.shelf(key)
    }

    /// The resources under a key, in the order of their paths and of the text.
    pub fn under(&self, key: &Key) -> impl Iterator<Item = &'a Arc<Entry>> + use<'a> {
        let index = self.index;
        self.ids(key).iter().filter_map(|id| index.entry(*id))
    }

    /// The typed resources under a key.
    pub fn typed<T: Typed + 'a>(&self, key: &Key) -> impl Iterator<Item = Ref<'a, T>> + use<'a, T> {
        self.under(key).filter_map(|entry| entry.as_kind::<T>())
    }

    /// The mesh configuration in force.
    #[must_use]
    pub fn mesh(&self) -> &'a MeshConfig {
        self.note(&Key::Mesh);
        &self.index.mesh
    }

    /// Every resource of a kind.
    pub fn all<T: Typed + 'a>(&self) -> impl Iterator<Item = Ref<'a, T>> + use<'a, T> {
        self.typed::<T>(&Key::All(T::KIND))
    }

    /// Every resource of a kind in a namespace.
    pub fn in_namespace<T: Typed + 'a>(&self, namespace: &str) -> impl Iterator<Item = Ref<'a, T>> + use<'a, T> {
        self.typed::<T>(&Key::Namespace(T::KIND, namespace.into()))
    }

    /// The resource of a kind with this namespace and name; the first, where several claim the name.
    #[must_use]
    pub fn named<T: Typed + 'a>(&self, namespace: &str, name: &str) -> Option<Ref<'a, T>> {
        self.typed::<T>(&Key::Named(T::KIND, namespace.into(), name.into())).next()
    }

    /// Resources of a kind with this name in any namespace.
    pub fn named_anywhere<T: Typed + 'a>(&self, name: &str) -> impl Iterator<Item = Ref<'a, T>> + use<'a, T> {
        self.typed::<T>(&Key::AnyNamespace(T::KIND, name.into()))
    }

    /// The Namespace object.
    #[must_use]
    pub fn namespace(&self, name: &str) -> Option<&'a Arc<Entry>> {
        self.under(&Key::Named(Kind::Namespace, SmolStr::default(), name.into())).next()
    }

    /// Every namespace with workloads, by name.
    pub fn namespaces_of_workloads(&self) -> impl Iterator<Item = &'a SmolStr> + use<'a> {
        self.note(&Key::AllWorkloads);
        self.index.populated.keys()
    }

    /// The workspace holds something of this namespace.
    #[must_use]
    pub fn holds_namespace(&self, name: &str) -> bool {
        self.under(&Key::Present(name.into())).next().is_some()
    }

    /// Who provides `host` (a full name, or a wildcard host of a ServiceEntry as written): the Service first, then
    /// ServiceEntries for the very host, then those with a covering wildcard, the most specific first. Visibility is not
    /// looked at.
    #[must_use]
    pub fn providers(&self, name: &str) -> Vec<HostProvider<'a>> {
        let mut providers: Vec<_> =
            self.under(&Key::Host(name.into())).filter_map(|entry| provider(entry, name)).collect();
        providers.sort_by_key(|provider| matches!(provider, HostProvider::ServiceEntry(..)));
        if host::service_of_fqdn(name).is_none() || providers.is_empty() {
            let mut wildcards: Vec<_> = self
                .typed::<ServiceEntry>(&Key::WildcardHosts)
                .flat_map(|entry| entry.spec.hosts.items().map(move |host| (entry, host)))
                .filter(|(_, pattern)| {
                    host::is_wildcard(pattern) && pattern.as_str() != name && host::covers(pattern, name)
                })
                .collect();
            wildcards.sort_by_key(|(_, pattern)| std::cmp::Reverse(pattern.len()));
            providers.extend(wildcards.into_iter().map(|(entry, pattern)| HostProvider::ServiceEntry(entry, pattern)));
        }
        providers
    }

    /// Workloads of a namespace whose pods carry all `pairs` (empty `pairs`: all of them), WorkloadEntries not included.
    pub fn workloads<'b>(&self, namespace: &str, pairs: &[(&'b str, &'b str)]) -> Vec<&'a Arc<Entry>> {
        let key = match pairs.first() {
            Some((key, value)) => Key::Label(namespace.into(), (*key).into(), (*value).into()),
            None => Key::Workloads(namespace.into()),
        };
        self.under(&key).filter(|entry| carries(entry, pairs)).collect()
    }

    /// WorkloadEntries of a namespace that carry all `pairs`.
    pub fn workload_entries(&self, namespace: &str, pairs: &[(&str, &str)]) -> Vec<Ref<'a, WorkloadEntry>> {
        let key = match pairs.first() {
            Some((key, value)) => Key::Label(namespace.into(), (*key).into(), (*value).into()),
            None => Key::Workloads(namespace.into()),
        };
        let carries = |entry: &Ref<'_, WorkloadEntry>| {
            pairs.iter().all(|(key, value)| entry.spec.labels.under(key).is_some_and(|label| label.value == *value))
        };
        self.typed::<WorkloadEntry>(&key).filter(carries).collect()
    }

    /// Workloads of any namespace whose pods carry all `pairs`.
    pub fn workloads_anywhere(&self, pairs: &[(&str, &str)]) -> Vec<&'a Arc<Entry>> {
        let key = match pairs.first() {
            Some((key, value)) => Key::LabelAnywhere((*key).into(), (*value).into()),
            None => Key::AllWorkloads,
        };
        self.under(&key).filter(|entry| carries(entry, pairs)).collect()
    }

    /// The Services of a workload's namespace whose selector its pods satisfy.
    #[must_use]
    pub fn services_of(&self, workload: &Entry) -> Vec<Ref<'a, Service>> {
        let Some(pods) = workload.workload() else { return Vec::new() };
        let mut found: Vec<Ref<'a, Service>> = Vec::new();
        for (key, value) in pods.labels.pairs() {
            let key = Key::ServiceSelector(workload.namespace.clone(), key.clone(), value.value.clone());
            for service in self.typed::<Service>(&key) {
                let known = found.iter().any(|other| other.entry.id == service.entry.id);
                if !known && service.selector.is_certain() && pods.matches(service.spec.selector.pairs()) {
                    found.push(service);
                }
            }
        }
        found.sort_by(|left, right| left.entry.age().cmp(&right.entry.age()));
        found
    }

    /// DestinationRules of any namespace whose host is or covers `name` (a full name).
    pub fn rules_for(&self, name: &str) -> Vec<Ref<'a, DestinationRule>> {
        let mut rules: Vec<_> = self.typed::<DestinationRule>(&Key::RuleHostAnywhere(name.into())).collect();
        rules.extend(
            self.typed::<DestinationRule>(&Key::RuleWildcardsAnywhere)
                .filter(|rule| rule.host.text().is_some_and(|pattern| pattern != name && host::covers(pattern, name))),
        );
        rules
    }

    /// VirtualServices with a route to `name` (a full name).
    pub fn routes_to(&self, name: &str) -> impl Iterator<Item = Ref<'a, VirtualService>> + use<'a> {
        self.typed::<VirtualService>(&Key::RouteTo(name.into()))
    }

    /// VirtualServices for `name` (a full name) or for a wildcard that covers it; one comes as often as it lists such hosts.
    pub fn routes_for(&self, name: &str) -> impl Iterator<Item = Ref<'a, VirtualService>> + use<'a> {
        let wildcards = (0..=name.len()).filter_map(|at| name.get(at..)).map(|suffix| format_smolstr!("*{suffix}"));
        let hosts: BTreeSet<SmolStr> = wildcards.chain([name.into()]).collect();
        let routes: Vec<_> = hosts.into_iter().flat_map(|host| self.typed(&Key::RouteFor(host))).collect();
        routes.into_iter()
    }

    /// VirtualServices that name the Gateway in `gateways`.
    pub fn bound_to(&self, namespace: &str, name: &str) -> impl Iterator<Item = Ref<'a, VirtualService>> + use<'a> {
        self.typed::<VirtualService>(&Key::BoundTo(namespace.into(), name.into()))
    }

    /// Routes of the Gateway API whose `parentRefs` name the Gateway.
    pub fn routes_attached(&self, namespace: &str, name: &str) -> Vec<(&'a Entry, &'a KubernetesRoute)> {
        let attached = self.under(&Key::AttachedTo(namespace.into(), name.into()));
        let routes = attached.filter_map(|entry| match &entry.resource.body {
            Body::HttpRoute(route) | Body::GrpcRoute(route) | Body::TlsRoute(route) | Body::TcpRoute(route) => {
                Some((&**entry, route))
            }
            _ => None,
        });
        routes.collect()
    }

    /// A proxy of `namespace` sees `entry`; none while that is not known.
    #[must_use]
    pub fn exported_to(&self, entry: &Entry, namespace: &str) -> Option<bool> {
        Exported::of(entry, self.mesh()).to(namespace)
    }
}

fn provider<'a>(entry: &'a Entry, name: &str) -> Option<HostProvider<'a>> {
    if let Some(service) = entry.as_kind::<Service>() {
        return Some(HostProvider::Service(service));
    }
    let service_entry = entry.as_kind::<ServiceEntry>()?;
    let host = service_entry.spec.hosts.items().find(|host| host.as_str() == name)?;
    Some(HostProvider::ServiceEntry(service_entry, host))
}

fn carries(entry: &Entry, pairs: &[(&str, &str)]) -> bool {
    entry.workload().is_some_and(|workload| {
        pairs.iter().all(|(key, value)| workload.label(key).is_some_and(|label| label.value == *value))
    })
}
