//! Rule `invalid-host`.

use super::dns::{holds_stand_in, is_generated_server_name, is_label, is_name, is_wildcard_name};
use super::places::{Places, at, is_reported, object, quoted, select, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};
use crate::text::TextEdit;
use crate::yaml::Node;
use std::net::IpAddr;

rule! {
    /// A host that is no DNS name.
    ///
    /// ## Why
    /// A host is a DNS name whose first label may be `*`. Other patterns, addresses with ports and empty names are refused by istiod.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - route:
    ///     - destination: {host: "web:80"} #~ invalid-host `"web:80"` DNS
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, port: {number: 80}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "invalid-host", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

const PLACES: Places = &[
    (Kind::DestinationRule, &["spec.host", "spec.**.tunnel.targetHost"]),
    (
        Kind::VirtualService,
        &[
            "spec.hosts[]",
            "spec.http|tls|tcp[].route[].destination.host",
            "spec.http[].mirror.host",
            "spec.http[].mirrors[].destination.host",
            "spec.tls[].match[].sniHosts[]",
        ],
    ),
    (Kind::ServiceEntry, &["spec.hosts[]"]),
    (Kind::Gateway, &["spec.servers[].hosts[]"]),
    (Kind::Sidecar, &["spec.egress[].hosts[]", "spec.outboundTrafficPolicy.egressProxy.host"]),
];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    // A gateway passes on TLS for the names that another one made.
    let takes_generated = !is_for_mesh(root) && !select(root, "spec.tls[].match[].sniHosts[]").is_empty();
    for found in at(PLACES, entry, root) {
        let Some(text) = found.text().filter(|text| !holds_stand_in(text) && !is_reported(found.node.span, cx)) else {
            continue;
        };
        if let Some(why) = wrong(entry.resource.kind, found.name, text, takes_generated) {
            let what = quoted(text);
            let finding = cx.report(found.node.span, format!("{what} is no host: {why}\nistiod refuses the resource."));
            let whole = format!("*/{text}");
            let is_bare = entry.resource.kind == Kind::Sidecar && !text.contains('/');
            if is_bare && found.name == "hosts" && wrong(Kind::Sidecar, found.name, &whole, false).is_none() {
                let edit = TextEdit::replace(found.node.span, format!("\"{whole}\""));
                finding.unsafe_fix(format!("take {text} of all namespaces"), vec![edit]);
            }
        }
    }
    if entry.resource.kind == Kind::VirtualService && is_for_mesh(root) {
        for found in select(root, "spec.hosts[]").into_iter().filter(|found| found.text() == Some("*")) {
            cx.report(
                found.node.span,
                "`*` is no host for the mesh\nOnly a gateway takes all hosts; istiod refuses the resource.",
            );
        }
    }
}

/// The routes apply to sidecars, not to gateways alone.
pub(super) fn is_for_mesh(root: &Node) -> bool {
    let gateways = select(root, "spec.gateways[]");
    gateways.is_empty() || gateways.iter().any(|name| name.text() == Some("mesh"))
}

fn wrong(kind: Kind, field: &str, text: &str, takes_generated: bool) -> Option<&'static str> {
    let no_name = "it is a DNS name, whose first label may be `*`";
    let is_valid = match (kind, field) {
        (Kind::Gateway | Kind::Sidecar, "hosts") => return wrong_behind_namespace(kind, text),
        (Kind::VirtualService | Kind::ServiceEntry, "host") | (Kind::ServiceEntry, _) if text == "*" => {
            return Some("`*` alone is too wide here");
        }
        (Kind::VirtualService, "hosts" | "sniHosts") => {
            is_wildcard_name(text) || takes_generated && is_generated_server_name(text) || is_address(text)
        }
        (Kind::DestinationRule, "targetHost") => is_name(text) || is_address(text),
        (Kind::Sidecar, _) => is_name(text),
        _ => is_wildcard_name(text),
    };
    (!is_valid).then_some(no_name)
}

/// What is wrong with a host that may, in a Sidecar must, have a namespace in front.
fn wrong_behind_namespace(kind: Kind, text: &str) -> Option<&'static str> {
    let is_gateway = kind == Kind::Gateway;
    let (namespace, name) = match text.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None if is_gateway => (None, text),
        None => return Some("it is `namespace/host`"),
    };
    let is_namespace = |namespace: &str| matches!(namespace, "." | "*") || is_label(namespace);
    let is_known = |namespace: &str| match namespace.strip_prefix('~').filter(|_| !is_gateway) {
        Some(excluded) => excluded.is_empty() || is_namespace(excluded),
        None => is_namespace(namespace),
    };
    if !namespace.is_none_or(is_known) {
        Some("the part before `/` is a namespace, `.` or `*`")
    } else if name != "*" && !name.contains('.') && !name.is_empty() {
        Some("a gateway and a Sidecar need full names")
    } else if name.contains('*') && name != "*" && !name.starts_with("*.") {
        Some("`*` is a whole label here")
    } else if !(is_wildcard_name(name) || is_gateway && is_address(name)) {
        Some("it is a DNS name, whose first label may be `*`")
    } else {
        None
    }
}

fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}
