//! What a policy is attached to: `selector`, `targetRef` and `targetRefs`.

use super::places::{Found, maps, select};
use super::refusal::Refusal;
use crate::yaml::Node;

/// Kinds and groups that policies can be attached to.
const KINDS: [(&str, &str); 4] = [
    ("Service", ""),
    ("ServiceEntry", "networking.istio.io"),
    ("Gateway", "gateway.networking.k8s.io"),
    ("GatewayClass", "gateway.networking.k8s.io"),
];

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let references = maps(root, "spec.targetRef").into_iter().chain(maps(root, "spec.targetRefs[]"));
    references.filter_map(|reference| kind(&reference)).collect()
}

/// A `selector` without labels, which selects all that the policy can reach.
pub(super) fn ineffective(root: &Node) -> Option<Refusal> {
    let selector = maps(root, "spec.selector").first().copied()?;
    let labels = selector.field("matchLabels");
    let is_empty = |labels: &Found<'_>| {
        !labels.node.templated && labels.node.as_mapping().is_none_or(|map| map.entries.is_empty())
    };
    let message = "a selector without labels selects every workload";
    let is_lone = select(root, "spec.targetRef|targetRefs").is_empty();
    (is_lone && labels.as_ref().is_none_or(is_empty)).then(|| Refusal::at(selector.key, message).remove())
}

fn kind(reference: &Found<'_>) -> Option<Refusal> {
    let kind = reference.field("kind")?;
    let name = kind.text().filter(|name| !name.is_empty())?;
    let group = reference.field("group").map_or(Some(""), |group| group.text())?;
    let group = if group == "core" { "" } else { group };
    if KINDS.contains(&(name, group)) {
        return None;
    }
    let meant = KINDS.iter().find(|(known, _)| *known == name);
    let message = match meant {
        Some((_, "")) => format!("{name} has no group"),
        Some((_, group)) => format!("{name} is of the group {group}"),
        None => format!(
            "a policy cannot be attached to a {name}\nIt takes a Service, ServiceEntry, Gateway or GatewayClass."
        ),
    };
    let written = reference.field("group").filter(|_| meant.is_some());
    let place = written.filter(|group| group.text() != Some("")).map_or(kind.node.span, |group| group.node.span);
    Some(Refusal::at(place, message))
}
