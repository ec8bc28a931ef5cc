//! One document, from its text to its tree.

use std::sync::Arc;

use super::keys;
use super::read::{Reading, read};
use super::repair::repair;
use super::source::Source;
use super::tree::{Document, SyntaxError};
use crate::text::{LineIndex, Span, TextEdit};

/// Longest document that is read; Kubernetes takes about a tenth of it.
const LONGEST: usize = 16 << 20;

/// Errors that are told of one document.
const MOST_ERRORS: usize = 100;

/// Reads one document, a piece of a file as [`split`](super::split()) cuts it. Never fails: what is wrong is in
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
    let templated = !source.actions.is_empty() || source.is_ytt;
    let Reading { root, comments, mut errors, .. } = understand(&source, &lines);
    errors.truncate(MOST_ERRORS);
    Document { root, comments, errors, templated, lines, text: Arc::clone(&text) }
}

/// Reads the tree; of a text that does not parse that of its repair.
fn understand(source: &Source<'_>, lines: &LineIndex) -> Reading {
    let mut reading = read(source, &source.whole(), lines);
    let mut errors = Vec::new();
    let mut edits = Vec::new();
    match reading.failure.take() {
        Some(failure) => {
            let (repairs, error) = repair(source, failure);
            (edits, errors) = (repairs, vec![error]);
        }
        None => {
            // A key that is still to be typed must not take what stands below its colon.
            for error in reading.errors.iter().filter(|error| error.message == keys::MISSING) {
                let colon = Span::new(error.span.start(), error.span.start() + 1);
                if is_alone(source.original, colon) {
                    edits.push(TextEdit::delete(colon));
                    errors.push(SyntaxError { span: colon, message: error.message.clone() });
                }
            }
        }
    }
    if let Some(repaired) = source.repaired(&edits).filter(|_| !edits.is_empty()) {
        reading = read(source, &repaired, lines);
    }
    reading.errors.splice(0..0, errors);
    reading
}

/// Nothing but a colon stands on the line.
fn is_alone(text: &str, colon: Span) -> bool {
    let before = text.get(..colon.start()).unwrap_or("").trim_end_matches([' ', '\t']);
    let after = text.get(colon.end()..).unwrap_or("").trim_start_matches([' ', '\t']);
    colon.of(text) == ":"
        && (before.is_empty() || before.ends_with(['\n', '\r']))
        && (after.is_empty() || after.starts_with(['\n', '\r']))
}

#[cfg(test)]
mod tests;
