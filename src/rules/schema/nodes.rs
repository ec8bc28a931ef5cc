//! Short ways through a tree whose form is held against the schema elsewhere.

use crate::resource::holds_placeholder;
use crate::text::Span;
use crate::yaml::{Node, Resolved};

/// The items of the list under `key`; none where there is no list.
pub(super) fn items<'a>(node: &'a Node, key: &str) -> impl Iterator<Item = &'a Node> {
    node.get(key).and_then(Node::as_sequence).into_iter().flat_map(|list| &list.items)
}

/// The text of the single value under `key`, if it is known.
pub(super) fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    let value = node.get(key).filter(|value| !value.templated && has(node, key))?;
    value.as_scalar().map(|scalar| scalar.text.as_str()).filter(|text| !holds_placeholder(text))
}

/// The field is set, to something else than null.
pub(super) fn has(node: &Node, key: &str) -> bool {
    let value = node.get(key);
    value.is_some_and(|value| {
        value.templated || value.as_scalar().is_none_or(|scalar| scalar.resolve() != Resolved::Null)
    })
}

/// Where the key stands.
pub(super) fn key_of(node: &Node, key: &str) -> Option<Span> {
    node.entry(key).map(|entry| entry.key_span)
}
