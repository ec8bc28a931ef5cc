//! The probe of a WorkloadGroup, and the template of its WorkloadEntries.

use super::places::maps;
use super::refusal::Refusal;
use super::workload_entry;
use crate::yaml::Node;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    // istiod does not look at the template, but the API server does.
    let mut refusals: Vec<Refusal> = maps(root, "spec.template").iter().flat_map(workload_entry::ports).collect();
    for header in maps(root, "spec.probe.httpGet.httpHeaders[]") {
        let Some(name) = header.field("name") else { continue };
        let is_valid = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if let Some(text) = name.text().filter(|text| !is_valid(text)) {
            refusals.push(Refusal::at(name.node.span, format!("`{text}` is no header: letters, digits and `-`")));
        }
    }
    refusals
}
