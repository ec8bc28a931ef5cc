//! JSON patches (RFC 6902), as kustomize applies them.

use smol_str::SmolStr;

use super::identity::text;
use super::{Touched, touched, tree};
use crate::text::Span;
use crate::yaml::{Entry, Node, Resolved, Value};

/// Where a patch breaks, and why.
type Broken = (Span, String);

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    verb: Verb,
    path: Pointer,
    from: Option<Pointer>,
    value: Option<Node>,
    /// The whole operation.
    span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Add,
    Remove,
    Replace,
    Move,
    Copy,
    Test,
}

/// A JSON pointer with its place.
#[derive(Debug, Clone)]
struct Pointer {
    steps: Vec<SmolStr>,
    text: SmolStr,
    span: Span,
}

/// What a pointer leads to.
enum Found<'a> {
    There(&'a mut Node),
    Missing,
    /// A template fills in what stands on the way.
    Unknown,
}

/// Reads the operations in the list `root`.
pub(super) fn read(root: &Node) -> Result<Vec<Operation>, Broken> {
    root.as_sequence().map_or(&[][..], |sequence| &sequence.items).iter().map(operation).collect()
}

fn operation(node: &Node) -> Result<Operation, Broken> {
    let broken = |message: &str| (node.span, message.to_owned());
    let verb = match text(node, "op").as_deref() {
        Some("add") => Verb::Add,
        Some("remove") => Verb::Remove,
        Some("replace") => Verb::Replace,
        Some("move") => Verb::Move,
        Some("copy") => Verb::Copy,
        Some("test") => Verb::Test,
        _ => return Err(broken("`op` must be add, remove, replace, move, copy or test")),
    };
    let path = pointer(node, "path")?.ok_or_else(|| broken("the operation has no `path`"))?;
    let from = pointer(node, "from")?;
    if matches!(verb, Verb::Move | Verb::Copy) && from.is_none() {
        return Err(broken("the operation has no `from`"));
    }
    let value = node.get("value").cloned();
    if matches!(verb, Verb::Add | Verb::Replace) && value.is_none() {
        return Err(broken("the operation has no `value`"));
    }
    Ok(Operation { verb, path, from, value, span: node.span })
}

/// The pointer under `key`: steps between slashes, in which `~1` is a slash and `~0` a tilde.
fn pointer(node: &Node, key: &str) -> Result<Option<Pointer>, Broken> {
    let Some(value) = node.get(key) else { return Ok(None) };
    let Some(text) = text(node, key) else { return Err((value.span, format!("`{key}` is not a single value"))) };
    let steps = match text.strip_prefix('/') {
        Some(rest) => rest.split('/').map(|step| step.replace("~1", "/").replace("~0", "~").into()).collect(),
        None if text.is_empty() => Vec::new(),
        None => return Err((value.span, format!("`{text}` must begin with a slash"))),
    };
    Ok(Some(Pointer { steps, text, span: value.span }))
}

/// Applies the operations to `root`; their own text begins at `start`.
pub(super) fn apply(root: &mut Node, operations: &[Operation], start: usize) -> Result<(), Broken> {
    operations.iter().try_for_each(|operation| operation.apply(root, start))
}

impl Operation {
    /// What byte `offset` changes; none outside of the operation.
    pub(super) fn touched(&self, offset: usize) -> Option<Touched> {
        let value = self.value.as_ref().filter(|value| value.span.touches(offset));
        let whole = || Touched { way: self.path.steps.clone(), span: self.path.span, on_key: true };
        self.span
            .touches(offset)
            .then(|| value.map_or_else(whole, |value| touched::at(value, self.path.steps.clone(), offset)))
    }

    fn apply(&self, root: &mut Node, start: usize) -> Result<(), Broken> {
        let missing = |pointer: &Pointer| {
            (
                pointer.span.shifted(start),
                format!("the object has nothing at `{}`: kustomize refuses to build", pointer.text),
            )
        };
        let mut value = self.value.clone();
        if let Some(value) = &mut value {
            tree::shift(value, start);
        }
        if let Some(from) = self.from.as_ref().filter(|_| matches!(self.verb, Verb::Move | Verb::Copy)) {
            value = match find(root, &from.steps) {
                Found::There(node) => Some(node.clone()),
                Found::Unknown => return Ok(()),
                Found::Missing => return Err(missing(from)),
            };
            if self.verb == Verb::Move {
                remove(root, &from.steps);
            }
        }
        match self.verb {
            Verb::Add | Verb::Move | Verb::Copy => {
                let Some(value) = value else { return Ok(()) };
                self.add(root, value, start).ok_or_else(|| missing(&self.path))
            }
            Verb::Remove => remove(root, &self.path.steps).ok_or_else(|| missing(&self.path)),
            Verb::Replace => {
                let Some(value) = value else { return Ok(()) };
                self.replace(root, value, start).ok_or_else(|| missing(&self.path))
            }
            Verb::Test => match find(root, &self.path.steps) {
                Found::There(node) if node.templated => Ok(()),
                Found::There(node) if value.as_ref().is_some_and(|value| are_equal(node, value)) => Ok(()),
                Found::Unknown => Ok(()),
                Found::Missing if value.as_ref().is_none_or(tree::is_null) => Ok(()),
                _ => Err((
                    self.span.shifted(start),
                    format!("the object has another value at `{}`: kustomize refuses to build", self.path.text),
                )),
            },
        }
    }

    fn add(&self, root: &mut Node, value: Node, start: usize) -> Option<()> {
        let Some((last, way)) = self.path.steps.split_last() else {
            *root = value;
            return Some(());
        };
        let parent = match find(root, way) {
            Found::There(parent) => parent,
            Found::Unknown => return Some(()),
            Found::Missing => return None,
        };
        if let Some(items) = tree::items(parent) {
            let at = if last == "-" { items.len() } else { index(last, items.len() + 1)? };
            items.insert(at, value);
        } else if parent.templated {
            return Some(());
        } else {
            tree::put(tree::entries(parent)?, self.entry(last, value, start));
        }
        Some(())
    }

    /// As the library that kustomize uses, sets a field of an object that is not there too.
    fn replace(&self, root: &mut Node, value: Node, start: usize) -> Option<()> {
        let Some((last, way)) = self.path.steps.split_last() else {
            *root = value;
            return Some(());
        };
        let parent = match find(root, way) {
            Found::There(parent) => parent,
            Found::Unknown => return Some(()),
            Found::Missing => return None,
        };
        if let Some(items) = tree::items(parent) {
            let at = index(last, items.len())?;
            *items.get_mut(at)? = value;
        } else if !parent.templated {
            tree::put(tree::entries(parent)?, self.entry(last, value, start));
        }
        Some(())
    }

    /// `key: value` whose key is the pointer's.
    fn entry(&self, key: &SmolStr, value: Node, start: usize) -> Entry {
        let key_span = self.path.span.shifted(start);
        Entry { key: key.clone(), key_span, span: self.span.shifted(start), value, merged: false }
    }
}

fn find<'a>(node: &'a mut Node, steps: &[SmolStr]) -> Found<'a> {
    let mut node = node;
    for step in steps {
        if node.templated {
            return Found::Unknown;
        }
        let next = match &node.value {
            Value::Sequence(sequence) => {
                let at = index(step, sequence.items.len());
                at.and_then(|at| tree::items(node)?.get_mut(at))
            }
            _ => tree::value(node, step),
        };
        match next {
            Some(next) => node = next,
            None => return Found::Missing,
        }
    }
    Found::There(node)
}

fn remove(root: &mut Node, steps: &[SmolStr]) -> Option<()> {
    let (last, way) = steps.split_last()?;
    let parent = match find(root, way) {
        Found::There(parent) => parent,
        Found::Unknown => return Some(()),
        Found::Missing => return None,
    };
    if let Some(items) = tree::items(parent) {
        let at = index(last, items.len())?;
        items.remove(at);
    } else if !parent.templated {
        let entries = tree::entries(parent)?;
        let at = entries.iter().position(|entry| entry.key == *last)?;
        entries.remove(at);
    }
    Some(())
}

/// The place in a list that a step names; `-1` is the last one.
fn index(step: &str, length: usize) -> Option<usize> {
    let at = match step.strip_prefix('-') {
        Some(back) => length.checked_sub(back.parse().ok().filter(|back: &usize| *back > 0)?)?,
        None => step.parse().ok()?,
    };
    (at < length).then_some(at)
}

/// The same JSON.
fn are_equal(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(one), Value::Scalar(other)) => match (one.resolve(), other.resolve()) {
            (Resolved::String, Resolved::String) => one.text == other.text,
            (one, other) => one == other,
        },
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.items.len() == other.items.len()
                && one.items.iter().zip(&other.items).all(|(one, other)| are_equal(one, other))
        }
        (Value::Mapping(one), Value::Mapping(other)) => {
            one.entries.len() == other.entries.len()
                && one
                    .entries
                    .iter()
                    .all(|entry| other.entry(&entry.key).is_some_and(|there| are_equal(&entry.value, &there.value)))
        }
        _ => false,
    }
}
