//! Keys of maps and values under them: labels of workloads in selectors, ports with a mode of their own.

use std::collections::BTreeMap;

use super::context::Context;
use super::fields::key;
use super::item::{Item, ItemKind, escape};
use super::quote::quote;
use crate::index::{Entry, Key};
use crate::resource::{Kind, host};
use crate::tls;

/// The keys that a map at the place may have; none where the place is no such map.
pub(super) fn keys(context: &Context<'_, '_>) -> Option<Vec<Item>> {
    let place = context.place;
    let written = place.siblings();
    if place.last() == "portLevelMtls" {
        return Some(ports(context));
    }
    let mut counts: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for (name, value) in pairs(context)? {
        let count = counts.entry(name).or_insert((0, value));
        count.0 += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().filter(|(name, _)| !written.iter().any(|key| key == name)).collect();
    counts.sort_by_key(|(name, (count, _))| (rank(context, name), std::cmp::Reverse(*count)));
    let item = |(name, (count, value)): (&str, (usize, &str))| {
        let detail = format!("{count} of its workloads, such as {value}");
        Item::new(ItemKind::Label, name, detail).written(key(place, name))
    };
    Some(counts.into_iter().map(item).collect())
}

/// The values of the label whose value is at the place; none where it is no label.
pub(super) fn values(context: &Context<'_, '_>) -> Option<Vec<Item>> {
    let label = context.place.last();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, value) in pairs(context)? {
        if name == label {
            *counts.entry(value).or_default() += 1;
        }
    }
    let item = |(value, count): (&str, usize)| {
        let detail = format!("{count} workload{}", if count == 1 { "" } else { "s" });
        Item::new(ItemKind::Label, value, detail).written(escape(&quote(context.place, value)))
    };
    Some(counts.into_iter().map(item).collect())
}

/// What tells workloads apart stands first; what tools add to every one stands last.
fn rank(context: &Context<'_, '_>, name: &str) -> usize {
    let first = match context.place.kind {
        Some(Kind::Gateway) => "istio",
        Some(Kind::DestinationRule) => "version",
        _ => "app",
    };
    if name == first {
        0
    } else if name.contains("istio.io/") || name.ends_with("-hash") {
        2
    } else {
        1
    }
}

/// The labels of all workloads that a selector at the place can mean, each workload's own.
fn pairs<'a>(context: &Context<'_, 'a>) -> Option<Vec<(&'a str, &'a str)>> {
    let place = context.place;
    let of_place = ["selector", "matchLabels", "labels", "sourceLabels"];
    let map = place.keys.iter().rposition(|key| of_place.contains(&key.as_str()))?;
    if place.keys.first().is_none_or(|key| key != "spec") || map + 2 < place.keys.len() {
        return None;
    }
    let namespace = context.namespace.as_str();
    let workloads: Vec<&'a Entry> = match (place.kind?, place.keys.get(map)?.as_str()) {
        (Kind::Gateway, "selector") => {
            let all = context.view.under(&Key::AllWorkloads).map(|entry| &**entry);
            let (gateways, others): (Vec<_>, Vec<_>) = all.partition(|entry| is_gateway(entry));
            if gateways.is_empty() { others } else { gateways }
        }
        (Kind::DestinationRule, "labels") => of_host(context),
        (Kind::Service, "selector") | (_, "matchLabels" | "labels" | "sourceLabels") => {
            context.view.workloads(namespace, &[]).into_iter().map(|entry| &**entry).collect()
        }
        _ => return None,
    };
    let workloads = workloads.into_iter().filter_map(Entry::workload);
    let pairs = workloads.flat_map(|workload| workload.labels.pairs());
    Some(pairs.map(|(name, value)| (name.as_str(), value.value.as_str())).collect())
}

/// The proxy of the workload is a gateway, as far as its template says.
fn is_gateway(entry: &Entry) -> bool {
    let Some(workload) = entry.workload() else { return false };
    let template = workload.annotations.under("inject.istio.io/templates");
    template.is_some_and(|template| template.value.contains("gateway")) || workload.label("istio").is_some()
}

/// The workloads behind the host of a rule.
pub(super) fn of_host<'a>(context: &Context<'_, 'a>) -> Vec<&'a Entry> {
    let name = context.place.top(&["spec", "host"]).map(|name| host::resolve(&name, &context.namespace));
    let services = name.map(|name| tls::services(context.view, &name)).unwrap_or_default();
    let ports = services.iter().flat_map(|service| service.ports.first());
    ports.flat_map(|port| &port.endpoints).filter_map(|endpoint| endpoint.entry).collect()
}

/// The ports of the containers of the namespace's workloads that carry the labels of the policy.
fn ports(context: &Context<'_, '_>) -> Vec<Item> {
    let place = context.place;
    let selector = place.nodes.first().and_then(|node| node.get("spec")?.get("selector")?.get("matchLabels"));
    let entries = selector.and_then(|labels| labels.as_mapping()).into_iter().flat_map(|labels| &labels.entries);
    let pairs: Vec<_> =
        entries.filter_map(|label| Some((label.key.as_str(), label.value.as_scalar()?.text.as_str()))).collect();
    let mut found: BTreeMap<u32, String> = BTreeMap::new();
    for entry in context.view.workloads(&context.namespace, &pairs) {
        let containers = entry.workload().into_iter().flat_map(|workload| workload.containers());
        for port in containers.flat_map(|container| container.ports.items()) {
            let named = port.name.text().unwrap_or("").to_owned();
            found.extend(port.container_port.copied().map(|number| (number, format!("{named} of {}", entry.name()))));
        }
    }
    let written = place.siblings();
    let found = found.into_iter().map(|(number, detail)| (number.to_string(), detail));
    let item = |(number, detail): (String, String)| {
        let text = if place.has_colon { number.clone() } else { format!("{number}:\n  mode: $1") };
        Item::new(ItemKind::Service, number, detail).written(text)
    };
    found.filter(|(number, _)| !written.contains(number)).map(item).collect()
}
