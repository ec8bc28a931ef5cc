//! The text that the parser gets, and the way back from its offsets to the author's.

use std::borrow::Cow;

use super::template::{self, Action};
use super::ytt;
use crate::text::{Span, TextEdit, apply_edits};

/// The author's text, and the same with its template actions filled in.
pub(super) struct Source<'a> {
    /// As it was written.
    pub(super) original: &'a str,
    /// As long as `original`, without template actions.
    pub(super) filled: Cow<'a, str>,
    /// The template actions, in order.
    pub(super) actions: Vec<Action>,
    /// Code of ytt stands in comments.
    pub(super) is_ytt: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(original: &'a str) -> Self {
        let is_ytt = ytt::is_in(original);
        match template::fill(original) {
            Some(filled) => Self { original, filled: Cow::Owned(filled.text), actions: filled.actions, is_ytt },
            None => Self { original, filled: Cow::Borrowed(original), actions: Vec::new(), is_ytt },
        }
    }

    /// The text without any repair.
    pub(super) fn whole(&self) -> Repaired<'_> {
        Repaired { text: Cow::Borrowed(&self.filled), steps: Vec::new() }
    }

    /// The text with `edits` applied; `None` when they overlap.
    pub(super) fn repaired(&self, edits: &[TextEdit]) -> Option<Repaired<'_>> {
        let text = apply_edits(&self.filled, edits)?;
        let mut ordered: Vec<&TextEdit> = edits.iter().collect();
        ordered.sort_by_key(|edit| edit.span);
        let (mut steps, mut written, mut done) = (Vec::with_capacity(edits.len()), 0, 0);
        for edit in ordered {
            written += edit.span.start() - done + edit.text.len();
            done = edit.span.end();
            steps.push(Step { from: written - edit.text.len(), to: written, start: edit.span.start(), end: done });
        }
        Some(Repaired { text: Cow::Owned(text), steps })
    }

    /// A template decides what of `span` is there.
    pub(super) fn decides_in(&self, span: Span) -> bool {
        !self.actions_in(span).is_empty() || self.is_ytt && ytt::is_in(span.of(self.original))
    }

    /// The actions that touch `span`.
    pub(super) fn actions_in(&self, span: Span) -> &[Action] {
        let first = self.actions.partition_point(|action| action.span.end <= span.start);
        let rest = self.actions.get(first..).unwrap_or_default();
        rest.get(..rest.partition_point(|action| action.span.start < span.end)).unwrap_or_default()
    }
}

/// The text that is parsed: filled in and repaired.
pub(super) struct Repaired<'a> {
    pub(super) text: Cow<'a, str>,
    steps: Vec<Step>,
}

/// One edit: `from..to` in the repaired text stands for `start..end` in the author's.
struct Step {
    from: usize,
    to: usize,
    start: usize,
    end: usize,
}

impl Repaired<'_> {
    /// The author's offset of what begins at `offset`. What a repair put in has the place it was put at.
    pub(super) fn start(&self, offset: usize) -> usize {
        self.back(offset, self.steps.partition_point(|step| step.from <= offset))
    }

    /// The author's offset of what ends at `offset`; before what a repair took out there.
    pub(super) fn end(&self, offset: usize) -> usize {
        self.back(offset, self.steps.partition_point(|step| step.from < offset))
    }

    fn back(&self, offset: usize, after: usize) -> usize {
        match after.checked_sub(1).and_then(|last| self.steps.get(last)) {
            Some(step) if offset < step.to => step.start,
            Some(step) => offset - step.to + step.end,
            None => offset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_find_their_way_back_through_repairs() {
        let source = Source::new("   host: \"a\nport: 1\n");
        let edits = [TextEdit::insert(11, "\""), TextEdit::delete(Span::new(0, 3))];
        let repaired = source.repaired(&edits).expect("no overlap");
        assert_eq!(repaired.text, "host: \"a\"\nport: 1\n");
        let back = |word: &str| repaired.start(repaired.text.find(word).expect("there"));
        assert_eq!((back("host"), back("\"a"), back("\nport"), back("1")), (3, 9, 11, 18));
        assert_eq!(repaired.end(repaired.text.len()), source.original.len());
    }
}
