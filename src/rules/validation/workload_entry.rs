//! Addresses and ports of a WorkloadEntry, and of the endpoints of a ServiceEntry.

use std::net::IpAddr;

use super::dns::{self, is_label, is_name};
use super::places::{Found, select};
use super::refusal::Refusal;
use super::sockets;
use crate::resource::holds_placeholder;

/// What istiod refuses of a WorkloadEntry.
pub(super) fn refused(spec: &Found<'_>) -> Vec<Refusal> {
    let address = spec.field("address").filter(|address| !is_socket(address));
    ports(spec).into_iter().chain(address.and_then(|address| self::address(&address))).collect()
}

/// What istiod refuses of the ports of the object that holds `address`.
pub(super) fn ports(holder: &Found<'_>) -> Vec<Refusal> {
    let ports = select(holder.node, "ports{}");
    let is_wrong = |port: &&Found<'_>| !is_label(port.name) && !holds_placeholder(port.name);
    let named = ports.iter().filter(is_wrong);
    let mut refusals: Vec<Refusal> =
        named.map(|port| Refusal::at(port.key, format!("`{}` is no name of a port", port.name))).collect();
    let Some(address) = holder.field("address").filter(is_socket) else { return refusals };
    refusals.extend(sockets::refused(&address));
    if let Some(ports) = holder.field("ports").filter(|ports| ports.node.as_mapping().is_some()) {
        refusals.push(Refusal::at(ports.key, "a socket has no ports").beside(address.node.span).remove());
    }
    refusals
}

/// A socket of the host stands in for an address.
pub(super) fn is_socket(address: &Found<'_>) -> bool {
    address.text().is_some_and(|text| text.starts_with("unix://"))
}

/// An address that is neither an IP address nor a host name.
pub(super) fn address(found: &Found<'_>) -> Option<Refusal> {
    let text = found.text().filter(|text| !text.is_empty())?;
    let is_valid = text.parse::<IpAddr>().is_ok() || is_name(text) || dns::holds_stand_in(text);
    (!is_valid).then(|| Refusal::at(found.node.span, format!("`{text}` is no IP address and no host name")))
}

/// What istiod warns of: an address is missing, and the gateway of its network stands in.
pub(super) fn without_address(holder: &Found<'_>) -> Option<Refusal> {
    let network = holder.field("network").filter(|_| holder.lacks("address") && holder.has("network"))?;
    let message = "without `address`, calls go to the gateway of the network, to any workload behind it";
    Some(Refusal::at(network.key, message))
}
