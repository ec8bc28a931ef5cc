//! Patches of an EnvoyFilter that cannot be applied.

use super::places::{Found, maps, select};
use super::refusal::Refusal;
use super::{re2, selectors};
use crate::resource::protobuf::{Mismatch, Outcome, mismatches};
use crate::yaml::{Node, Resolved};

/// What istiod refuses; it does not look at patches of waypoints.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let patches = maps(root, "spec.configPatches[]");
    let whole = patches.iter().filter(|patch| is_for_waypoint(patch)).filter_map(|patch| {
        let condition = patch.field("match").filter(|condition| condition.node.entry("waypoint").is_none())?;
        let message = "context WAYPOINT lacks `waypoint`: the API server wants it, `{}` will do";
        Some(Refusal::at(condition.field("context")?.node.span, message))
    });
    let refusals = patches
        .iter()
        .filter(|patch| !is_for_waypoint(patch))
        .flat_map(|patch| shape(patch).map_or_else(|| values(patch, true), |refusal| vec![refusal]));
    whole.chain(refusals).collect()
}

/// What istiod ignores.
pub(super) fn ineffective(root: &Node) -> Vec<Refusal> {
    let mut ineffective: Vec<Refusal> = selectors::empty(root, "labels").into_iter().collect();
    for patch in maps(root, "spec.configPatches[]").iter().filter(|patch| !is_for_waypoint(patch)) {
        let version = select(patch.node, "match.proxy.proxyVersion").into_iter();
        let long = version.filter(|version| version.text().is_some_and(|text| text.len() > 1024));
        ineffective
            .extend(long.map(|version| Refusal::at(version.node.span, "a version of more than 1024 characters")));
        let apply_to = patch.text_of("applyTo").unwrap_or_default();
        if matches!(apply_to, "LISTENER" | "FILTER_CHAIN") {
            let filters = maps(patch.node, "match.listener.filterChain.filter");
            let message = format!("a filter is no condition for applyTo {apply_to}");
            ineffective.extend(filters.iter().map(|filter| Refusal::at(filter.key, message.clone())));
        }
        if Class::of(apply_to) == Class::Listener {
            if shape(patch).is_some() {
                continue;
            }
            ineffective.extend(old_names(patch));
        }
        let unknown = values(patch, false);
        let is_known = unknown.is_empty();
        ineffective.extend(unknown);
        ineffective.extend(lacks_config(patch, apply_to).filter(|_| is_known));
    }
    ineffective
}

fn is_for_waypoint(patch: &Found<'_>) -> bool {
    patch.field("match").is_some_and(|condition| condition.text_of("context") == Some("WAYPOINT"))
}

/// What part of Envoy's configuration `applyTo` means, as far as `match` depends on it.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Listener,
    Route,
    Cluster,
    Other,
}

impl Class {
    fn of(apply_to: &str) -> Self {
        match apply_to {
            "LISTENER" | "FILTER_CHAIN" | "NETWORK_FILTER" | "HTTP_FILTER" => Self::Listener,
            "ROUTE_CONFIGURATION" | "VIRTUAL_HOST" | "HTTP_ROUTE" => Self::Route,
            "CLUSTER" => Self::Cluster,
            _ => Self::Other,
        }
    }

    /// The field of `match` that fits.
    fn field(self) -> Option<&'static str> {
        match self {
            Self::Listener => Some("listener"),
            Self::Route => Some("routeConfiguration"),
            Self::Cluster => Some("cluster"),
            Self::Other => None,
        }
    }
}

/// The first thing that is wrong with the parts of a patch.
fn shape(patch: &Found<'_>) -> Option<Refusal> {
    let lacks = |holder: &Found<'_>, field: &str| {
        Some(Refusal::at(holder.place_of(field), format!("`{}` lacks `{field}`", holder.name)))
    };
    let Some(apply_to) = patch.field("applyTo").filter(|_| !patch.lacks("applyTo")) else {
        return lacks(patch, "applyTo");
    };
    if apply_to.text() == Some("INVALID") {
        return Some(Refusal::at(apply_to.node.span, "INVALID stands for a missing `applyTo`"));
    }
    let Some(body) = patch.field("patch").filter(|_| !patch.lacks("patch")) else { return lacks(patch, "patch") };
    let Some(operation) = body.field("operation").filter(|_| !body.lacks("operation")) else {
        return lacks(&body, "operation");
    };
    if operation.text() == Some("INVALID") {
        return Some(Refusal::at(operation.node.span, "INVALID stands for a missing `operation`"));
    }
    let value = body.node.entry("value");
    if value.is_none() && operation.text().is_some_and(|text| text != "REMOVE") {
        return Some(Refusal::at(
            operation.node.span,
            format!("{} lacks a `value`", operation.text().unwrap_or_default()),
        ));
    }
    let version = select(patch.node, "match.proxy.proxyVersion").first().copied();
    let version = version.filter(|version| version.text().is_some_and(|text| text.len() <= 1024));
    if let Some((version, why)) = version.and_then(|version| Some((version, re2::problem(version.text()?)?))) {
        return Some(Refusal::at(version.node.span, format!("this is no regular expression of RE2: {why}")));
    }
    let class = Class::of(apply_to.text()?);
    let fitting = class.field()?;
    if let Some(condition) = patch.field("match") {
        let others =
            ["listener", "routeConfiguration", "cluster", "waypoint"].into_iter().filter(|name| *name != fitting);
        let other = others.filter_map(|name| condition.field(name)).find(|other| other.node.as_mapping().is_some());
        if let Some(other) = other.filter(|_| condition.field(fitting).is_none()) {
            let apply_to = apply_to.text().unwrap_or_default();
            let message = format!("`{}` does not go with applyTo {apply_to}, which takes `{fitting}`", other.name);
            return Some(Refusal::at(other.key, message).beside(patch.field("applyTo")?.node.span));
        }
    }
    filter(patch, apply_to.text()?)
}

const CONNECTION_MANAGER: [&str; 2] =
    ["envoy.filters.network.http_connection_manager", "envoy.http_connection_manager"];

/// The condition about a filter: it has a name, and a filter inside for HTTP filters alone.
fn filter(patch: &Found<'_>, apply_to: &str) -> Option<Refusal> {
    let filter = maps(patch.node, "match.listener.filterChain.filter").first().copied()?;
    if filter.lacks("name") {
        return Some(Refusal::at(filter.key, "`filter` lacks `name`"));
    }
    let inner = filter.field("subFilter").filter(|inner| inner.node.as_mapping().is_some())?;
    if apply_to != "HTTP_FILTER" {
        return Some(Refusal::at(
            inner.key,
            format!("`subFilter` does not go with applyTo {apply_to}, only with HTTP_FILTER"),
        ));
    }
    let name = filter.field("name")?;
    if name.text().is_some_and(|name| !CONNECTION_MANAGER.contains(&name)) {
        let message = "only the HTTP connection manager has filters inside";
        return Some(Refusal::at(name.node.span, message).write(CONNECTION_MANAGER[0]));
    }
    inner.lacks("name").then(|| Refusal::at(inner.key, "`subFilter` lacks `name`"))
}

/// Names of filters in matches that Envoy has given up.
fn old_names(patch: &Found<'_>) -> Vec<Refusal> {
    let prefixes = [
        ("match.listener.filterChain.filter.name", "network"),
        ("match.listener.filterChain.filter.subFilter.name", "http"),
    ];
    let named = prefixes
        .into_iter()
        .flat_map(|(pattern, kind)| select(patch.node, pattern).into_iter().map(move |name| (name, kind)));
    let renamed = |(name, kind): (Found<'_>, &str)| {
        let old = name.text()?.strip_prefix("envoy.")?;
        let new = OLD_NAMES.iter().find(|(known, _)| *known == old).map(|(_, new)| new.replace("KIND", kind))?;
        let message = format!("`envoy.{old}` is the old name of `{new}`");
        Some(Refusal::at(name.node.span, message).write(new))
    };
    named.filter_map(renamed).collect()
}

/// Names of filters without `envoy.`, and what they are called now.
const OLD_NAMES: &[(&str, &str)] = &[
    ("buffer", "envoy.filters.http.buffer"),
    ("cors", "envoy.filters.http.cors"),
    ("csrf", "envoy.filters.http.csrf"),
    ("http_dynamo_filter", "envoy.filters.http.dynamo"),
    ("ext_authz", "envoy.filters.KIND.ext_authz"),
    ("fault", "envoy.filters.http.fault"),
    ("grpc_http1_bridge", "envoy.filters.http.grpc_http1_bridge"),
    ("grpc_json_transcoder", "envoy.filters.http.grpc_json_transcoder"),
    ("grpc_web", "envoy.filters.http.grpc_web"),
    ("gzip", "envoy.filters.http.gzip"),
    ("health_check", "envoy.filters.http.health_check"),
    ("ip_tagging", "envoy.filters.http.ip_tagging"),
    ("lua", "envoy.filters.http.lua"),
    ("rate_limit", "envoy.filters.http.ratelimit"),
    ("router", "envoy.filters.http.router"),
    ("squash", "envoy.filters.http.squash"),
    ("listener.http_inspector", "envoy.filters.listener.http_inspector"),
    ("listener.original_dst", "envoy.filters.listener.original_dst"),
    ("listener.original_src", "envoy.filters.listener.original_src"),
    ("listener.proxy_protocol", "envoy.filters.listener.proxy_protocol"),
    ("listener.tls_inspector", "envoy.filters.listener.tls_inspector"),
    ("client_ssl_auth", "envoy.filters.network.client_ssl_auth"),
    ("http_connection_manager", "envoy.filters.network.http_connection_manager"),
    ("mongo_proxy", "envoy.filters.network.mongo_proxy"),
    ("ratelimit", "envoy.filters.network.ratelimit"),
    ("redis_proxy", "envoy.filters.network.redis_proxy"),
    ("tcp_proxy", "envoy.filters.network.tcp_proxy"),
];

/// What is patched is an extension: a name and its typed configuration.
fn is_extension(apply_to: &str) -> bool {
    matches!(apply_to, "HTTP_FILTER" | "NETWORK_FILTER" | "LISTENER_FILTER" | "EXTENSION_CONFIG")
}

/// What of the value Envoy does not know: fields, which are left out, or everything else, which cannot be read.
fn values(patch: &Found<'_>, unreadable: bool) -> Vec<Refusal> {
    let apply_to = patch.text_of("applyTo").unwrap_or_default();
    let Some((_, message)) = MESSAGES.iter().find(|(known, _)| *known == apply_to) else { return Vec::new() };
    let value = select(patch.node, "patch.value");
    let found = value.iter().flat_map(|value| mismatches(value.node, message));
    let refusal = |found: Mismatch| {
        let refusal = Refusal::at(found.span, found.message);
        let refusal = if found.outcome == Outcome::Overwritten { refusal.untold() } else { refusal };
        found.meant.into_iter().fold(refusal, Refusal::write).doubtfully()
    };
    found.filter(|found| (found.outcome == Outcome::Unreadable) == unreadable).map(refusal).collect()
}

/// What `applyTo` means among the messages of Envoy.
const MESSAGES: [(&str, &str); 11] = [
    ("CLUSTER", "envoy.config.cluster.v3.Cluster"),
    ("LISTENER", "envoy.config.listener.v3.Listener"),
    ("FILTER_CHAIN", "envoy.config.listener.v3.FilterChain"),
    ("NETWORK_FILTER", "envoy.config.listener.v3.Filter"),
    ("LISTENER_FILTER", "envoy.config.listener.v3.ListenerFilter"),
    ("ROUTE_CONFIGURATION", "envoy.config.route.v3.RouteConfiguration"),
    ("VIRTUAL_HOST", "envoy.config.route.v3.VirtualHost"),
    ("HTTP_ROUTE", "envoy.config.route.v3.Route"),
    ("HTTP_FILTER", "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter"),
    ("EXTENSION_CONFIG", "envoy.config.core.v3.TypedExtensionConfig"),
    ("BOOTSTRAP", "envoy.config.bootstrap.v3.Bootstrap"),
];

fn is_null(node: &Node) -> bool {
    !node.templated && node.as_scalar().is_some_and(|scalar| scalar.resolve() == Resolved::Null)
}

/// A filter that is named without its configuration.
fn lacks_config(patch: &Found<'_>, apply_to: &str) -> Option<Refusal> {
    let value = maps(patch.node, "patch.value").first().copied()?;
    let config = ["typed_config", "typedConfig", "config_discovery", "configDiscovery"];
    let is_bare = is_extension(apply_to)
        && config.iter().all(|field| value.node.entry(field).is_none_or(|entry| is_null(&entry.value)));
    is_bare.then(|| Refusal::at(value.key, "the filter lacks `typed_config`: Envoy finds none by name alone"))
}
