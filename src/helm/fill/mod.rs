//! A document's tree with what its template decides filled in.
//!
//! `written` is what stands in place of a single value, `lines` what a template adds to a map or list on lines of its own.

mod lines;
mod written;

use std::sync::Arc;

use smol_str::SmolStr;

use self::lines::Line;
use super::template::Reading;
use super::value::UNKNOWN;
use crate::text::Span;
use crate::yaml::{self, Action, CollectionStyle, Document, Mapping, Node, Scalar, ScalarStyle, Sequence, Value};

/// What a release leaves of `document`, of which `reading` is known; none where that is just what is written. The root is
/// none where nothing of it is there.
#[must_use]
pub fn fill(document: &Document, reading: &Reading) -> Option<Document> {
    let mut root = document.root.clone()?;
    let actions = yaml::actions(&document.text);
    let mut filler = Filler { text: &document.text, reading, actions, lines: Vec::new(), fills: true, changed: false };
    filler.lines = filler.lines();
    filler.fills = filler.is_whole(&root);
    let is_there = !filler.is_dead(root.span.start());
    filler.visit(&mut root, None);
    (filler.changed || !is_there).then(|| Document {
        text: document.text.clone(),
        lines: document.lines.clone(),
        root: is_there.then_some(root),
        comments: document.comments.clone(),
        errors: document.errors.clone(),
        templated: document.templated,
    })
}

struct Filler<'a> {
    text: &'a str,
    reading: &'a Reading,
    actions: Vec<Action>,
    /// The lines outside all values that write something, in order.
    lines: Vec<Line>,
    /// Values are filled in; else only what is not there goes.
    fills: bool,
    changed: bool,
}

impl Filler<'_> {
    fn is_dead(&self, offset: usize) -> bool {
        self.reading.leaves_out(offset)
    }

    /// Fills in what stands below a key or dash in `column`; in a collection in brackets there is none.
    fn visit(&mut self, node: &mut Node, column: Option<usize>) {
        let gained = self.gained(node);
        match &node.value {
            Value::Scalar(_) if node.templated => self.scalar(node, column),
            Value::Scalar(_) => {}
            Value::Mapping(mapping) => {
                let mut mapping = mapping.as_ref().clone();
                let before = mapping.entries.len();
                mapping.entries.retain(|entry| !self.is_dead(entry.key_span.start()));
                for entry in &mut mapping.entries {
                    let column = (mapping.style == CollectionStyle::Block).then(|| self.column(entry.key_span.start()));
                    self.visit(&mut entry.value, column);
                }
                let left = mapping.entries.len();
                self.replace(node, Value::Mapping(Arc::new(mapping)), (before, left));
            }
            Value::Sequence(sequence) => {
                let mut sequence = sequence.as_ref().clone();
                let before = sequence.items.len();
                sequence.items.retain(|item| !self.is_dead(item.span.start()));
                let column = (sequence.style == CollectionStyle::Block).then(|| self.column(node.span.start()));
                sequence.items.iter_mut().for_each(|item| self.visit(item, column));
                let left = sequence.items.len();
                self.replace(node, Value::Sequence(Arc::new(sequence)), (before, left));
            }
        }
        // What lines add that are not known is not seen.
        if !node.templated && !gained.is_empty() {
            node.templated = !self.fills || gained.iter().any(|line| !self.add(node, line));
            self.changed = true;
        }
    }

    /// Puts in what is left of a collection: of one that lost everything its key alone.
    fn replace(&mut self, node: &mut Node, value: Value, (before, left): (usize, usize)) {
        self.changed |= left < before;
        node.value = if left == 0 && before > 0 { Value::Scalar(nothing()) } else { value };
    }

    /// Adds to a collection what a line writes; false where that is not known.
    fn add(&self, node: &mut Node, line: &Line) -> bool {
        let Some(more) = line.tree.clone() else { return false };
        let value = match (&node.value, more.value) {
            (Value::Mapping(own), Value::Mapping(more)) => {
                if more.entries.iter().any(|entry| own.entry(&entry.key).is_some()) {
                    return false;
                }
                let at = own.entries.partition_point(|entry| entry.key_span.start() < line.span.start());
                let mut entries = own.entries.clone();
                entries.splice(at..at, more.entries.iter().cloned());
                Value::Mapping(Arc::new(Mapping { style: own.style, entries }))
            }
            (Value::Sequence(own), Value::Sequence(more)) => {
                let at = own.items.partition_point(|item| item.span.start() < line.span.start());
                let mut items = own.items.clone();
                items.splice(at..at, more.items.iter().cloned());
                Value::Sequence(Arc::new(Sequence { style: own.style, items }))
            }
            // All that was written beside it is not there.
            (Value::Scalar(scalar), more) if scalar.text.is_empty() => more,
            _ => return false,
        };
        node.value = value;
        true
    }

    /// No line of the template adds to the object or its `spec` what is not known.
    fn is_whole(&self, root: &Node) -> bool {
        let is_known = |node: &Node| self.gained(node).iter().all(|line| line.tree.is_some());
        is_known(root) && root.get("spec").is_none_or(is_known)
    }

    /// The tree of what is written, as YAML reads it, all of it at `span`; none where some of its structure is not known.
    fn read(&self, written: &str, span: Span) -> Option<Node> {
        // A line that is not known may be several.
        if written.lines().any(|line| line.trim_start().trim_start_matches("- ").starts_with(UNKNOWN))
            && written.contains('\n')
        {
            return None;
        }
        let read = yaml::parse(written.into());
        let mut root = read.root.filter(|_| read.errors.is_empty() && !read.templated)?;
        place(&mut root, span).then_some(root)
    }
}

/// Gives all of `node` the place of the action that writes it; false where a key is not known.
fn place(node: &mut Node, span: Span) -> bool {
    node.span = span;
    match &mut node.value {
        Value::Scalar(scalar) => {
            node.templated = scalar.text.contains(UNKNOWN);
            true
        }
        Value::Mapping(mapping) => Arc::make_mut(mapping).entries.iter_mut().all(|entry| {
            (entry.key_span, entry.span) = (span, span);
            !entry.key.contains(UNKNOWN) && place(&mut entry.value, span)
        }),
        Value::Sequence(sequence) => Arc::make_mut(sequence).items.iter_mut().all(|item| place(item, span)),
    }
}

fn nothing() -> Scalar {
    Scalar { text: SmolStr::default(), style: ScalarStyle::Plain, tag: None }
}

#[cfg(test)]
mod tests;
