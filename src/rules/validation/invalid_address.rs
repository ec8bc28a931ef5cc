//! Rule `invalid-address`.

use super::places::{Found, Places, at, object, quoted, select, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};
use crate::yaml::Node;
use std::net::IpAddr;

rule! {
    /// An address that is neither an IP address nor a range of them.
    ///
    /// ## Why
    /// Only addresses such as `10.1.2.3` and ranges such as `10.1.0.0/16` can be compared with the address of a connection; istiod refuses everything else.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   rules:
    ///   - from:
    ///     - source: {ipBlocks: [10.0.0.0/33]} #~ invalid-address `10.0.0.0/33` range
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   rules:
    ///   - from:
    ///     - source: {ipBlocks: [10.0.0.0/24]}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "invalid-address", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

const PLACES: Places = &[
    (Kind::ServiceEntry, &["spec.addresses[]"]),
    (Kind::VirtualService, &["spec.tls|tcp[].match[].destinationSubnets[]"]),
    (
        Kind::AuthorizationPolicy,
        &["spec.rules[].from[].source.ipBlocks|notIpBlocks|remoteIpBlocks|notRemoteIpBlocks[]"],
    ),
    (Kind::Sidecar, &["spec.ingress[].bind"]),
    (Kind::Gateway, &["spec.servers[].bind"]),
];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for found in at(PLACES, entry, root).into_iter().chain(conditions(entry, root)) {
        let Some(text) = found.text() else { continue };
        let is_bind = found.name == "bind";
        let is_socket = is_bind && text.starts_with("unix://");
        let is_valid = is_socket || is_address(text, !is_bind) || (is_bind && text.is_empty());
        if !is_valid {
            let what = if is_bind { "IP address" } else { "IP address or range (CIDR)" };
            cx.report(found.node.span, format!("{} is no {what}\nistiod refuses the resource.", quoted(text)));
        }
    }
}

/// The values of conditions about addresses.
fn conditions<'n>(entry: &Entry, root: &'n Node) -> Vec<Found<'n>> {
    if entry.resource.kind != Kind::AuthorizationPolicy {
        return Vec::new();
    }
    let conditions = select(root, "spec.rules[].when[]").into_iter().filter(|condition| {
        let key = condition.node.get("key").and_then(Node::as_scalar).map(|scalar| scalar.text.as_str());
        matches!(key, Some("source.ip" | "remote.ip" | "destination.ip"))
    });
    conditions.flat_map(|condition| select(condition.node, "values|notValues[]")).collect()
}

fn is_address(text: &str, may_be_range: bool) -> bool {
    match text.split_once('/') {
        None => text.parse::<IpAddr>().is_ok(),
        Some((address, bits)) => {
            let most = match address.parse::<IpAddr>() {
                Ok(IpAddr::V4(_)) => 32,
                Ok(IpAddr::V6(_)) => 128,
                Err(_) => return false,
            };
            may_be_range && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
        }
    }
}
