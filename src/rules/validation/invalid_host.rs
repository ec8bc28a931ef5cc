//! Rule `invalid-host`.

use super::places::{Places, at, object, select, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};
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
    (Kind::DestinationRule, &["spec.host"]),
    (
        Kind::VirtualService,
        &["spec.hosts[]", "spec.http|tls|tcp[].route[].destination.host", "spec.http[].mirror.host"],
    ),
    (Kind::ServiceEntry, &["spec.hosts[]"]),
    (Kind::Gateway, &["spec.servers[].hosts[]"]),
    (Kind::Sidecar, &["spec.egress[].hosts[]"]),
];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for found in at(PLACES, entry, root) {
        let Some(text) = found.text() else { continue };
        for message in wrong(entry.resource.kind, found.name, text) {
            cx.report(found.node.span, message);
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

fn is_for_mesh(root: &Node) -> bool {
    let gateways = select(root, "spec.gateways[]");
    gateways.is_empty() || gateways.iter().any(|name| name.text() == Some("mesh"))
}

fn wrong(kind: Kind, field: &str, text: &str) -> Vec<String> {
    let refused = |why: &str| format!("`{text}` is no host: {why}\nistiod refuses the resource.");
    let mut wrong = Vec::new();
    let name = match (kind, text.split_once('/')) {
        (Kind::Gateway | Kind::Sidecar, Some((namespace, name))) => {
            let known = matches!(namespace.trim_start_matches('~'), "*" | "." | "")
                || is_dns(namespace.trim_start_matches('~'));
            if !known || (namespace.is_empty() && kind == Kind::Gateway) {
                wrong.push(refused("the part before `/` is a namespace, `.` or `*`"));
            }
            name
        }
        (Kind::Sidecar, None) => return vec![refused("it is `namespace/host`")],
        _ => text,
    };
    let is_address = may_be_address(kind, field) && name.parse::<IpAddr>().is_ok();
    let is_short = !name.contains('.') && name != "*" && !name.is_empty();
    if matches!(kind, Kind::Gateway | Kind::Sidecar) && is_short {
        wrong.push(refused("a gateway and a Sidecar need full names"));
    } else if kind == Kind::ServiceEntry && name == "*"
        || (field == "host" && kind == Kind::VirtualService && name == "*")
    {
        wrong.push(refused("`*` alone is too wide here"));
    } else if !is_dns(name) && !is_address {
        wrong.push(refused("it is a DNS name, whose first label may be `*`"));
    }
    wrong
}

fn may_be_address(kind: Kind, field: &str) -> bool {
    kind == Kind::Gateway || (kind == Kind::VirtualService && field == "hosts")
}

/// Labels of letters, digits and `-`; the first may be `*`, or begin with it.
fn is_dns(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let labels: Vec<&str> = name.split('.').collect();
    let last_is_number = labels.len() > 1 && labels.last().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
    let is_label = |(at, label): (usize, &&str)| {
        let rest = if at == 0 { label.strip_prefix('*').unwrap_or(label) } else { label };
        let inner = rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let edges = rest.is_empty() || (!rest.ends_with('-') && (rest.len() < label.len() || !rest.starts_with('-')));
        label.len() <= 63 && inner && edges && !label.is_empty()
    };
    !name.is_empty() && name.len() <= 255 && !last_is_number && labels.iter().enumerate().all(is_label)
}
