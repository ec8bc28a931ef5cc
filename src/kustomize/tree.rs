//! Changes of a tree. What is shared with others is copied on the way to the change, the rest stays shared.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::text::Span;
use crate::yaml::{CollectionStyle, Entry, Mapping, Node, Resolved, Scalar, ScalarStyle, Value};

/// A string that stands at `span`.
pub(super) fn string(text: SmolStr, span: Span) -> Node {
    Node { span, value: Value::Scalar(Scalar { text, style: ScalarStyle::DoubleQuoted, tag: None }), templated: false }
}

/// A value at `span` of which nothing is known.
pub(super) fn unknown(span: Span) -> Node {
    Node { templated: true, ..string(SmolStr::default(), span) }
}

/// A mapping without entries at `span`.
pub(super) fn empty(span: Span) -> Node {
    let mapping = Mapping { style: CollectionStyle::Block, entries: Vec::new() };
    Node { span, value: Value::Mapping(Arc::new(mapping)), templated: false }
}

/// `key: value` at the place of `value`.
pub(super) fn entry(key: &str, value: Node) -> Entry {
    Entry { key: key.into(), key_span: value.span, span: value.span, value, merged: false }
}

/// Written as null, or left out.
pub(super) fn is_null(node: &Node) -> bool {
    !node.templated && node.as_scalar().is_some_and(|scalar| scalar.resolve() == Resolved::Null)
}

/// The entries of a mapping, to be changed.
pub(super) fn entries(node: &mut Node) -> Option<&mut Vec<Entry>> {
    match &mut node.value {
        Value::Mapping(mapping) => Some(&mut Arc::make_mut(mapping).entries),
        _ => None,
    }
}

/// The items of a list, to be changed.
pub(super) fn items(node: &mut Node) -> Option<&mut Vec<Node>> {
    match &mut node.value {
        Value::Sequence(sequence) => Some(&mut Arc::make_mut(sequence).items),
        _ => None,
    }
}

/// The value under `key`, to be changed.
pub(super) fn value<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    Some(&mut entries(node)?.iter_mut().find(|entry| entry.key == key)?.value)
}

/// Puts `new` in the place of the entry with its key, else at the end.
pub(super) fn put(entries: &mut Vec<Entry>, new: Entry) {
    match entries.iter_mut().find(|entry| entry.key == new.key) {
        Some(old) => *old = new,
        None => entries.push(new),
    }
}

/// Every place in `node` moves on by `by`.
pub(super) fn shift(node: &mut Node, by: usize) {
    place(node, &|span| span.shifted(by));
}

/// Gives every place in `node` another one.
pub(super) fn place(node: &mut Node, at: &dyn Fn(Span) -> Span) {
    node.span = at(node.span);
    for entry in entries(node).into_iter().flatten() {
        entry.key_span = at(entry.key_span);
        entry.span = at(entry.span);
        place(&mut entry.value, at);
    }
    items(node).into_iter().flatten().for_each(|item| place(item, at));
}

/// Calls `change` with every value at `path`, of which `[]` or an item's number may be a step; a step through a list
/// without one means all its items. With `create`, mappings that are missing are made at the place of what holds them.
pub(super) fn at_path(node: &mut Node, path: &[&str], create: bool, change: &mut dyn FnMut(&mut Node)) {
    if node.templated {
        return;
    }
    if let Some(items) = items(node) {
        let rest = match path.split_first() {
            Some((first, rest)) if *first == "*" || *first == "[]" => rest,
            Some((first, rest)) if first.parse::<usize>().is_ok() => {
                let item = first.parse().ok().and_then(|at: usize| items.get_mut(at));
                item.into_iter().for_each(|item| at_path(item, rest, create, change));
                return;
            }
            Some((first, rest)) if first.starts_with('[') => {
                let (key, wanted) = first.trim_matches(['[', ']']).split_once('=').unwrap_or_default();
                let wanted = |item: &&mut Node| {
                    item.get(key).and_then(Node::as_scalar).is_some_and(|scalar| scalar.text == wanted)
                };
                items.iter_mut().filter(wanted).for_each(|item| at_path(item, rest, create, change));
                return;
            }
            Some(_) => path,
            None => return change(node),
        };
        items.iter_mut().for_each(|item| at_path(item, rest, create, change));
        return;
    }
    let Some((key, rest)) = path.split_first() else { return change(node) };
    let span = node.span;
    if create && is_null(node) {
        *node = empty(span);
    }
    let Some(entries) = entries(node) else { return };
    let key = key.trim_end_matches("[]");
    if create && !entries.iter().any(|entry| entry.key == key) {
        entries.push(entry(key, empty(span)));
    }
    for entry in entries.iter_mut().filter(|entry| entry.key == key) {
        at_path(&mut entry.value, rest, create, change);
    }
}
