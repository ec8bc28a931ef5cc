//! `exportTo` of VirtualServices, DestinationRules and ServiceEntries: entries that do not go together.

use super::places::{Found, items, select};
use super::refusal::Refusal;
use crate::yaml::Node;

/// What istiod refuses of `exportTo` of a resource in `namespace`, which is empty while it is not known.
pub(super) fn refused(root: &Node, namespace: &str, is_service_entry: bool) -> Vec<Refusal> {
    let Some(list) = select(root, "spec.exportTo").first().copied() else { return Vec::new() };
    let entries: Option<Vec<(Found<'_>, &str)>> =
        items(&list).into_iter().map(|item| Some((item, item.text()?))).collect();
    let Some(entries) = entries else { return Vec::new() };
    let named = |name: &str| entries.iter().find(|(_, text)| *text == name);
    let mut refusals = Vec::new();
    if let (Some((dot, _)), Some((own, _)), false) = (named("."), named(namespace), namespace.is_empty()) {
        let message = format!("`.` and `{namespace}` are the same namespace");
        refusals.push(Refusal::at(own.node.span, message).beside(dot.node.span).remove().safely());
    }
    let keywords: &[_] =
        if is_service_entry { &[("*", "every namespace"), ("~", "no namespace")] } else { &[("*", "every namespace")] };
    for (name, what) in keywords {
        if let Some((item, _)) = named(name).filter(|_| entries.len() > 1) {
            let message = format!("`{name}`, which is {what}, stands alone in `exportTo`");
            refusals.push(Refusal::at(item.node.span, message));
        }
    }
    refusals
}

/// A rule for some workloads of its namespace is not for other namespaces.
pub(super) fn beyond_selector(root: &Node, namespace: &str) -> Option<Refusal> {
    let selector = select(root, "spec.workloadSelector").first().copied()?;
    selector.node.as_mapping()?;
    let list = select(root, "spec.exportTo").first().copied()?;
    let is_other = |text: &str| text == "*" || text != "." && text != namespace && !namespace.is_empty();
    let other = items(&list).into_iter().find(|item| item.text().is_some_and(is_other))?;
    let message = "a rule with `workloadSelector` is exported to its own namespace alone";
    Some(Refusal::at(other.node.span, message).beside(selector.key))
}
