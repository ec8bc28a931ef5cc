//! Replacing parts of a text.

use super::Span;

/// One replacement: the bytes of `span` become `text`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextEdit {
    /// What goes.
    pub span: Span,
    /// What comes in its place.
    pub text: String,
}

impl TextEdit {
    /// Puts `text` in place of `span`.
    #[must_use]
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Inserts `text` at byte `offset`.
    #[must_use]
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self::replace(Span::at(offset), text)
    }

    /// Removes `span`.
    #[must_use]
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }
}

/// `text` after all `edits`, whose spans speak of the text before any of them. `None` when two of them overlap or one does
/// not lie on character borders of `text`. Insertions at one offset keep their order.
#[must_use]
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut ordered: Vec<&TextEdit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in ordered {
        out.push_str(text.get(done..edit.span.start())?);
        text.get(edit.span.range())?;
        out.push_str(&edit.text);
        done = edit.span.end();
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_speak_of_the_text_before_any_of_them() {
        let edits = [TextEdit::insert(6, "!"), TextEdit::replace(Span::new(0, 5), "mode")];
        assert_eq!(apply_edits("model: x", &edits).as_deref(), Some("mode:! x"));
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let edits = [TextEdit::delete(Span::new(0, 4)), TextEdit::delete(Span::new(3, 5))];
        assert_eq!(apply_edits("abcdef", &edits), None);
    }
}
