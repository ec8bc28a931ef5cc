//! Fields of a VirtualService that do not go together.

use super::dns::{is_generated_server_name, is_wildcard_name};
use super::invalid_header::is_claim;
use super::invalid_host::is_for_mesh;
use super::places::{Found, maps, quoted, select};
use super::refusal::Refusal;
use super::{exports, routes};
use crate::resource::host;
use crate::yaml::Node;

/// What istiod refuses of a VirtualService in `namespace`.
pub(super) fn refused(root: &Node, namespace: &str) -> Vec<Refusal> {
    let mut refusals = exports::refused(root, namespace, false);
    let Some(spec) = maps(root, "spec").first().copied() else { return refusals };
    let is_delegate = spec.lacks("hosts");
    if is_delegate {
        let fields =
            ["gateways", "tls", "tcp"].into_iter().filter(|name| spec.has(name)).filter_map(|name| spec.field(name));
        let message = |name| format!("`{name}` has no use without `hosts`: this is a delegate of HTTP routes");
        refusals.extend(fields.map(|field| Refusal::at(field.key, message(field.name))));
    }
    if is_for_mesh(root) {
        let headers = select(root, "spec.http[].match[].headers|withoutHeaders{}");
        let message = |name| format!("`{name}` is known to gateways alone, these routes are for the mesh");
        let claims = headers.iter().filter(|header| is_claim(header.name));
        refusals.extend(claims.map(|header| Refusal::at(header.key, message(header.name))));
    }
    refusals.extend(maps(root, "spec.http[]").iter().flat_map(|route| routes::refused(route, is_delegate)));
    refusals.extend(select(root, "spec.tls|tcp[].route").iter().filter_map(routes::weightless));
    refusals.extend(server_names(root));
    refusals
}

/// What istiod ignores.
pub(super) fn ineffective(root: &Node) -> Vec<Refusal> {
    let mut ineffective: Vec<Refusal> = maps(root, "spec.http[]").iter().flat_map(routes::ineffective).collect();
    let addresses = select(root, "spec.tls[].match[].sniHosts[]").into_iter().filter(is_address);
    let message = "clients send no address as server name (SNI)";
    ineffective.extend(addresses.map(|name| Refusal::at(name.node.span, message)));
    ineffective
}

/// Server names that none of the hosts covers.
fn server_names(root: &Node) -> Vec<Refusal> {
    let hosts: Option<Vec<&str>> = select(root, "spec.hosts[]").iter().map(Found::text).collect();
    let Some(hosts) = hosts.filter(|_| select(root, "spec.hosts").iter().all(|list| !list.node.templated)) else {
        return Vec::new();
    };
    let is_known = |name: &str| is_wildcard_name(name) || is_generated_server_name(name);
    let is_outside = |name: &Found<'_>| {
        name.text().is_some_and(|name| is_known(name) && !hosts.iter().any(|pattern| host::covers(pattern, name)))
    };
    let outside = select(root, "spec.tls[].match[].sniHosts[]").into_iter().filter(is_outside);
    let message = |name: &Found<'_>| format!("{} is none of the hosts", quoted(name.text().unwrap_or_default()));
    outside.map(|name| Refusal::at(name.node.span, message(&name))).collect()
}

fn is_address(name: &Found<'_>) -> bool {
    name.text().is_some_and(|text| text.parse::<std::net::IpAddr>().is_ok())
}
