//! What of an object a place in a patch is about.

use smol_str::{SmolStr, format_smolstr};

use crate::text::Span;
use crate::yaml::{Node, Value};

/// A place in a patch, in terms of the object that it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// The way to what is changed, from the top of the object: keys, numbers of items, `[name=NAME]` for an item of that
    /// name, `-` for the item behind the last.
    pub way: Vec<SmolStr>,
    /// The key or value in the patch.
    pub span: Span,
    /// It is a key.
    pub on_key: bool,
}

/// What byte `offset` is in `node`, to which `way` leads; between entries it is nothing of them.
pub(super) fn at(node: &Node, mut way: Vec<SmolStr>, offset: usize) -> Touched {
    let mut node = node;
    loop {
        let next = match &node.value {
            Value::Scalar(_) => None,
            Value::Mapping(mapping) => {
                let entry = mapping.entries.iter().find(|entry| !entry.merged && entry.span.touches(offset));
                let Some(entry) = entry else {
                    return Touched { way: Vec::new(), span: node.span, on_key: false };
                };
                way.push(entry.key.clone());
                if entry.key_span.touches(offset) {
                    return Touched { way, span: entry.key_span, on_key: true };
                }
                Some(&entry.value)
            }
            Value::Sequence(list) => {
                let item = list.items.iter().enumerate().find(|(_, item)| item.span.touches(offset));
                item.map(|(number, item)| {
                    let name = item.get("name").and_then(Node::as_scalar);
                    way.push(match name {
                        Some(name) => format_smolstr!("[name={}]", name.text),
                        None => format_smolstr!("{number}"),
                    });
                    item
                })
            }
        };
        match next {
            Some(next) => node = next,
            None => return Touched { way, span: node.span, on_key: false },
        }
    }
}

/// What `way` leads to in the object `root`, and every step on it: the key, or the number of the item.
#[must_use]
pub fn follow<'n>(root: &'n Node, way: &[SmolStr]) -> Option<Vec<(Option<usize>, &'n Node)>> {
    let mut node = root;
    let mut steps = Vec::new();
    for step in way {
        let (number, next) = match &node.value {
            Value::Mapping(_) => (None, node.get(step)?),
            Value::Sequence(list) => {
                let name = step.strip_prefix("[name=").and_then(|rest| rest.strip_suffix(']'));
                let is_called = |item: &&Node| {
                    item.get("name").and_then(Node::as_scalar).map(|scalar| scalar.text.as_str()) == name
                };
                let number = match (name, step.as_str()) {
                    (Some(_), _) => list.items.iter().position(|item| is_called(&item))?,
                    (None, "-") => list.items.len().checked_sub(1)?,
                    (None, number) => number.parse().ok()?,
                };
                (Some(number), list.items.get(number)?)
            }
            Value::Scalar(_) => return None,
        };
        steps.push((number, next));
        node = next;
    }
    Some(steps)
}
