//! One document, from its text to its tree.

use std::sync::Arc;

use super::read::{Reading, read};
use super::source::Source;
use super::tree::{Document, SyntaxError};
use crate::text::{LineIndex, Span};

/// Longest document that is read; Kubernetes takes about a tenth of it.
const LONGEST: usize = 16 << 20;

/// Reads one document, a piece of a file as [`super::split`] cuts it. Never fails: what is wrong is in
/// [`Document::errors`], and the tree holds what could be read beside it.
#[must_use]
pub fn parse(text: Arc<str>) -> Document {
    let lines = LineIndex::new(&text);
    if text.len() > LONGEST {
        let message = "the document is too large to be read (over 16 MB)".to_owned();
        let errors = vec![SyntaxError { span: Span::at(0), message }];
        return Document { text, lines, root: None, comments: Vec::new(), errors, templated: false };
    }
    let source = Source::new(&text);
    let templated = !source.actions.is_empty();
    let Reading { root, comments, errors, .. } = understand(&source, &lines);
    Document { root, comments, errors, templated, lines, text: Arc::clone(&text) }
}

fn understand(source: &Source<'_>, lines: &LineIndex) -> Reading {
    let mut reading = read(source, &source.whole(), lines);
    if let Some(failure) = reading.failure.take() {
        reading.errors.push(SyntaxError { span: Span::at(failure.at), message: failure.message });
    }
    reading
}
