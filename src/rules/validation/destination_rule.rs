//! Fields of a DestinationRule that do not go together.

use super::places::{Found, maps};
use super::refusal::Refusal;
use super::{client_tls, exports, load_balancer};
use crate::yaml::Node;

/// What istiod refuses of a rule in `namespace`.
pub(super) fn refused(root: &Node, namespace: &str) -> Vec<Refusal> {
    let mut refusals = exports::refused(root, namespace, false);
    refusals.extend(exports::beyond_selector(root, namespace));
    for policy in policies(root, POLICIES) {
        refusals.extend(policy.field("outlierDetection").as_ref().and_then(local_origin_failures));
        refusals.extend(policy.field("connectionPool").iter().flat_map(pool));
        refusals.extend(policy.field("loadBalancer").iter().flat_map(load_balancer::refused));
        refusals.extend(policy.field("tls").iter().flat_map(|tls| client_tls::refused(tls, namespace)));
    }
    refusals
}

/// What istiod ignores: it warns of the policy of the whole host alone.
pub(super) fn ineffective(root: &Node) -> Vec<Refusal> {
    let mut ineffective: Vec<Refusal> =
        policies(root, &["spec.trafficPolicy"]).iter().flat_map(load_balancer::ineffective).collect();
    ineffective.extend(super::selectors::empty(root, "matchLabels").map(Refusal::doubtfully));
    ineffective
}

/// What istiod refuses of a `connectionPool`.
pub(super) fn pool(pool: &Found<'_>) -> Vec<Refusal> {
    let Some(http) = pool.field("http") else { return Vec::new() };
    let mut refusals: Vec<Refusal> = upgrade(pool).into_iter().collect();
    if let Some(pings) = http.field("http2KeepAlive").filter(|pings| pings.node.as_mapping().is_some()) {
        let missing = ["interval", "timeout"].into_iter().filter(|name| pings.lacks(name));
        refusals.extend(missing.map(|name| Refusal::at(pings.key, format!("`http2KeepAlive` lacks `{name}`"))));
    }
    refusals
}

/// The version of HTTP is changed, and kept.
pub(super) fn upgrade(pool: &Found<'_>) -> Option<Refusal> {
    let http = pool.field("http")?;
    let upgrade = http.field("h2UpgradePolicy").filter(|policy| policy.text() == Some("UPGRADE"))?;
    let keeps = http.field("useClientProtocol").filter(|keeps| keeps.text() == Some("true"))?;
    let message = "`useClientProtocol` keeps the version that `h2UpgradePolicy: UPGRADE` changes";
    Some(Refusal::at(keeps.key, message).beside(upgrade.key))
}

const POLICIES: &[&str] = &[
    "spec.trafficPolicy",
    "spec.trafficPolicy.portLevelSettings[]",
    "spec.subsets[].trafficPolicy",
    "spec.subsets[].trafficPolicy.portLevelSettings[]",
];

fn policies<'n>(root: &'n Node, patterns: &[&str]) -> Vec<Found<'n>> {
    patterns.iter().flat_map(|pattern| maps(root, pattern)).collect()
}

pub(super) fn local_origin_failures(detection: &Found<'_>) -> Option<Refusal> {
    let failures = detection.field("consecutiveLocalOriginFailures")?;
    let splits = detection.field("splitExternalLocalOriginErrors");
    let are_split = splits.is_some_and(|splits| splits.text() != Some("false"));
    let message = "`consecutiveLocalOriginFailures` counts only with `splitExternalLocalOriginErrors: true`";
    (failures.number()? > 0.0 && !are_split).then(|| Refusal::at(failures.key, message))
}
