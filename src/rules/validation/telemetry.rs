//! Values of a Telemetry.

use super::cel;
use super::places::{Found, items, maps, select};
use super::refusal::Refusal;
use crate::yaml::Node;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> =
        maps(root, "spec.metrics[].overrides[].tagOverrides{}").iter().filter_map(tag_override).collect();
    let tags = select(root, "spec.tracing[].customTags{}").into_iter().filter(|tag| tag.name.is_empty());
    refusals.extend(tags.map(|tag| Refusal::at(tag.key, "a tag has a name")));
    refusals.extend(select(root, "spec.accessLogging[].filter.expression").iter().filter_map(filter));
    let empty = maps(root, "spec.accessLogging[].filter").into_iter();
    let empty = empty.filter(|filter| filter.node.entry("expression").is_none());
    refusals.extend(empty.map(|filter| Refusal::at(filter.key, "`filter` lacks `expression`")));
    refusals
}

/// What istiod ignores: of tracing it takes the first entry, and its first provider.
pub(super) fn ineffective(root: &Node) -> Vec<Refusal> {
    let lists = select(root, "spec.tracing").into_iter().chain(select(root, "spec.tracing[].providers"));
    let more = lists.filter_map(|list| Some((list, *items(&list).get(1)?)));
    more.map(|(list, second)| Refusal::at(second.node.span, format!("`{}` takes one entry", list.name))).collect()
}

fn filter(expression: &Found<'_>) -> Option<Refusal> {
    let why = cel::problem(expression.text()?)?;
    Some(Refusal::at(expression.node.span, format!("this is no CEL expression: {why}")))
}

fn tag_override(tag: &Found<'_>) -> Option<Refusal> {
    let operation = tag.field("operation").map_or(Some("UPSERT"), |operation| operation.text())?;
    match operation {
        "UPSERT" if tag.lacks("value") => {
            Some(Refusal::at(tag.key, format!("the tag `{}` lacks `value`, which UPSERT writes", tag.name)))
        }
        "REMOVE" if tag.has("value") => {
            let value = tag.field("value")?;
            Some(Refusal::at(value.key, "REMOVE takes no `value`").remove())
        }
        _ => None,
    }
}
