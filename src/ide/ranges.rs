//! Ranges of a file by its structure: what folds, and what a selection grows to.

use crate::text::Span;
use crate::yaml::{Document, Node, Step, Value};

/// A part of a file that can be folded, as bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// From the line that stays to the last that goes.
    pub span: Span,
    /// A block of comments.
    pub is_comment: bool,
}

/// Everything in `document` that takes more than a line, whole objects included. The document begins at `start`.
#[must_use]
pub fn folds(document: &Document, start: usize) -> Vec<Fold> {
    let mut found = Vec::new();
    if let Some(root) = &document.root {
        fold(document, root.span, start, false, &mut found);
        inside(document, root, start, &mut found);
    }
    let own: Vec<_> = document.comments.iter().filter(|comment| comment.own_line).collect();
    let follows =
        |left: Span, right: Span| document.lines.line_of(left.start()) + 1 == document.lines.line_of(right.start());
    for block in own.chunk_by(|left, right| follows(left.span, right.span)) {
        if let [first, .., last] = block {
            fold(document, first.span.to(last.span), start, true, &mut found);
        }
    }
    found
}

fn inside(document: &Document, node: &Node, start: usize, found: &mut Vec<Fold>) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::Mapping(mapping) => {
            for entry in mapping.entries.iter().filter(|entry| !entry.merged && entry.span.contains(entry.value.span)) {
                fold(document, entry.span, start, false, found);
                inside(document, &entry.value, start, found);
            }
        }
        Value::Sequence(list) => {
            for item in list.items.iter().filter(|item| node.span.contains(item.span)) {
                fold(document, item.span, start, false, found);
                inside(document, item, start, found);
            }
        }
    }
}

fn fold(document: &Document, span: Span, start: usize, is_comment: bool, found: &mut Vec<Fold>) {
    // A block scalar ends behind its last line break.
    let kept = span.of(&document.text).trim_end().len();
    let span = Span::new(span.start(), span.start() + kept);
    let line = |offset| document.lines.line_of(offset);
    let is_known = found.last().is_some_and(|last| {
        !is_comment && line(last.span.start() - start) == line(span.start()) && last.span.end() == span.end() + start
    });
    if line(span.start()) < line(span.end()) && !is_known {
        found.push(Fold { span: span.shifted(start), is_comment });
    }
}

/// What a selection at byte `offset` of the document grows to, step by step, the smallest first, as bytes of the file.
#[must_use]
pub fn selections(document: &Document, offset: usize, start: usize) -> Vec<Span> {
    let mut spans = vec![Span::new(0, document.text.len())];
    spans.extend(document.root.iter().map(|root| root.span));
    for step in document.path_at(offset).steps {
        match step {
            Step::Entry(entry) if entry.key_span.touches(offset) => spans.extend([entry.span, entry.key_span]),
            Step::Entry(entry) => spans.extend([entry.span, entry.value.span]),
            Step::Item { node, .. } => spans.push(node.span),
        }
    }
    let mut grown: Vec<Span> = Vec::new();
    for span in spans {
        if grown.last().is_none_or(|outer| outer.contains(span) && *outer != span) {
            grown.push(span);
        }
    }
    grown.into_iter().rev().map(|span| span.shifted(start)).collect()
}
