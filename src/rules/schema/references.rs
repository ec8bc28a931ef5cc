//! What the API server refuses in lists of references: `parentRefs` of routes, `targetRefs` of policies.

use super::nodes::{has, items, text};
use super::refused_combination::{Refusal, Repair};
use crate::yaml::Node;

/// References to the same object that do not tell parts of it apart.
pub(super) fn refusals(spec: &Node, key: &str) -> Vec<Refusal> {
    let references: Vec<&Node> = items(spec, key).filter(|reference| text(reference, "name").is_some()).collect();
    let mut refusals = Vec::new();
    for (at, later) in references.iter().enumerate() {
        let twin = references.iter().take(at).find_map(|earlier| problem(earlier, later));
        let place = later.get("name").map(|name| name.span);
        refusals.extend(twin.zip(place).map(|(why, span)| {
            let name = text(later, "name").unwrap_or_default();
            Refusal { span, message: format!("`{name}` is referred to above; {why}"), repair: Repair::None }
        }));
    }
    refusals
}

/// What is wrong with two references, if they are to the same object.
fn problem(earlier: &Node, later: &Node) -> Option<&'static str> {
    let same = |key: &str| is_set(earlier, key) == is_set(later, key) && text(earlier, key) == text(later, key);
    if !["group", "kind", "name", "namespace"].into_iter().all(same) {
        return None;
    }
    let parts = ["sectionName", "port"];
    if parts.iter().any(|part| is_set(earlier, part) != is_set(later, part)) {
        return Some("both need the same of `sectionName` and `port`");
    }
    parts.into_iter().all(same).then_some("the two are the same")
}

fn is_set(node: &Node, key: &str) -> bool {
    has(node, key) && text(node, key) != Some("")
}
