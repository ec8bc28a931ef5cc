//! Values of an object by the pattern of their path.

use std::sync::Arc;

use crate::index::Entry;
use crate::resource::schema::Problem;
use crate::resource::{Kind, holds_placeholder};
use crate::rules::Context;
use crate::text::Span;
use crate::yaml::{Document, Node, Resolved, Value};

/// Where a check looks: objects of a kind, and the pattern of a path. `[]` stands for every item, `{}` for every value of
/// a map, `a|b` for either key, `**` for every object at any depth.
pub(super) type Places = &'static [(Kind, &'static [&'static str])];

/// A value that a pattern found.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    /// The value.
    pub(super) node: &'a Node,
    /// Its key; of an item, that of its list.
    pub(super) key: Span,
    /// The text of its key.
    pub(super) name: &'a str,
}

impl<'a> Found<'a> {
    /// The text of a single value that is known.
    pub(super) fn text(&self) -> Option<&'a str> {
        let scalar =
            self.node.as_scalar().filter(|scalar| !self.node.templated && scalar.resolve() != Resolved::Null)?;
        Some(scalar.text.as_str()).filter(|text| !holds_placeholder(text))
    }

    /// The value of one of its fields.
    pub(super) fn field(&self, key: &str) -> Option<Found<'a>> {
        self.node.entry(key).map(|entry| Found { node: &entry.value, key: entry.key_span, name: &entry.key })
    }

    /// Where it is said that a field is missing: the field when it is empty, else the first field; the key of an empty object.
    pub(super) fn place_of(&self, missing: &str) -> Span {
        let entries = self.node.as_mapping().map(|map| map.entries.as_slice()).unwrap_or_default();
        let entry = self.node.entry(missing).or(entries.first());
        entry.map_or(self.key, |entry| entry.key_span)
    }

    /// The text of one of its fields, where that is known.
    pub(super) fn text_of(&self, key: &str) -> Option<&'a str> {
        self.field(key)?.text()
    }

    /// One of its fields is set, for sure.
    pub(super) fn has(&self, key: &str) -> bool {
        is_set(self.node, key) == Some(true)
    }

    /// One of its fields is not set, for sure.
    pub(super) fn lacks(&self, key: &str) -> bool {
        is_set(self.node, key) == Some(false)
    }

    /// The number of a single value that is known.
    pub(super) fn number(&self) -> Option<f64> {
        self.text()?.parse().ok()
    }
}

/// The objects that the pattern finds and that are known.
pub(super) fn maps<'n>(root: &'n Node, pattern: &str) -> Vec<Found<'n>> {
    let is_known = |found: &Found<'_>| !found.node.templated && found.node.as_mapping().is_some();
    select(root, pattern).into_iter().filter(is_known).collect()
}

/// The items of a list.
pub(super) fn items<'n>(list: &Found<'n>) -> Vec<Found<'n>> {
    let items = list.node.as_sequence().map(|list| list.items.as_slice()).unwrap_or_default();
    items.iter().map(|node| Found { node, ..*list }).collect()
}

/// The document with the object being checked; none for a template, whose branches stand side by side.
pub(super) fn tree(entry: &Entry, cx: &Context<'_>) -> Option<Arc<Document>> {
    cx.document(entry).filter(|document| !document.templated)
}

/// The object in its document.
pub(super) fn object<'n>(document: &'n Document, cx: &Context<'_>) -> Option<&'n Node> {
    cx.object(document.root.as_ref()?)
}

/// Everything that the patterns for the kind of `entry` find.
pub(super) fn at<'n>(places: Places, entry: &Entry, root: &'n Node) -> Vec<Found<'n>> {
    let patterns = places.iter().filter(|(kind, _)| *kind == entry.resource.kind).flat_map(|(_, patterns)| *patterns);
    patterns.flat_map(|pattern| select(root, pattern)).collect()
}

/// A value as messages show it: short, and in words where there is nothing to see.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(40) {
        _ if text.is_empty() => "an empty text".to_owned(),
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or(text)),
        None => format!("`{text}`"),
    }
}

/// The schema of the kind says something of the place already.
pub(super) fn is_reported(span: Span, cx: &Context<'_>) -> bool {
    let is_advice = |problem: &Problem| matches!(problem, Problem::DeprecatedField(_) | Problem::DeprecatedValue(_));
    cx.defects().iter().any(|defect| defect.span == span && !is_advice(&defect.problem))
}

/// Everything that the pattern finds under `root`.
pub(super) fn select<'n>(root: &'n Node, pattern: &str) -> Vec<Found<'n>> {
    let mut found = vec![Found { node: root, key: root.span, name: "" }];
    for segment in pattern.split('.') {
        if segment == "**" {
            found = found.into_iter().flat_map(objects).collect();
            continue;
        }
        let (keys, each) = match segment.strip_suffix("[]") {
            Some(keys) => (keys, Each::Item),
            None => segment.strip_suffix("{}").map_or((segment, Each::Whole), |keys| (keys, Each::Value)),
        };
        found = found.into_iter().flat_map(|holder| step(holder.node, keys, each)).collect();
    }
    found
}

/// The object and all that it holds.
fn objects(holder: Found<'_>) -> Vec<Found<'_>> {
    let mut found = vec![holder];
    match &holder.node.value {
        Value::Mapping(map) => {
            let values = map.entries.iter().map(|one| Found { node: &one.value, key: one.key_span, name: &one.key });
            found.extend(values.flat_map(objects));
        }
        Value::Sequence(list) => found.extend(list.items.iter().flat_map(|node| objects(Found { node, ..holder }))),
        Value::Scalar(_) => found.clear(),
    }
    found
}

#[derive(Clone, Copy)]
enum Each {
    Whole,
    Item,
    Value,
}

fn step<'n>(node: &'n Node, keys: &str, each: Each) -> Vec<Found<'n>> {
    let entries = keys.split('|').filter_map(|key| node.entry(key));
    entries
        .flat_map(|entry| {
            let whole = Found { node: &entry.value, key: entry.key_span, name: &entry.key };
            match each {
                Each::Whole => vec![whole],
                Each::Item => {
                    let items = entry.value.as_sequence().map(|list| list.items.as_slice()).unwrap_or_default();
                    items.iter().map(|node| Found { node, ..whole }).collect()
                }
                Each::Value => {
                    let entries = entry.value.as_mapping().map(|map| map.entries.as_slice()).unwrap_or_default();
                    entries.iter().map(|one| Found { node: &one.value, key: one.key_span, name: &one.key }).collect()
                }
            }
        })
        .collect()
}

/// The field of a mapping is set: not null, not an empty text, not an empty list or map. None while that is not known.
pub(super) fn is_set(node: &Node, key: &str) -> Option<bool> {
    let Some(value) = node.get(key) else { return Some(false) };
    if value.templated {
        return None;
    }
    let empty = value.as_scalar().is_some_and(|scalar| scalar.resolve() == Resolved::Null || scalar.text.is_empty())
        || value.as_sequence().is_some_and(|list| list.items.is_empty());
    Some(!empty)
}
