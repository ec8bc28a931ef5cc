//! Strategic merges, as kustomize does them (`kyaml/yaml/merge2`): mappings are merged, null removes, lists are replaced
//! unless they are of a built-in kind and have keys, `$patch` says otherwise.

use super::identity::Identity;
use super::lists::Lists;
use super::patch::Terms;
use super::tree;
use crate::text::Span;
use crate::yaml::{Entry, Node, Value};

/// Where a patch breaks, and why.
type Broken = (Span, String);

/// What `$patch` says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

const DIRECTIVE: &str = "$patch";

/// A patch without what it only says to name its object.
pub(super) fn prepare(root: &Node, terms: &Terms) -> Node {
    let mut patch = root.clone();
    if let Some(entries) = tree::entries(&mut patch) {
        entries.retain(|entry| entry.key != "apiVersion" && (terms.may_change_kind || entry.key != "kind"));
    }
    if let Some(metadata) = tree::value(&mut patch, "metadata").and_then(tree::entries) {
        metadata.retain(|entry| entry.key != "namespace" && (terms.may_rename || entry.key != "name"));
    }
    patch
}

/// Merges `patch` into the object `base`. Answers whether the object is still there.
pub(super) fn merge_object(base: &mut Node, patch: &Node, object: &Identity) -> Result<bool, Broken> {
    if directive(patch) == Directive::Replace {
        // What names the object stays.
        if let Some(entries) = tree::entries(base) {
            entries.retain(|entry| matches!(entry.key.as_str(), "apiVersion" | "kind" | "metadata"));
        }
        if let Some(metadata) = tree::value(base, "metadata").and_then(tree::entries) {
            metadata.retain(|entry| matches!(entry.key.as_str(), "name" | "namespace"));
        }
        let patch = added(patch);
        return merge_entries(base, &patch, Lists::of(object)).map(|()| true);
    }
    merge(base, patch, "", Lists::of(object))
}

/// Merges `patch` into `base`, which stands under `key`. Answers whether `base` is still there.
fn merge(base: &mut Node, patch: &Node, key: &str, lists: Lists) -> Result<bool, Broken> {
    match (&base.value, &patch.value) {
        _ if patch.templated => *base = patch.clone(),
        // Nothing is known of what stands there, and so of what a merge makes of it.
        (_, Value::Mapping(_)) if base.templated => {}
        (_, Value::Sequence(_)) if base.templated && lists.keys(key).is_some() => {}
        _ if tree::is_null(patch) => return Ok(false),
        _ if base.templated => *base = patch.clone(),
        _ if tree::is_null(base) => {
            if directive(patch) == Directive::Delete {
                return Ok(false);
            }
            *base = added(patch);
        }
        (Value::Mapping(_), Value::Mapping(_)) => match directive(patch) {
            Directive::Delete => return Ok(false),
            Directive::Replace => *base = added(patch),
            Directive::Merge => merge_entries(base, patch, lists)?,
        },
        (Value::Sequence(_), Value::Sequence(_)) => match lists.keys(key) {
            Some(keys) => return merge_items(base, patch, keys, lists),
            None => *base = patch.clone(),
        },
        (Value::Scalar(_), Value::Scalar(_)) => *base = patch.clone(),
        _ => {
            let message = format!(
                "`{key}` is {} in the object but {} in the patch: it cannot be merged",
                form(base),
                form(patch)
            );
            return Err((patch.span, message));
        }
    }
    Ok(true)
}

fn merge_entries(base: &mut Node, patch: &Node, lists: Lists) -> Result<(), Broken> {
    let Some(entries) = tree::entries(base) else { return Ok(()) };
    let patch = patch.as_mapping().into_iter().flat_map(|mapping| &mapping.entries);
    for change in patch.filter(|entry| entry.key != DIRECTIVE) {
        let Some(at) = entries.iter().position(|entry| entry.key == change.key) else {
            if !tree::is_null(&change.value) && directive(&change.value) != Directive::Delete {
                entries.push(Entry { value: added(&change.value), ..change.clone() });
            }
            continue;
        };
        let Some(entry) = entries.get_mut(at) else { continue };
        let before = entry.value.span;
        if !merge(&mut entry.value, &change.value, &change.key, lists)? {
            entries.remove(at);
        } else if entry.value.span != before {
            // The whole value comes from the patch, and so does the key.
            *entry = Entry { value: entry.value.clone(), ..change.clone() };
        }
    }
    Ok(())
}

/// Merges lists whose items have keys; as kustomize puts them, the patch's items first.
fn merge_items(base: &mut Node, patch: &Node, keys: &[&str], lists: Lists) -> Result<bool, Broken> {
    let changes = patch.as_sequence().map_or(&[][..], |sequence| &sequence.items);
    let whole =
        changes.iter().find(|item| item.as_mapping().is_some_and(|item| item.entries.len() == 1)).map(directive);
    match whole {
        Some(Directive::Delete) => return Ok(false),
        Some(Directive::Replace) => {
            *base = patch.clone();
            tree::items(base).into_iter().for_each(|items| items.retain(|item| item.get(DIRECTIVE).is_none()));
            return Ok(true);
        }
        _ => {}
    }
    let Some(items) = tree::items(base) else { return Ok(true) };
    let mut front = Vec::new();
    for change in changes {
        let Some(at) = items.iter().position(|item| are_same(item, change, keys)) else {
            if directive(change) != Directive::Delete {
                front.push(added(change));
            }
            continue;
        };
        let mut item = items.remove(at);
        if merge(&mut item, change, "", lists)? {
            // With several keys, items that were there keep their place.
            if keys.len() > 1 { items.insert(at, item) } else { front.push(item) }
        }
    }
    items.splice(0..0, front);
    Ok(true)
}

/// The items have the same key; a field that one of them leaves out tells nothing.
fn are_same(one: &Node, other: &Node, keys: &[&str]) -> bool {
    let field = |node: &Node, key: &str| node.get(key).and_then(Node::as_scalar).map(|scalar| scalar.text.clone());
    let mut shared = false;
    keys.iter().all(|key| match (field(one, key), field(other, key)) {
        (Some(one), Some(other)) => {
            shared |= one == other;
            one == other
        }
        _ => true,
    }) && shared
}

/// A part of a patch for which nothing was there: without nulls and directives.
fn added(patch: &Node) -> Node {
    let mut node = patch.clone();
    if let Some(entries) = tree::entries(&mut node) {
        entries.retain(|entry| {
            entry.key != DIRECTIVE && !tree::is_null(&entry.value) && directive(&entry.value) != Directive::Delete
        });
        entries.iter_mut().for_each(|entry| entry.value = added(&entry.value));
    }
    node
}

fn directive(node: &Node) -> Directive {
    match node.get(DIRECTIVE).and_then(Node::as_scalar).map(|scalar| scalar.text.as_str()) {
        Some("delete") => Directive::Delete,
        Some("replace") => Directive::Replace,
        _ => Directive::Merge,
    }
}

fn form(node: &Node) -> &'static str {
    match node.value {
        Value::Mapping(_) => "a mapping",
        Value::Sequence(_) => "a list",
        Value::Scalar(_) => "a single value",
    }
}
