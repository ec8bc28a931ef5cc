//! Names of other resources: gateways, namespaces, secrets, identities, providers.

use std::collections::BTreeSet;

use super::context::Context;
use super::item::{Item, ItemKind, escape};
use super::quote::quote;
use super::{MOST, fits};
use crate::index::{Entry, Key};
use crate::resource::istio::{Gateway, VirtualService};
use crate::resource::kubernetes::{Secret, SecretSource};
use crate::resource::{Body, Kind, Typed, host};

fn named(context: &Context<'_, '_>, kind: ItemKind, name: &str, detail: &str) -> Item {
    Item::new(kind, name, detail).written(escape(&quote(context.place, name)))
}

fn listed<'n>(
    context: &Context<'_, '_>,
    kind: ItemKind,
    names: impl Iterator<Item = (String, String)> + 'n,
) -> Vec<Item> {
    let written = if context.place.is_item { context.place.siblings() } else { Vec::new() };
    let names = names.filter(|(name, _)| fits(&context.place.typed, name) && !written.contains(name));
    names.take(MOST + 1).map(|(name, detail)| named(context, kind, &name, &detail)).collect()
}

/// Gateways of Istio and `mesh`: those that answer for a host of the VirtualService first; those of the namespace by name,
/// others as `namespace/name`.
pub(super) fn gateways(context: &Context<'_, '_>) -> Vec<Item> {
    let own = |entry: &Entry| entry.namespace == context.namespace;
    let mut all: Vec<_> = context.view.all::<Gateway>().collect();
    let hosts = context.place.nodes.first().and_then(|node| node.get("spec")?.get("hosts")?.as_sequence());
    let hosts: Vec<_> = hosts.into_iter().flat_map(|hosts| &hosts.items).filter_map(|host| host.as_scalar()).collect();
    let answers = |gateway: &Gateway| {
        let mut served = gateway.servers.items().flat_map(|server| server.hosts.items());
        served.any(|served| hosts.iter().any(|host| host::overlap(host::split_namespace(served).1, &host.text)))
    };
    all.sort_by_cached_key(|gateway| (!answers(gateway.spec), !own(gateway.entry)));
    let names = all.into_iter().map(|gateway| {
        let name = if own(gateway.entry) { gateway.entry.name().to_owned() } else { gateway.entry.qualified_name() };
        let hosts: Vec<_> = gateway.spec.servers.items().flat_map(|server| server.hosts.items()).collect();
        let first: BTreeSet<&str> = hosts.iter().map(|host| host.value.as_str()).collect();
        (name, format!("Gateway: {}", first.into_iter().take(3).collect::<Vec<_>>().join(", ")))
    });
    let mesh = ("mesh".to_owned(), "the sidecars of the mesh".to_owned());
    listed(context, ItemKind::Reference, names.chain([mesh]))
}

/// Resources of a kind: in the namespace that is written beside the name, else in the resource's.
pub(super) fn of_kind<T: Typed + 'static>(context: &Context<'_, '_>) -> Vec<Item> {
    let namespace =
        context.place.nodes.last().and_then(|node| Some(node.get("namespace")?.as_scalar()?.text.to_string()));
    let namespace = namespace.as_deref().unwrap_or(&context.namespace);
    let names = context.view.in_namespace::<T>(namespace).map(|found| found.entry);
    listed(context, ItemKind::Reference, names.map(|entry| (entry.name().to_owned(), entry.title())))
}

/// VirtualServices that can be delegated to: those without hosts.
pub(super) fn delegates(context: &Context<'_, '_>) -> Vec<Item> {
    let namespace =
        context.place.nodes.last().and_then(|node| Some(node.get("namespace")?.as_scalar()?.text.to_string()));
    let namespace = namespace.as_deref().unwrap_or(&context.namespace);
    let own = context.place.top(&["metadata", "name"]).filter(|_| namespace == context.namespace);
    let found = context.view.in_namespace::<VirtualService>(namespace).filter(|service| {
        service.spec.hosts.is_absent() && own.as_deref().is_none_or(|own| own != service.entry.name())
    });
    listed(context, ItemKind::Reference, found.map(|found| (found.entry.name().to_owned(), found.entry.title())))
}

/// The namespaces that resources are in, with `own` and `others` as the field writes them.
pub(super) fn namespaces(context: &Context<'_, '_>, special: &[(&str, &str)]) -> Vec<Item> {
    let spelt = special.iter().map(|(name, detail)| ((*name).to_owned(), (*detail).to_owned()));
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for kind in [Kind::Namespace, Kind::Service, Kind::Deployment, Kind::ServiceEntry, Kind::Gateway] {
        let found = context.view.under(&Key::All(kind));
        names.extend(found.map(|entry| if kind == Kind::Namespace { entry.name() } else { entry.namespace.as_str() }));
    }
    let mesh = context.view.mesh().root_namespace.as_str();
    names.insert(mesh);
    let own = context.namespace.clone();
    let detail = |name: &str| if name == mesh { "root namespace of the mesh" } else { "Namespace" }.to_owned();
    let mut names: Vec<_> = names.into_iter().map(|name| (name.to_owned(), detail(name))).collect();
    names.sort_by_key(|(name, _)| *name != own);
    listed(context, ItemKind::Namespace, spelt.chain(names))
}

/// The Secrets that the gateway's workloads read: those beside them; for a gateway without known workloads, and for
/// sidecars, those of the namespace.
pub(super) fn secrets(context: &Context<'_, '_>) -> Vec<Item> {
    let selector = context.place.nodes.first().and_then(|node| node.get("spec")?.get("selector"));
    let entries = selector.and_then(|labels| labels.as_mapping()).into_iter().flat_map(|labels| &labels.entries);
    let pairs: Vec<_> =
        entries.filter_map(|label| Some((label.key.as_str(), label.value.as_scalar()?.text.as_str()))).collect();
    let workloads = if pairs.is_empty() { Vec::new() } else { context.view.workloads_anywhere(&pairs) };
    let mut namespaces: BTreeSet<&str> = workloads.iter().map(|workload| workload.namespace.as_str()).collect();
    if namespaces.is_empty() {
        namespaces.insert(&context.namespace);
    }
    let mut found: Vec<(String, String)> = Vec::new();
    for namespace in namespaces {
        let secrets = context.view.in_namespace::<Secret>(namespace);
        found.extend(secrets.map(|secret| {
            let of = secret.spec.secret_type.text().unwrap_or("Opaque");
            (secret.entry.name().to_owned(), format!("{}, {of}", secret.entry.title()))
        }));
        for kind in [Kind::Certificate, Kind::ExternalSecret, Kind::SealedSecret] {
            let made = context.view.under(&Key::Namespace(kind, namespace.into()));
            found.extend(made.filter_map(|entry| Some((made_by(entry)?, format!("made by {}", entry.title())))));
        }
    }
    found.sort_by_key(|(_, detail)| !detail.contains("tls"));
    found.dedup_by(|later, first| later.0 == first.0);
    listed(context, ItemKind::Reference, found.into_iter())
}

fn made_by(entry: &Entry) -> Option<String> {
    let (Body::Certificate(source) | Body::ExternalSecret(source) | Body::SealedSecret(source)) = &entry.resource.body
    else {
        return None;
    };
    let SecretSource { secret_name, target, .. } = source;
    let target = target.value().and_then(|target| target.name.text());
    Some(secret_name.text().or(target).unwrap_or(entry.name()).to_owned())
}

/// How an identity is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Identity {
    /// `cluster.local/ns/shop/sa/web`
    Principal,
    /// `spiffe://cluster.local/ns/shop/sa/web`
    Spiffe,
    /// `shop/web`, or `web` in the namespace.
    ServiceAccount,
}

/// The identities of the workloads, those of the namespace first.
pub(super) fn identities(context: &Context<'_, '_>, form: Identity) -> Vec<Item> {
    let mut accounts: BTreeSet<(bool, &str, &str)> = BTreeSet::new();
    let other = |namespace: &str| namespace != context.namespace;
    for entry in context.view.under(&Key::AllWorkloads) {
        let account = entry.workload().and_then(|workload| workload.spec?.service_account_name.text());
        accounts.insert((other(&entry.namespace), &entry.namespace, account.unwrap_or("default")));
    }
    for entry in context.view.under(&Key::All(Kind::ServiceAccount)) {
        accounts.insert((other(&entry.namespace), &entry.namespace, entry.name()));
    }
    let domain = &context.view.mesh().trust_domain;
    let names = accounts.into_iter().map(|(is_other, namespace, account)| {
        let name = match form {
            Identity::Principal => format!("{domain}/ns/{namespace}/sa/{account}"),
            Identity::Spiffe => format!("spiffe://{domain}/ns/{namespace}/sa/{account}"),
            Identity::ServiceAccount if is_other => format!("{namespace}/{account}"),
            Identity::ServiceAccount => account.to_owned(),
        };
        (name, format!("ServiceAccount {namespace}/{account}"))
    });
    listed(context, ItemKind::Reference, names)
}

/// The providers that the mesh configuration names: those that decide on calls, or the others.
pub(super) fn providers(context: &Context<'_, '_>, authorize: bool) -> Vec<Item> {
    let fitting = context.view.mesh().extension_providers.iter().filter(|provider| provider.authorizes() == authorize);
    let named = fitting.map(|provider| (provider.name.to_string(), "provider of the mesh configuration".to_owned()));
    listed(context, ItemKind::Reference, named)
}

/// `namespace/host` of a Sidecar: everything, one namespace, one service.
pub(super) fn egress(context: &Context<'_, '_>) -> Vec<Item> {
    let mesh = context.view.mesh().root_namespace.to_string();
    let spelt = [
        ("./*".to_owned(), "all of this namespace".to_owned()),
        (format!("{mesh}/*"), "all of the root namespace".to_owned()),
    ];
    let services = context.view.all::<crate::resource::kubernetes::Service>().map(|service| service.entry);
    let services = services.map(|entry| (format!("{}/{}", entry.namespace, entry.service_host()), entry.title()));
    let external = context.view.all::<crate::resource::istio::ServiceEntry>();
    let external = external.flat_map(|entry| {
        entry
            .spec
            .hosts
            .items()
            .map(move |host| (format!("{}/{}", entry.entry.namespace, host.value), entry.entry.title()))
    });
    let whole: BTreeSet<_> =
        context.view.under(&Key::All(Kind::Service)).map(|entry| entry.namespace.as_str()).collect();
    let whole = whole.into_iter().map(|namespace| (format!("{namespace}/*"), "all of the namespace".to_owned()));
    let whole = whole.filter(|(name, _)| *name != format!("{mesh}/*"));
    listed(context, ItemKind::Service, spelt.into_iter().chain(whole).chain(external).chain(services))
}

/// The names that clients ask a gateway for: hosts of VirtualServices that are bound to one.
pub(super) fn server_hosts(context: &Context<'_, '_>) -> Vec<Item> {
    let name = context.place.top(&["metadata", "name"]).unwrap_or_default();
    let bound: Vec<_> = context.view.bound_to(&context.namespace, &name).collect();
    let hosts = bound.iter().flat_map(|service| {
        let namespace = &service.entry.namespace;
        service.spec.hosts.items().map(move |host| (format!("{namespace}/{}", host.value), service.entry.title()))
    });
    let every = ("*".to_owned(), "every host".to_owned());
    listed(context, ItemKind::Service, hosts.chain([every]).collect::<Vec<_>>().into_iter())
}
