//! From a place in the text to the nodes around it.

use super::edit::At;
use super::tree::{CollectionStyle, Document, Entry, Node, Value};
use crate::text::Span;

/// The way from the top of a document to a place in it.
#[derive(Debug, Clone)]
pub struct Path<'a> {
    /// Entries and items, outermost first.
    pub steps: Vec<Step<'a>>,
    /// What of the last step the place is.
    pub part: Part,
}

/// One level of a [`Path`].
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// An entry of a mapping.
    Entry(&'a Entry),
    /// An item of a list.
    Item {
        /// Its place in the list, from zero.
        index: usize,
        /// What it holds.
        node: &'a Node,
    },
}

/// Where a place lies in the last step of its path; without steps, in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// On the key.
    Key,
    /// On the value, where it is a single one or an alias, or where a value left out would stand.
    Value,
    /// Among the entries or items of the value, but on none of them.
    Among,
}

impl<'a> Step<'a> {
    /// The node that the step leads to.
    #[must_use]
    pub fn node(self) -> &'a Node {
        match self {
            Self::Entry(entry) => &entry.value,
            Self::Item { node, .. } => node,
        }
    }
}

impl<'a> Path<'a> {
    /// The path in the form that edits take. The place of a key (or of a single value) leads to its entry; to reach what
    /// holds it, leave out the last step.
    #[must_use]
    pub fn to_edit(&self) -> Vec<At<'a>> {
        let at = |step: &Step<'a>| match step {
            Step::Entry(entry) => At::Key(entry.key.as_str()),
            Step::Item { index, .. } => At::Index(*index),
        };
        self.steps.iter().map(at).collect()
    }

    /// The keys on the way, items left out.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.steps.iter().filter_map(|step| match step {
            Step::Entry(entry) => Some(entry.key.as_str()),
            Step::Item { .. } => None,
        })
    }
}

impl Document {
    /// The way to the node with exactly this span, in the form that edits take; where there is none, to the place where
    /// the span begins.
    #[must_use]
    pub fn path_of(&self, span: Span) -> Vec<At<'_>> {
        let path = self.path_at(span.start());
        let mut edit = path.to_edit();
        if let Some(at) = path.steps.iter().position(|step| step.node().span == span) {
            edit.truncate(at + 1);
        }
        edit
    }

    /// The way to byte `offset`. A place on a blank line belongs to what its column would make it part of.
    #[must_use]
    pub fn path_at(&self, offset: usize) -> Path<'_> {
        let mut path = Path { steps: Vec::new(), part: Part::Among };
        let mut next = self.root.as_ref();
        while let Some(node) = next {
            let step = match &node.value {
                Value::Scalar(_) => None,
                Value::Mapping(mapping) => {
                    let entry = mapping.entries.iter().rfind(|entry| !entry.merged && entry.span.start() <= offset);
                    let held = |entry: &&Entry| {
                        self.holds(entry.span, entry.span.start(), &entry.value, mapping.style, offset)
                    };
                    entry.filter(held).map(Step::Entry)
                }
                Value::Sequence(sequence) => {
                    // The items of block style begin behind their dashes, the list begins with the first of them.
                    let own = |item: &Node| node.span.contains(item.span) && item.span.start() <= offset;
                    let index = sequence.items.iter().rposition(own);
                    let item = index.and_then(|index| Some((index, sequence.items.get(index)?)));
                    let held = |(_, item): &(usize, &Node)| {
                        self.holds(item.span, node.span.start(), item, sequence.style, offset)
                    };
                    item.filter(held).map(|(index, node)| Step::Item { index, node })
                }
            };
            path.part = match node.value {
                Value::Scalar(_) if !path.steps.is_empty() || node.span.touches(offset) => Part::Value,
                _ => Part::Among,
            };
            next = step.map(Step::node);
            path.steps.extend(step);
            if let Some(Step::Entry(entry)) = step {
                let aliased = !entry.span.contains(entry.value.span);
                if entry.key_span.touches(offset) {
                    path.part = Part::Key;
                    next = None;
                } else if aliased {
                    path.part = Part::Value;
                    next = None;
                }
            }
        }
        path
    }

    /// The entry or item at `span`, whose column is that of `start`, holds `offset`: it touches it, only blanks lie
    /// between, or the column of a blank line says so.
    fn holds(&self, span: Span, start: usize, value: &Node, style: CollectionStyle, offset: usize) -> bool {
        let between = self.text.get(span.end()..offset).unwrap_or("");
        let beside = between.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
        let (_, outer) = self.line_before(start);
        let (before, inner) = self.line_before(offset);
        let below = style == CollectionStyle::Block && before.trim().is_empty() && inner > outer && !is_full(value);
        span.touches(offset) || beside || below
    }

    /// What stands before `offset` on its line, and how long that is.
    fn line_before(&self, offset: usize) -> (&str, usize) {
        let line = self.lines.start_of(self.lines.line_of(offset)).unwrap_or(0);
        (self.text.get(line..offset).unwrap_or(""), offset - line)
    }
}

/// A single value that is there leaves no room for entries below it.
fn is_full(value: &Node) -> bool {
    value.as_scalar().is_some_and(|scalar| !scalar.text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    /// The path at `|` in `text`, as keys and indices, and the part.
    fn path(text: &str) -> (String, Part) {
        let offset = text.find('|').expect("a cursor");
        let document = parse(text.replace('|', "").into());
        let path = document.path_at(offset);
        let step = |step: &Step<'_>| match step {
            Step::Entry(entry) => entry.key.to_string(),
            Step::Item { index, .. } => index.to_string(),
        };
        (path.steps.iter().map(step).collect::<Vec<_>>().join("."), path.part)
    }

    #[test]
    fn keys_and_values_are_told_apart() {
        assert_eq!(path("spec:\n  hosts:\n  - a\n  - b|c\n"), ("spec.hosts.1".into(), Part::Value));
        assert_eq!(path("spec:\n  ho|sts:\n  - a\n"), ("spec.hosts".into(), Part::Key));
        assert_eq!(path("spec: {tls: {mode: SIM|PLE}}"), ("spec.tls.mode".into(), Part::Value));
        assert_eq!(path("spec: {tls: |{mode: SIMPLE}}"), ("spec.tls".into(), Part::Among));
    }

    #[test]
    fn where_a_value_is_left_out_it_would_stand_behind_the_colon() {
        assert_eq!(path("spec:\n  mode: |\n  other: a\n"), ("spec.mode".into(), Part::Value));
        assert_eq!(path("spec:\n  hosts:\n  - |\n"), ("spec.hosts.0".into(), Part::Value));
    }

    #[test]
    fn on_a_blank_line_the_column_decides() {
        let text = |blanks| format!("spec:\n  tls:\n    mode: A\n{}|\nkind: B\n", " ".repeat(blanks));
        assert_eq!(path(&text(4)), ("spec.tls".into(), Part::Among));
        assert_eq!(path(&text(2)), ("spec".into(), Part::Among));
        assert_eq!(path(&text(0)), (String::new(), Part::Among));
        assert_eq!(path("- name: a\n  |\n"), ("0".into(), Part::Among));
        assert_eq!(path("spec:\n  |\n"), ("spec".into(), Part::Value));
    }

    #[test]
    fn an_alias_ends_the_path() {
        assert_eq!(path("a: &x {b: c}\nd: *|x\n"), ("d".into(), Part::Value));
    }
}
