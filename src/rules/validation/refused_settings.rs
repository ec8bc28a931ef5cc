//! Rule `refused-settings`.

use smol_str::SmolStr;

use super::places::{is_reported, is_set, maps, object, select, tree};
use super::refusal::{self, Refusal};
use super::{
    authorization_policy, destination_rule, envoy_filter, gateway, peer_authentication, request_authentication,
    service_entry, sidecar, target_refs, telemetry, virtual_service, wasm_plugin, workload_entry, workload_group,
};
use crate::index::{Entry, Key};
use crate::resource::Kind;
use crate::resource::schema::Problem;
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::yaml::{Document, Node};

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
    "refused-settings", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, TrafficExtension, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

/// Fields of one object that exclude each other: kind, where, one, the other.
const EXCLUSIVE: &[(Kind, &str, &str, &[&str])] = &[
    (Kind::VirtualService, "spec.http[].rewrite", "uri", &["uriRegexRewrite"]),
    (Kind::VirtualService, "spec.http[].redirect", "uri", &["prefixRewrite"]),
    (Kind::DestinationRule, "spec.**.trafficPolicy", "tunnel", &["proxyProtocol"]),
    (Kind::DestinationRule, "spec.**.loadBalancer.localityLbSetting", "distribute", &["failover"]),
    (Kind::DestinationRule, "spec.**.loadBalancer", "localityLbSetting", &["zoneAwareLbSetting"]),
    (Kind::ServiceEntry, "spec", "workloadSelector", &["endpoints"]),
    (Kind::AuthorizationPolicy, "spec", "selector", &["targetRef", "targetRefs"]),
    (Kind::AuthorizationPolicy, "spec.rules[].from[].source", "serviceAccounts", NAMED),
    (Kind::AuthorizationPolicy, "spec.rules[].from[].source", "notServiceAccounts", NAMED),
    (Kind::RequestAuthentication, "spec", "selector", &["targetRef", "targetRefs"]),
    (Kind::Telemetry, "spec", "selector", &["targetRef", "targetRefs"]),
    (Kind::WasmPlugin, "spec", "selector", &["targetRef", "targetRefs"]),
];
/// Identities that a service account is a part of.
const NAMED: &[&str] = &["namespaces", "notNamespaces", "principals", "notPrincipals"];
/// Objects that have to say one of these: kind, where, fields.
const NEEDED: &[(Kind, &str, &[&str])] = &[
    (Kind::VirtualService, "spec", &["http", "tls", "tcp"]),
    (Kind::VirtualService, "spec.http[].fault", &["abort", "delay"]),
    (Kind::VirtualService, "spec.http[].rewrite", &["uri", "authority", "uriRegexRewrite"]),
    (Kind::VirtualService, "spec.http[].rewrite.uriRegexRewrite", &["match"]),
    (Kind::VirtualService, "spec.http[].rewrite.uriRegexRewrite", &["rewrite"]),
    (
        Kind::VirtualService,
        "spec.http[].redirect",
        &["uri", "authority", "scheme", "port", "derivePort", "prefixRewrite"],
    ),
    (Kind::VirtualService, "spec.http[].corsPolicy.allowOrigins[]", &["exact", "prefix", "regex"]),
    (Kind::VirtualService, "spec.http|tls|tcp[].route[].destination.port", &["number"]),
    (Kind::VirtualService, "spec.http[].mirror.port", &["number"]),
    (Kind::VirtualService, "spec.http[].mirrors[].destination.port", &["number"]),
    (Kind::VirtualService, "spec.tls|tcp[]", &["route"]),
    (Kind::VirtualService, "spec.tls[]", &["match"]),
    (Kind::VirtualService, "spec.tls[].match[]", &["sniHosts"]),
    (
        Kind::DestinationRule,
        "spec.**.trafficPolicy",
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
    (Kind::DestinationRule, "spec.**.connectionPool", &["http", "tcp"]),
    (Kind::DestinationRule, "spec.**.portLevelSettings[]", &["port"]),
    (
        Kind::DestinationRule,
        "spec.**.portLevelSettings[]",
        &["outlierDetection", "connectionPool", "loadBalancer", "tls"],
    ),
    (Kind::DestinationRule, "spec.**.localityLbSetting.distribute[]", &["from"]),
    (Kind::DestinationRule, "spec.**.localityLbSetting.distribute[]", &["to"]),
    (Kind::DestinationRule, "spec.**.localityLbSetting|zoneAwareLbSetting.failover[]", &["from", "to"]),
    (Kind::DestinationRule, "spec.**.loadBalancer.consistentHash.httpCookie", &["name"]),
    (Kind::DestinationRule, "spec.**.loadBalancer.consistentHash.httpCookie.attributes[]", &["name"]),
    (Kind::Gateway, "spec", &["servers"]),
    (Kind::Gateway, "spec.servers[]", &["hosts"]),
    (Kind::Gateway, "spec.servers[].port", &["protocol"]),
    (Kind::Gateway, "spec.servers[].port", &["name"]),
    (Kind::Sidecar, "spec", &["egress", "ingress", "outboundTrafficPolicy", "inboundConnectionPool"]),
    (Kind::Sidecar, "spec.egress[]", &["hosts"]),
    (Kind::Sidecar, "spec.ingress[].port", &["number"]),
    (Kind::Sidecar, "spec.ingress[].connectionPool", &["http", "tcp"]),
    (Kind::Sidecar, "spec.inboundConnectionPool", &["http", "tcp"]),
    (Kind::Sidecar, "spec.outboundTrafficPolicy.egressProxy.port", &["number"]),
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
    (Kind::AuthorizationPolicy, "spec.rules[].from[]", &["source"]),
    (Kind::AuthorizationPolicy, "spec.rules[].to[]", &["operation"]),
    (Kind::AuthorizationPolicy, "spec.rules[].when[]", &["key"]),
    (Kind::AuthorizationPolicy, "spec.rules[].when[]", &["values", "notValues"]),
    (Kind::RequestAuthentication, "spec.jwtRules[]", &["issuer", "jwksUri"]),
    (Kind::WorkloadGroup, "spec", &["template"]),
    (Kind::WorkloadGroup, "spec.probe", &["httpGet", "tcpSocket", "exec", "grpc"]),
    (Kind::WorkloadGroup, "spec.probe.exec", &["command"]),
];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for (_, pattern, one, others) in EXCLUSIVE.iter().filter(|(kind, ..)| *kind == entry.resource.kind) {
        for holder in select(root, pattern) {
            for other in others.iter().filter(|other| both(holder.node, one, other)) {
                let Some(key) = holder.node.entry(one).map(|entry| entry.key_span) else { continue };
                let place = holder.node.entry(other).map(|entry| entry.key_span);
                if is_reported(key, cx) || place.is_some_and(|place| is_reported(place, cx)) {
                    continue;
                }
                let finding =
                    cx.report(key, format!("`{one}` and `{other}` exclude each other\nistiod refuses the resource."));
                if let Some(place) = place {
                    finding.related(entry.id, place, "the other");
                }
            }
        }
    }
    // A patch that is merged into another object of its name lacks nothing.
    if is_part(&document) || has_twin(cx, entry) {
        return;
    }
    if is_bare(root) {
        let whole = NEEDED.iter().filter(|(kind, place, _)| *kind == entry.resource.kind && *place == "spec");
        for (.., fields) in whole {
            cx.report(entry.resource.name_span(), lacking("spec", fields));
        }
    }
    refusal::report(of_kind(entry, root), entry, cx, "istiod refuses the resource.");
    for (_, pattern, fields) in NEEDED.iter().filter(|(kind, ..)| *kind == entry.resource.kind) {
        for holder in select(root, pattern).into_iter().filter(|holder| lacks_all(holder.node, fields)) {
            let empty = fields.iter().find(|field| holder.node.entry(field).is_some());
            let place = match empty {
                None if holder.name == "spec" => holder.key,
                _ => holder.place_of(empty.unwrap_or(&"")),
            };
            let is_told =
                empty.and_then(|field| holder.node.get(field)).is_some_and(|value| is_reported(value.span, cx));
            if is_told
                || is_reported(place, cx)
                || is_reported(holder.node.span, cx)
                || is_missed(holder.node.span, fields, cx)
            {
                continue;
            }
            cx.report(place, lacking(holder.name, fields));
        }
    }
}

fn lacking(holder: &str, fields: &[&str]) -> String {
    // A list of many would fill the line, and says no more.
    let list: Vec<String> =
        fields.iter().take(if fields.len() > 4 { 3 } else { 4 }).map(|field| format!("`{field}`")).collect();
    let more = if fields.len() > list.len() { " or another field" } else { "" };
    format!("`{holder}` lacks {}{more}\nistiod refuses the resource.", list.join(", "))
}

/// An object with a name and nothing else, which patches nothing.
fn is_bare(root: &Node) -> bool {
    let names = |metadata: &Node| {
        let entries = metadata.as_mapping().map(|map| map.entries.as_slice()).unwrap_or_default();
        !metadata.templated && entries.iter().all(|entry| matches!(entry.key.as_str(), "name" | "namespace"))
    };
    let is_lone = root.as_mapping().is_some_and(|map| map.entries.len() == 3) && !root.templated;
    is_lone && root.get("metadata").is_some_and(names)
}

/// What is refused of one kind alone.
fn of_kind(entry: &Entry, root: &Node) -> Vec<Refusal> {
    // Of another namespace nobody knows yet.
    let namespace = entry.resource.metadata.namespace.text().unwrap_or_default();
    match entry.resource.kind {
        Kind::VirtualService => virtual_service::refused(root, namespace),
        Kind::DestinationRule => destination_rule::refused(root, namespace),
        Kind::ServiceEntry => service_entry::refused(root, namespace),
        Kind::WorkloadEntry => maps(root, "spec").iter().flat_map(workload_entry::refused).collect(),
        Kind::WorkloadGroup => workload_group::refused(root),
        Kind::AuthorizationPolicy => [target_refs::refused(root), authorization_policy::refused(root)].concat(),
        Kind::PeerAuthentication => peer_authentication::refused(root),
        Kind::RequestAuthentication => [target_refs::refused(root), request_authentication::refused(root)].concat(),
        Kind::Telemetry => [target_refs::refused(root), telemetry::refused(root)].concat(),
        Kind::WasmPlugin | Kind::TrafficExtension => [target_refs::refused(root), wasm_plugin::refused(root)].concat(),
        Kind::Gateway => gateway::refused(root),
        Kind::Sidecar => sidecar::refused(root),
        Kind::EnvoyFilter => envoy_filter::refused(root),
        _ => Vec::new(),
    }
}

/// The schema misses one of these fields of the object already.
fn is_missed(object: Span, fields: &[&str], cx: &Context<'_>) -> bool {
    let is_same = |problem: &Problem| matches!(problem, Problem::MissingField(name) if fields.contains(name));
    cx.defects().iter().any(|defect| is_same(&defect.problem) && object.contains(defect.span))
}

/// The document is a patch, or half written: what it lacks may come from elsewhere.
pub(super) fn is_part(document: &Document) -> bool {
    document.text.contains("$patch") || !document.errors.is_empty()
}

/// Another object of this name may be the rest of it, or it of that one: a base and its patch.
pub(super) fn has_twin(cx: &Context<'_>, entry: &Entry) -> bool {
    let (kind, name) = (entry.resource.kind, SmolStr::new(entry.name()));
    let keys = match entry.resource.metadata.namespace.text() {
        Some(_) => vec![Key::Named(kind, entry.namespace.clone(), name.clone()), Key::Unplaced(kind, name)],
        None => vec![Key::AnyNamespace(kind, name)],
    };
    keys.iter().any(|key| cx.view.under(key).any(|other| other.id != entry.id))
}

fn both(node: &Node, one: &str, other: &str) -> bool {
    is_set(node, one) == Some(true) && is_set(node, other) == Some(true)
}

fn lacks_all(node: &Node, fields: &[&str]) -> bool {
    let known = !node.templated
        && (node.as_mapping().is_some() || node.as_scalar().is_some_and(|scalar| scalar.text.is_empty()));
    known && fields.iter().all(|field| is_set(node, field) == Some(false))
}
