//! Changes of a document that keep its comments and layout.
//!
//! A change is named by the path of what it is about and answered as one [`TextEdit`] of the document's own text. The
//! answer is `None` where the change cannot be made safely: the path does not lead there, it leads through an alias or a
//! merge key, or a template action stands in what would be changed. Edits of one document that concern the same entry
//! or add to the same collection must be made one after the other, each on the document as the last left it.

mod insert;
mod layout;
mod literal;
mod remove;
mod replace;
mod slot;

pub use literal::Literal;
pub use slot::At;

use self::layout::{column, content_start, layout};
use self::literal::{Layout, quoted, written};
use self::slot::{Holder, Slot, find};
use super::scalar::Resolved;
use super::tree::{CollectionStyle, Document, Entry, Node, ScalarStyle, Value};
use crate::text::{Span, TextEdit};

/// Where a new entry goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// Before all others.
    First,
    /// Behind all others.
    Last,
    /// Directly before the entry with this key.
    Before(&'a str),
    /// Directly behind the entry with this key.
    After(&'a str),
}

impl Document {
    /// Gives the value at `path` a new one. Keys that the path names and the document lacks are added at the end of
    /// their mapping, an item one past the end of its list. A single value keeps its quotes, and its comment stays.
    #[must_use]
    pub fn set(&self, path: &[At<'_>], value: &Literal) -> Option<TextEdit> {
        let (slots, rest) = find(self, path)?;
        let slot = *slots.last()?;
        let Some((first, deeper)) = rest.split_first() else { return self.replace(slot, value) };
        let value = deeper.iter().rev().try_fold(value.clone(), |value, at| within(*at, value))?;
        match (&slot.node.value, first) {
            (Value::Mapping(_), At::Key(key)) => self.insert_into(slot, Place::Last, key, &value),
            (Value::Sequence(sequence), At::Index(index)) if *index == sequence.items.len() => {
                self.push_to(slot, &value)
            }
            (Value::Scalar(scalar), _) if scalar.resolve() == Resolved::Null => {
                self.replace(slot, &within(*first, value)?)
            }
            _ => None,
        }
    }

    /// Adds an entry to the mapping at `path`.
    #[must_use]
    pub fn insert(&self, path: &[At<'_>], place: Place<'_>, key: &str, value: &Literal) -> Option<TextEdit> {
        let slot = self.slot(path)?;
        match &slot.node.value {
            Value::Mapping(mapping) if mapping.entries.iter().all(|entry| entry.merged || entry.key != key) => {
                self.insert_into(slot, place, key, value)
            }
            Value::Scalar(scalar) if scalar.resolve() == Resolved::Null => {
                self.replace(slot, &Literal::map([(key, value.clone())]))
            }
            _ => None,
        }
    }

    /// Adds an item at the end of the list at `path`.
    #[must_use]
    pub fn push(&self, path: &[At<'_>], item: &Literal) -> Option<TextEdit> {
        let slot = self.slot(path)?;
        match &slot.node.value {
            Value::Sequence(_) => self.push_to(slot, item),
            Value::Scalar(scalar) if scalar.resolve() == Resolved::Null => {
                self.replace(slot, &Literal::List(vec![item.clone()]))
            }
            _ => None,
        }
    }

    /// Gives the entry at `path` another key, in the quotes of the old one.
    #[must_use]
    pub fn rename(&self, path: &[At<'_>], key: &str) -> Option<TextEdit> {
        let slot = self.slot(path)?;
        let Holder::Mapping { mapping, entry, .. } = slot.holder else { return None };
        if mapping.entries.iter().any(|other| !other.merged && other.key == key) {
            return None;
        }
        let text = match entry.key_span.of(&self.text).chars().next() {
            Some('\'') => quoted(key, ScalarStyle::SingleQuoted),
            Some('"') => quoted(key, ScalarStyle::DoubleQuoted),
            Some('&' | '!' | '*' | '?' | '[' | '{') | None => return None,
            Some(_) => written(key, slot.flow, layout(self)),
        };
        self.checked(TextEdit::replace(entry.key_span, text))
    }

    /// Takes the entry or item at `path` out: its lines with the comment behind it; comments above it stay. The last
    /// one leaves an empty `{}` or `[]`.
    #[must_use]
    pub fn remove(&self, path: &[At<'_>]) -> Option<TextEdit> {
        let (slots, rest) = find(self, path)?;
        let [.., parent, slot] = slots.as_slice() else { return None };
        rest.is_empty().then(|| self.removal(*parent, *slot)).flatten()
    }

    fn slot(&self, path: &[At<'_>]) -> Option<Slot<'_>> {
        let (slots, rest) = find(self, path)?;
        slots.last().copied().filter(|_| rest.is_empty())
    }

    /// The edit, unless a template action stands in what it takes out.
    fn checked(&self, edit: TextEdit) -> Option<TextEdit> {
        (!self.is_templated_in(edit.span)).then_some(edit)
    }

    /// Behind the colon of `entry`.
    fn colon_end(&self, entry: &Entry) -> Option<usize> {
        let rest = self.text.get(entry.key_span.end()..)?;
        let after = rest.trim_start().strip_prefix(':')?;
        Some(self.text.len() - after.len())
    }

    /// Where the node's own text ends: that of a block scalar before its trailing blank lines.
    fn content_end(&self, node: &Node) -> usize {
        let block =
            node.as_scalar().is_some_and(|scalar| matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded));
        let text = node.span.of(&self.text);
        if block { node.span.start() + text.trim_end().len() } else { node.span.end() }
    }

    /// End of the line that holds `offset`, before its line end.
    fn line_end(&self, offset: usize) -> usize {
        let rest = self.text.get(offset..).unwrap_or("");
        offset + rest.find(['\n', '\r']).unwrap_or(rest.len())
    }

    /// The dash of an item of the block list `owner`.
    fn dash(&self, owner: &Node, index: usize) -> Option<usize> {
        let Value::Sequence(sequence) = &owner.value else { return None };
        let first = content_start(self, owner);
        let Some(previous) = index.checked_sub(1) else { return Some(first) };
        let (previous, item) = (sequence.items.get(previous)?, sequence.items.get(index)?);
        let between = Span::new(self.content_end(previous), item.span.start());
        let mut at = between.start();
        for line in between.of(&self.text).split_inclusive(['\n', '\r']) {
            let dash = at + line.len() - line.trim_start().len();
            if line.trim_start().starts_with('-')
                && column(self, dash) == column(self, first)
                && owner.span.contains(between)
            {
                return Some(dash);
            }
            at += line.len();
        }
        None
    }
}

/// `value` in a collection of its own.
fn within(at: At<'_>, value: Literal) -> Option<Literal> {
    match at {
        At::Key(key) => Some(Literal::map([(key, value)])),
        At::Index(0) => Some(Literal::List(vec![value])),
        At::Index(_) => None,
    }
}

/// Adds a document at the end of a file with this text.
#[must_use]
pub fn append_document(text: &str, value: &Literal) -> TextEdit {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let layout = Layout { step: 2, dash: 0, json: false, line_end };
    let last = super::split(text).pop().and_then(|piece| text.get(piece)).unwrap_or("");
    let open = if text.is_empty() || text.ends_with(['\n', '\r']) { "" } else { line_end };
    let marker = if super::parse(last.into()).root.is_none() && !last.contains("{{") {
        String::new()
    } else {
        format!("---{line_end}")
    };
    TextEdit::insert(text.len(), format!("{open}{marker}{}{line_end}", value.block(0, layout)))
}

#[cfg(test)]
mod tests;
