//! Finding what an edit is about.

use super::super::tree::{CollectionStyle, Document, Entry, Mapping, Node, Sequence, Value};

/// One step of the way to a value: a key of a mapping, an index of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At<'a> {
    /// Into a mapping.
    Key(&'a str),
    /// Into a list, from zero.
    Index(usize),
}

impl<'a> From<&'a str> for At<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for At<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A node and what holds it.
#[derive(Clone, Copy)]
pub(super) struct Slot<'a> {
    pub(super) node: &'a Node,
    pub(super) holder: Holder<'a>,
    /// It stands between brackets.
    pub(super) flow: bool,
}

/// What holds a node.
#[derive(Clone, Copy)]
pub(super) enum Holder<'a> {
    Document,
    Mapping { mapping: &'a Mapping, index: usize, entry: &'a Entry },
    Sequence { owner: &'a Node, sequence: &'a Sequence, index: usize },
}

/// The slots along `path`, the top first, as far as it exists, and what is left of it. `None` where the way leads
/// through an alias: the anchored text stands for other places too.
pub(super) fn find<'a, 'p>(document: &'a Document, path: &'p [At<'p>]) -> Option<(Vec<Slot<'a>>, &'p [At<'p>])> {
    let root = document.root.as_ref()?;
    let mut slots = vec![Slot { node: root, holder: Holder::Document, flow: false }];
    let mut rest = path;
    while let Some((at, after)) = rest.split_first() {
        let last = slots.last()?;
        let owner = last.node;
        let next = match (&owner.value, at) {
            (Value::Mapping(mapping), At::Key(key)) => {
                let found = mapping.entries.iter().position(|entry| entry.key == *key && !entry.merged);
                found.and_then(|index| Some((index, mapping.entries.get(index)?))).map(|(index, entry)| Slot {
                    node: &entry.value,
                    holder: Holder::Mapping { mapping, index, entry },
                    flow: last.flow || mapping.style == CollectionStyle::Flow,
                })
            }
            (Value::Sequence(sequence), At::Index(index)) => sequence.items.get(*index).map(|node| Slot {
                node,
                holder: Holder::Sequence { owner, sequence, index: *index },
                flow: last.flow || sequence.style == CollectionStyle::Flow,
            }),
            _ => None,
        };
        let Some(next) = next else { break };
        let around = match next.holder {
            Holder::Mapping { entry, .. } => entry.span,
            _ => owner.span,
        };
        if !around.contains(next.node.span) {
            return None;
        }
        slots.push(next);
        rest = after;
    }
    Some((slots, rest))
}
