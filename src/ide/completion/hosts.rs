//! Hosts that a client of the namespace sees, and what belongs to one: subsets and ports.

use super::context::Context;
use super::item::{Item, ItemKind, escape};
use super::quote::quote;
use super::{MOST, fits};
use crate::index::Entry;
use crate::resource::istio::ServiceEntry;
use crate::resource::kubernetes::Service;
use crate::resource::{Kind, host};
use crate::tls;

/// The hosts in scope: Services of the namespace by their short names, hosts of ServiceEntries, then all other Services by
/// their full names.
pub(super) fn hosts(context: &Context<'_, '_>) -> Vec<Item> {
    let (view, namespace) = (context.view, context.namespace.as_str());
    let of_rule = context.place.kind == Some(Kind::DestinationRule);
    // The first rule for a host is the likeliest to be written.
    let is_ruled = |entry: &Entry| of_rule && !view.rules_for(&entry.service_host()).is_empty();
    let mut own: Vec<_> = view.in_namespace::<Service>(namespace).collect();
    own.sort_by_cached_key(|service| is_ruled(service.entry));
    let own = own.into_iter().map(|service| (service.entry.name().to_owned(), service.entry));
    let seen = |entry: &Entry| view.exported_to(entry, namespace) != Some(false);
    let external = view.all::<ServiceEntry>().filter(|entry| seen(entry.entry));
    let external =
        external.flat_map(|entry| entry.spec.hosts.items().map(move |host| (host.value.to_string(), entry.entry)));
    let others = view.all::<Service>().filter(|service| service.entry.namespace != namespace && seen(service.entry));
    let others = others.map(|service| (service.entry.service_host(), service.entry));
    let written = if context.place.is_item { context.place.siblings() } else { Vec::new() };
    let all = own.chain(external).chain(others);
    let all = all.filter(|(name, _)| fits(&context.place.typed, name) && !written.contains(name));
    all.take(MOST + 1).map(|(name, entry)| item(context, name, entry)).collect()
}

fn item(context: &Context<'_, '_>, name: String, entry: &Entry) -> Item {
    let service = entry.as_kind::<Service>();
    let ports =
        service.iter().flat_map(|service| service.ports.items()).map(|port| (port.port.copied(), port.name.text()));
    let external = entry.as_kind::<ServiceEntry>();
    let named = external.iter().flat_map(|entry| entry.spec.ports.items());
    let ports = ports.chain(named.map(|port| (port.number.copied(), port.name.text())));
    let ports: Vec<String> = ports
        .filter_map(|(number, name)| Some(format!("{} {}", number?, name.unwrap_or("")).trim_end().to_owned()))
        .collect();
    let detail = format!("{}: {}", entry.title(), ports.join(", "));
    let text = escape(&quote(context.place, &name));
    let mut item = Item::new(ItemKind::Service, name.clone(), detail.trim_end_matches(": ")).written(text);
    item.host = Some(host::resolve(&name, &context.namespace));
    item
}

/// The subsets of `name` that some rule defines.
pub(super) fn subsets(context: &Context<'_, '_>, name: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for rule in context.view.rules_for(&host::resolve(name, &context.namespace)) {
        for subset in rule.spec.subsets.items() {
            let Some(name) = subset.name.text().filter(|name| items.iter().all(|item| item.label != *name)) else {
                continue;
            };
            let labels: Vec<_> = subset.labels.pairs().map(|(key, value)| format!("{key}={}", value.value)).collect();
            let detail = format!("{}, {}", labels.join(","), rule.entry.title());
            let text = escape(&quote(context.place, name));
            items.push(Item::new(ItemKind::Service, name, detail.trim_start_matches(", ")).written(text));
        }
    }
    items
}

/// The ports of `name`.
pub(super) fn ports(context: &Context<'_, '_>, name: &str) -> Vec<Item> {
    let services = tls::services(context.view, &host::resolve(name, &context.namespace));
    let ports = services.first().into_iter().flat_map(|service| &service.ports);
    let item = |port: &tls::Port<'_>| {
        Item::new(
            ItemKind::Service,
            port.number.to_string(),
            format!("{} {}", port.name, port.protocol).trim().to_owned(),
        )
    };
    ports.map(item).collect()
}
