//! Rule `refused-settings`.

use super::places::{is_reported, is_set, object, select, tree};
use crate::index::{Entry, Key};
use crate::resource::Kind;
use crate::rules::{Context, rule};
use crate::yaml::Node;

rule! {
    /// Settings that do not go together, or that lack one another.
    ///
    /// ## Why
    /// istiod refuses resources whose fields contradict each other, or say nothing at all.
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
    ///   - redirect: {uri: /new} #~ refused-settings `redirect` route
    ///     route: [{destination: {host: web.example.com}}]
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
    ///   - redirect: {uri: /new}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "refused-settings", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

/// Fields of one object that exclude each other: kind, where, one, the other.
const EXCLUSIVE: &[(Kind, &str, &str, &[&str])] = &[
    (Kind::VirtualService, "spec.http[]", "redirect", &["route", "fault", "rewrite", "directResponse"]),
    (Kind::VirtualService, "spec.http[]", "directResponse", &["route", "fault", "rewrite"]),
    (Kind::VirtualService, "spec.http[]", "delegate", &["route", "redirect"]),
    (Kind::VirtualService, "spec.http[]", "mirror", &["mirrors"]),
    (Kind::VirtualService, "spec.http[].rewrite", "uri", &["uriRegexRewrite"]),
    (Kind::VirtualService, "spec.http[].redirect", "uri", &["prefixRewrite"]),
    (Kind::DestinationRule, "spec.trafficPolicy", "tunnel", &["proxyProtocol"]),
    (Kind::DestinationRule, "spec.trafficPolicy.loadBalancer.localityLbSetting", "distribute", &["failover"]),
    (Kind::DestinationRule, "spec.trafficPolicy.loadBalancer", "localityLbSetting", &["zoneAwareLbSetting"]),
    (Kind::ServiceEntry, "spec", "workloadSelector", &["endpoints"]),
    (Kind::AuthorizationPolicy, "spec", "selector", &["targetRef", "targetRefs"]),
    (Kind::AuthorizationPolicy, "spec.rules[].from[].source", "serviceAccounts", &["namespaces", "principals"]),
    (Kind::RequestAuthentication, "spec", "selector", &["targetRef", "targetRefs"]),
    (Kind::Telemetry, "spec", "selector", &["targetRef", "targetRefs"]),
    (Kind::WasmPlugin, "spec", "selector", &["targetRef", "targetRefs"]),
];
/// Objects that have to say one of these: kind, where, fields.
const NEEDED: &[(Kind, &str, &[&str])] = &[
    (Kind::VirtualService, "spec", &["http", "tls", "tcp"]),
    (Kind::VirtualService, "spec.http[]", &["route", "redirect", "directResponse", "delegate"]),
    (Kind::VirtualService, "spec.http[].fault", &["abort", "delay"]),
    (Kind::VirtualService, "spec.http[].rewrite", &["uri", "authority", "uriRegexRewrite"]),
    (Kind::VirtualService, "spec.tls|tcp[]", &["route"]),
    (Kind::VirtualService, "spec.tls[]", &["match"]),
    (
        Kind::DestinationRule,
        "spec.trafficPolicy",
        &[
            "outlierDetection",
            "connectionPool",
            "loadBalancer",
            "tls",
            "portLevelSettings",
            "tunnel",
            "proxyProtocol",
            "retryBudget",
        ],
    ),
    (Kind::DestinationRule, "spec.trafficPolicy.connectionPool", &["http", "tcp"]),
    (Kind::DestinationRule, "spec.trafficPolicy.portLevelSettings[]", &["port"]),
    (
        Kind::DestinationRule,
        "spec.trafficPolicy.portLevelSettings[]",
        &["outlierDetection", "connectionPool", "loadBalancer", "tls"],
    ),
    (Kind::Sidecar, "spec", &["egress", "ingress", "outboundTrafficPolicy", "inboundConnectionPool"]),
    (Kind::Sidecar, "spec.egress[]", &["hosts"]),
    (
        Kind::AuthorizationPolicy,
        "spec.rules[].from[].source",
        &[
            "principals",
            "notPrincipals",
            "requestPrincipals",
            "notRequestPrincipals",
            "namespaces",
            "notNamespaces",
            "ipBlocks",
            "notIpBlocks",
            "remoteIpBlocks",
            "notRemoteIpBlocks",
            "serviceAccounts",
            "notServiceAccounts",
            "trustDomains",
            "notTrustDomains",
        ],
    ),
    (
        Kind::AuthorizationPolicy,
        "spec.rules[].to[].operation",
        &["hosts", "notHosts", "ports", "notPorts", "methods", "notMethods", "paths", "notPaths"],
    ),
    (Kind::AuthorizationPolicy, "spec.rules[].when[]", &["values", "notValues"]),
    (Kind::WorkloadGroup, "spec", &["template"]),
    (Kind::EnvoyFilter, "spec.configPatches[]", &["applyTo"]),
    (Kind::EnvoyFilter, "spec.configPatches[]", &["patch"]),
    (Kind::EnvoyFilter, "spec.configPatches[].patch", &["operation"]),
];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for (_, pattern, one, others) in EXCLUSIVE.iter().filter(|(kind, ..)| *kind == entry.resource.kind) {
        for holder in select(root, pattern) {
            for other in others.iter().filter(|other| both(holder.node, one, other)) {
                let Some(key) = holder.node.entry(one).map(|entry| entry.key_span) else { continue };
                let finding =
                    cx.report(key, format!("`{one}` and `{other}` exclude each other\nistiod refuses the resource."));
                if let Some(place) = holder.node.entry(other) {
                    finding.related(entry.id, place.key_span, "the other");
                }
            }
        }
    }
    // A patch that is merged into another object of its name lacks nothing.
    if is_patch(root) || has_twin(cx, entry) {
        return;
    }
    for (_, pattern, fields) in NEEDED.iter().filter(|(kind, ..)| *kind == entry.resource.kind) {
        for holder in select(root, pattern).into_iter().filter(|holder| lacks_all(holder.node, fields)) {
            let list: Vec<String> = fields.iter().take(4).map(|field| format!("`{field}`")).collect();
            let more = if fields.len() > list.len() { " or another field" } else { "" };
            let place = if holder.node.as_mapping().is_some_and(|map| !map.entries.is_empty()) && holder.name != "spec"
            {
                holder.node.span
            } else {
                holder.key
            };
            if is_reported(place, cx) || is_reported(holder.node.span, cx) {
                continue;
            }
            cx.report(
                place,
                format!("`{}` lacks {}{more}\nistiod refuses the resource.", holder.name, list.join(", ")),
            );
        }
    }
}

fn is_patch(root: &Node) -> bool {
    root.entry("$patch").is_some() || root.get("spec").is_some_and(|spec| spec.entry("$patch").is_some())
}

fn has_twin(cx: &Context<'_>, entry: &Entry) -> bool {
    let key = Key::AnyNamespace(entry.resource.kind, entry.name().into());
    cx.view.under(&key).nth(1).is_some()
}

fn both(node: &Node, one: &str, other: &str) -> bool {
    is_set(node, one) == Some(true) && is_set(node, other) == Some(true)
}

fn lacks_all(node: &Node, fields: &[&str]) -> bool {
    let known = !node.templated
        && (node.as_mapping().is_some() || node.as_scalar().is_some_and(|scalar| scalar.text.is_empty()));
    known && fields.iter().all(|field| is_set(node, field) == Some(false))
}
