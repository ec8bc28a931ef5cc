//! Selectors without labels, which select everything.
//!
//! Where istiod tells an empty selector from none, to leave it out is no safe repair: such a Sidecar goes before the one of its
//! namespace, and such a ServiceEntry takes its endpoints from all pods.

use super::places::maps;
use super::refusal::Refusal;
use crate::yaml::Node;

/// A `workloadSelector` that has nothing under `labels`.
pub(super) fn empty(root: &Node, labels: &str) -> Option<Refusal> {
    let selector = maps(root, "spec.workloadSelector").first().copied()?;
    let map = selector.field(labels);
    let is_empty = map.is_none_or(|map| map.node.as_mapping().is_none_or(|map| map.entries.is_empty()));
    let is_known = map.is_none_or(|map| !map.node.templated);
    let message = "a selector without labels selects all workloads of the namespace";
    (is_empty && is_known).then(|| Refusal::at(selector.key, message).remove())
}
