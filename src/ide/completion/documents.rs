//! Whole documents from an empty one, and the two lines that say what a document is.

use super::MOST;
use super::context::Context;
use super::fields::key;
use super::item::{Item, ItemKind, escape};
use crate::resource::istio::ServiceEntry;
use crate::resource::kubernetes::Service;
use crate::resource::{Kind, schema};

/// The documents that are written most, with what they are for. `NAMESPACE` stands for the namespace.
const DOCUMENTS: &[(&str, &str, &str)] = &[
    ("VirtualService", "routes calls to a host", include_str!("documents/virtual_service.yaml")),
    ("DestinationRule", "TLS, subsets and limits of calls to a host", include_str!("documents/destination_rule.yaml")),
    ("Gateway", "servers of a gateway with TLS", include_str!("documents/gateway.yaml")),
    ("ServiceEntry", "a host outside the mesh", include_str!("documents/service_entry.yaml")),
    ("PeerAuthentication STRICT", "mTLS for the namespace", include_str!("documents/strict.yaml")),
    (
        "PeerAuthentication STRICT with exceptions",
        "mTLS for some workloads but for some ports",
        include_str!("documents/strict_with_exceptions.yaml"),
    ),
    ("AuthorizationPolicy", "who may call", include_str!("documents/authorization_policy.yaml")),
    ("RequestAuthentication", "checks tokens", include_str!("documents/request_authentication.yaml")),
    ("Sidecar", "what proxies of the namespace know", include_str!("documents/sidecar.yaml")),
    (
        "egress through a gateway",
        "ServiceEntry, Gateway, DestinationRules and VirtualService for one host",
        include_str!("documents/egress.yaml"),
    ),
];

/// What may begin a document: whole documents where nothing is written yet, and the keys that every object has.
pub(super) fn documents(context: &Context<'_, '_>, written: &[String]) -> Vec<Item> {
    let place = context.place;
    let mut items = Vec::new();
    if written.is_empty() && !place.in_flow && !place.has_colon && place.column == 0 {
        let namespace = escape(&context.namespace);
        items.extend(DOCUMENTS.iter().map(|(label, detail, text)| {
            Item::new(ItemKind::Document, *label, *detail).written(text.trim_end().replace("NAMESPACE", &namespace))
        }));
        items.extend(rules(context));
    }
    let keys =
        ["apiVersion", "kind", "metadata", "spec"].into_iter().filter(|key| !written.iter().any(|known| known == key));
    items.extend(keys.map(|name| {
        let text = match name {
            "metadata" if !place.in_flow && !place.has_colon => "metadata:\n  name: $1".to_owned(),
            "spec" if !place.in_flow && !place.has_colon => "spec:\n  $1".to_owned(),
            _ => key(place, name),
        };
        Item::new(ItemKind::Field, name, "").written(text)
    }));
    items
}

/// A DestinationRule for each host of the namespace that has none.
fn rules(context: &Context<'_, '_>) -> Vec<Item> {
    let view = context.view;
    let services = view
        .in_namespace::<Service>(&context.namespace)
        .map(|found| (found.entry.name().to_owned(), found.entry.service_host()));
    let external = view
        .in_namespace::<ServiceEntry>(&context.namespace)
        .flat_map(|entry| entry.spec.hosts.items().map(|host| (host.value.to_string(), host.value.to_string())));
    let unruled = services.chain(external).filter(|(_, host)| view.rules_for(host).is_empty()).take(MOST);
    let text = include_str!("documents/destination_rule.yaml").trim_end();
    let item = |(name, _): (String, String)| {
        let first = escape(name.split('.').next().unwrap_or(&name));
        let text = text
            .replace("${1:web}", &format!("${{1:{first}}}"))
            .replace("${2:web}", &escape(&name))
            .replace("NAMESPACE", &escape(&context.namespace));
        Item::new(ItemKind::Document, format!("DestinationRule for {name}"), "a host without a rule").written(text)
    };
    unruled.map(item).collect()
}

/// The kinds of the group that `apiVersion` names, else all with a table.
pub(super) fn kinds(context: &Context<'_, '_>) -> Vec<Item> {
    let written = context.place.top(&["apiVersion"]);
    let group = written.as_deref().map(|written| written.rsplit_once('/').map_or("", |(group, _)| group));
    let mut kinds: Vec<Kind> =
        Kind::ALL.iter().copied().filter(|kind| group.is_none_or(|group| kind.group() == group)).collect();
    if kinds.is_empty() {
        kinds = Kind::ALL.to_vec();
    }
    kinds.into_iter().map(|kind| Item::new(ItemKind::Value, kind.as_str(), kind.group())).collect()
}

/// The versions of the kind, else of every kind, the newest first.
pub(super) fn versions(context: &Context<'_, '_>) -> Vec<Item> {
    let written = context.place.top(&["kind"]);
    let mut items: Vec<Item> = Vec::new();
    for kind in Kind::ALL.iter().filter(|kind| written.as_deref().is_none_or(|written| written == kind.as_str())) {
        let served = schema::of(*kind).map(|table| table.served().map(|version| version.name).collect::<Vec<_>>());
        for version in served.unwrap_or_else(|| kind.versions().to_vec()) {
            let label =
                if kind.group().is_empty() { version.to_owned() } else { format!("{}/{version}", kind.group()) };
            match items.iter_mut().find(|item| item.label == label) {
                Some(item) if written.is_none() => item.detail = format!("{}, {kind}", item.detail),
                Some(_) => {}
                None => items.push(Item::new(ItemKind::Value, label, kind.as_str())),
            }
        }
    }
    items
}
