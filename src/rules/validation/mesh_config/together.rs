//! Fields of a mesh configuration that are wrong together, and objects that lack something.

use crate::rules::validation::places::{Found, items, maps, select};
use crate::rules::validation::refusal::Refusal;
use crate::rules::validation::{client_tls, destination_rule, load_balancer, routes};
use crate::yaml::Node;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let whole = Found { node: root, key: root.span, name: "meshConfig" };
    let mut refusals = load_balancer::refused(&whole);
    let curves = select(root, "meshMTLS.ecdhCurves").into_iter().filter(|curves| !items(curves).is_empty());
    refusals.extend(curves.map(|curves| Refusal::at(curves.key, "mTLS of the mesh has no curves to choose")));
    for locality in maps(root, "localityLbSetting").iter().filter(|locality| locality.has("distribute")) {
        let failover = locality.field("failover").filter(|_| locality.has("failover"));
        refusals.extend(failover.map(|other| Refusal::at(other.key, "`failover` and `distribute` exclude each other")));
    }
    for tracing in maps(root, "defaultConfig.tracing") {
        let addressed = maps(tracing.node, "lightstep|zipkin|datadog");
        refusals.extend(addressed.iter().filter_map(|collector| lacks(collector, "address")));
        refusals.extend(maps(tracing.node, "lightstep").iter().filter_map(|one| lacks(one, "accessToken")));
        refusals.extend(maps(tracing.node, "tlsSettings").iter().flat_map(|tls| client_tls::refused(tls, "")));
    }
    for provider in maps(root, "defaultConfig.privateKeyProvider") {
        let kinds = maps(provider.node, "cryptomb|qat");
        if kinds.is_empty() && provider.lacks("cryptomb") && provider.lacks("qat") {
            refusals.push(Refusal::at(provider.key, "`privateKeyProvider` lacks `cryptomb` or `qat`"));
        }
        refusals.extend(kinds.iter().filter_map(|kind| lacks(kind, "pollDelay")));
    }
    for pool in maps(root, "defaultTrafficPolicy.connectionPool") {
        if pool.node.entry("http").is_none() && pool.node.entry("tcp").is_none() {
            refusals.push(Refusal::at(pool.key, "`connectionPool` lacks `http` or `tcp`"));
        }
        refusals.extend(destination_rule::upgrade(&pool));
    }
    let detection = maps(root, "defaultTrafficPolicy.outlierDetection");
    refusals.extend(detection.iter().filter_map(destination_rule::local_origin_failures));
    for retries in maps(root, "defaultInboundHttpRetryPolicy") {
        let is_off = retries.field("attempts").is_none_or(|attempts| attempts.number() == Some(0.0));
        let backoff = retries.field("backoff").filter(|_| is_off);
        let message = "`backoff` needs `attempts`: without it nothing is tried again";
        refusals.extend(routes::no_retries(&retries).or_else(|| Some(Refusal::at(backoff?.key, message))));
    }
    refusals
}

/// What istiod warns of.
pub(super) fn ineffective(root: &Node) -> Vec<Refusal> {
    let fields =
        select(root, "defaultInboundHttpRetryPolicy.perTryTimeout|retryRemoteLocalities|retryIgnorePreviousHosts");
    let message = |field: &Found<'_>| format!("`{}` does nothing for calls that come in", field.name);
    fields.iter().map(|field| Refusal::at(field.key, message(field))).collect()
}

fn lacks(holder: &Found<'_>, field: &str) -> Option<Refusal> {
    let is_missing = holder.node.entry(field).is_none() && !holder.node.templated;
    is_missing.then(|| Refusal::at(holder.key, format!("`{}` lacks `{field}`", holder.name)))
}
