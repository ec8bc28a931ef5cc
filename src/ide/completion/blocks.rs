//! Blocks of several lines: servers, routes and subsets as they are commonly written.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::item::{Item, ItemKind, escape};
use super::quote::quote;
use super::{hosts, labels};
use crate::index::Entry;
use crate::resource::{Kind, host};

/// Servers of a Gateway: label, what it does, text.
const SERVERS: &[(&str, &str, &str)] = &[
    (
        "server with TLS",
        "opens TLS with a certificate",
        "port:\n  number: ${1:443}\n  name: ${2:https}\n  protocol: HTTPS\nhosts:\n  - ${3:www.example.com}\ntls:\n  mode: SIMPLE\n  credentialName: ${4:certificate}",
    ),
    (
        "server with mutual TLS",
        "demands a client certificate too",
        "port:\n  number: ${1:443}\n  name: ${2:https}\n  protocol: HTTPS\nhosts:\n  - ${3:www.example.com}\ntls:\n  mode: MUTUAL\n  credentialName: ${4:certificate}",
    ),
    (
        "server that redirects to HTTPS",
        "answers 301 on plaintext",
        "port:\n  number: ${1:80}\n  name: ${2:http}\n  protocol: HTTP\nhosts:\n  - ${3:www.example.com}\ntls:\n  httpsRedirect: true",
    ),
    (
        "server that passes TLS through",
        "leaves TLS to the service",
        "port:\n  number: ${1:443}\n  name: ${2:tls}\n  protocol: TLS\nhosts:\n  - ${3:www.example.com}\ntls:\n  mode: PASSTHROUGH",
    ),
];

/// The blocks that fit as items of the list at the place.
pub(super) fn blocks(context: &Context<'_, '_>) -> Vec<Item> {
    let place = context.place;
    let is_new = place.is_item && place.siblings().is_empty() || place.wants_dash();
    if place.in_flow || !is_new {
        return Vec::new();
    }
    let blocks: Vec<(String, String, String)> = match (place.kind, place.path().as_str()) {
        (Some(Kind::Gateway), "spec.servers") => {
            SERVERS.iter().map(|(label, detail, text)| ((*label).into(), (*detail).into(), (*text).into())).collect()
        }
        (Some(Kind::VirtualService), "spec.http") => routes(context),
        (Some(Kind::DestinationRule), "spec.subsets") => subsets(context),
        _ => Vec::new(),
    };
    let pad = " ".repeat(place.column - place.indentation + if place.wants_dash() { 2 } else { 0 });
    let dash = if place.wants_dash() { "- " } else { "" };
    let item = |(label, detail, text): (String, String, String)| {
        let text = format!("{dash}{text}").replace('\n', &format!("\n{pad}"));
        Item::new(ItemKind::Block, label, detail).written(text)
    };
    blocks.into_iter().map(item).collect()
}

/// A route to the host of the VirtualService, and one that splits its calls between the subsets that rules define.
fn routes(context: &Context<'_, '_>) -> Vec<(String, String, String)> {
    let hosts = context.place.nodes.first().and_then(|node| node.get("spec")?.get("hosts")?.as_sequence());
    let hosts =
        hosts.into_iter().flat_map(|hosts| &hosts.items).filter_map(|host| Some(host.as_scalar()?.text.to_string()));
    let of_service = |name: &String| !context.view.providers(&host::resolve(name, &context.namespace)).is_empty();
    let name = hosts.into_iter().find(of_service);
    let text = name.as_deref().map_or_else(|| "${1:service}".to_owned(), escape);
    let plain = format!("route:\n  - destination:\n      host: {text}");
    let mut blocks = vec![("route to a service".to_owned(), "all calls to one host".to_owned(), plain)];
    let subsets = name.map(|name| hosts::subsets(context, &name)).unwrap_or_default();
    let count = subsets.len().max(2);
    let destination = |at: usize| {
        let subset =
            subsets.get(at).map_or_else(|| format!("${{{}:v{}}}", at + 2, at + 1), |item| item.snippet.clone());
        let weight = if at == 0 { 100 - 100 / count * (count - 1) } else { 100 / count };
        format!("\n  - destination:\n      host: {text}\n      subset: {subset}\n    weight: {weight}")
    };
    let split: String = (0..count).map(destination).collect();
    blocks.push(("route with subsets".to_owned(), "calls split by weight".to_owned(), format!("route:{split}")));
    blocks
}

/// A subset for each value of the labels in which the workloads behind the host differ, the written ones left out.
fn subsets(context: &Context<'_, '_>) -> Vec<(String, String, String)> {
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in
        labels::of_host(context).into_iter().filter_map(Entry::workload).flat_map(|pods| pods.labels.pairs())
    {
        values.entry(name).or_default().insert(&value.value);
    }
    let differ = values.into_iter().filter(|(name, values)| *name == "version" || values.len() > 1);
    let differ = differ.filter(|(name, _)| !name.ends_with("-hash"));
    let pairs = differ.flat_map(|(name, values)| values.into_iter().map(move |value| (name, value)));
    let written = context.place.nodes.first().and_then(|node| node.get("spec")?.get("subsets")?.as_sequence());
    let written = written.into_iter().flat_map(|list| &list.items);
    let names: Vec<_> = written.filter_map(|item| Some(item.get("name")?.as_scalar()?.text.as_str())).collect();
    let block = |(name, value): (&str, &str)| {
        let quoted = escape(&quote(context.place, value));
        let text = format!("name: {}\nlabels:\n  {}: {quoted}", escape(value), escape(name));
        (format!("subset {value}"), format!("pods with {name}={value}"), text)
    };
    pairs.filter(|(_, value)| !names.contains(value)).map(block).collect()
}
