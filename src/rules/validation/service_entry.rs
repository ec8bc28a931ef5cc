//! Values of a ServiceEntry that do not fit each other, beyond what its resolution takes.

use super::places::{Found, items, maps, select};
use super::refusal::Refusal;
use super::{exports, selectors, workload_entry};
use crate::resource::Protocol;
use crate::yaml::Node;

/// What istiod refuses of a ServiceEntry in `namespace`.
pub(super) fn refused(root: &Node, namespace: &str) -> Vec<Refusal> {
    let mut refusals = exports::refused(root, namespace, true);
    let Some(resolution) = resolution(root) else { return refusals };
    let ports: Option<Vec<&str>> = select(root, "spec.ports[]").iter().map(|port| port.text_of("name")).collect();
    for endpoint in maps(root, "spec.endpoints[]") {
        if resolution == "NONE" || resolution == "DYNAMIC_DNS" {
            continue;
        }
        let address = endpoint.field("address");
        let is_socket = address.as_ref().is_some_and(workload_entry::is_socket);
        if let (Some(ports), false) = (&ports, is_socket) {
            refusals.extend(select(endpoint.node, "ports{}").iter().filter_map(|port| unknown_port(port, ports)));
        }
        refusals.extend(workload_entry::ports(&endpoint));
        // Of wildcards, and of names where addresses are due, another rule tells.
        let is_exact = |address: &Found<'_>| address.text().is_some_and(|text| !text.contains('*'));
        if resolution != "STATIC" {
            refusals.extend(address.filter(is_exact).and_then(|address| workload_entry::address(&address)));
        }
        let is_bare = endpoint.lacks("address") && (resolution != "STATIC" || endpoint.lacks("network"));
        if is_bare {
            refusals.push(Refusal::at(endpoint.place_of("address"), "the endpoint lacks `address`"));
        }
        let needs_one = ports.as_ref().is_some_and(|ports| ports.len() != 1);
        if let (true, true, "STATIC", Some(address)) = (is_socket, needs_one, resolution, address) {
            refusals.push(Refusal::at(address.node.span, "a socket serves a ServiceEntry with one port alone"));
        }
    }
    refusals
}

/// What istiod warns of.
pub(super) fn ineffective(root: &Node) -> Vec<Refusal> {
    let mut ineffective: Vec<Refusal> = selectors::empty(root, "labels").map(Refusal::doubtfully).into_iter().collect();
    let Some(resolution) = resolution(root) else { return ineffective };
    if let ("NONE", Some(selector)) = (resolution, maps(root, "spec.workloadSelector").first()) {
        let message = "resolution NONE connects to where the application meant to, not to the selected workloads";
        ineffective.push(Refusal::at(selector.key, message));
    }
    let hosts = select(root, "spec.hosts[]");
    let is_wide = |host: &&Found<'_>| {
        host.text().is_some_and(|text| text.len() > 1 && text.starts_with('*') && !text.starts_with("*."))
    };
    if resolution != "DYNAMIC_DNS" {
        let wide = hosts.iter().filter(is_wide);
        ineffective.extend(wide.map(|host| Refusal::at(host.node.span, "a wildcard is followed by a dot")));
    }
    if resolution == "STATIC" {
        ineffective.extend(maps(root, "spec.endpoints[]").iter().filter_map(workload_entry::without_address));
    }
    let is_tcp = |port: &Found<'_>| port.text_of("protocol").is_some_and(|name| Protocol::parse(name) == Protocol::Tcp);
    let addresses = select(root, "spec.addresses").into_iter().find(|list| !items(list).is_empty());
    let is_shared = resolution.starts_with("DNS") && hosts.len() > 1 && maps(root, "spec.ports[]").iter().any(is_tcp);
    if let (true, Some(addresses)) = (is_shared, addresses) {
        let message = "several hosts share these addresses, and a port of TCP cannot tell them apart";
        ineffective.push(Refusal::at(addresses.key, message));
    }
    ineffective
}

/// NONE where it is left out; none while it is not known.
fn resolution(root: &Node) -> Option<&str> {
    select(root, "spec.resolution").first().map_or(Some("NONE"), |found| found.text())
}

fn unknown_port(port: &Found<'_>, known: &[&str]) -> Option<Refusal> {
    let is_unknown = !known.contains(&port.name) && !crate::resource::holds_placeholder(port.name);
    is_unknown.then(|| Refusal::at(port.key, format!("`{}` is no port of this ServiceEntry", port.name)))
}
