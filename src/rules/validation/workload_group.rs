//! The probe of a WorkloadGroup.

use super::places::maps;
use super::refusal::Refusal;
use crate::yaml::Node;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for header in maps(root, "spec.probe.httpGet.httpHeaders[]") {
        let Some(name) = header.field("name") else { continue };
        let is_valid = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if let Some(text) = name.text().filter(|text| !is_valid(text)) {
            refusals.push(Refusal::at(name.node.span, format!("`{text}` is no header: letters, digits and `-`")));
        }
    }
    refusals
}
