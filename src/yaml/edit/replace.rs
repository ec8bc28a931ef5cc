//! Giving what stands somewhere a new value.

use super::layout::{column, content_start, layout};
use super::literal::{Literal, quoted};
use super::slot::{Holder, Slot};
use super::{CollectionStyle, Document, ScalarStyle, Span, TextEdit};

impl Document {
    /// Puts `value` in place of what is in `slot`.
    pub(super) fn replace(&self, slot: Slot<'_>, value: &Literal) -> Option<TextEdit> {
        if slot.node.templated {
            return None;
        }
        let one_line = slot.flow || !value.is_nested();
        if one_line && slot.node.style() != Some(CollectionStyle::Block) {
            return self.replace_in_line(slot, value);
        }
        self.replace_lines(slot, value)
    }

    /// The value alone: its tag, its anchor and the comment behind it stay.
    fn replace_in_line(&self, slot: Slot<'_>, value: &Literal) -> Option<TextEdit> {
        let style = slot.node.as_scalar().map(|scalar| scalar.style);
        let text = match (style, value) {
            (Some(style @ (ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)), Literal::Text(text)) => {
                quoted(text, style)
            }
            _ => value.inline(slot.flow, layout(self)),
        };
        let start = content_start(self, slot.node);
        let blank = if self.text.get(..start)?.ends_with([':', '-']) { " " } else { "" };
        self.checked(TextEdit::replace(Span::new(start, self.content_end(slot.node)), format!("{blank}{text}")))
    }

    /// All that stands behind the colon or dash. A comment on the line of a key stays there; others in what is replaced
    /// go with it.
    fn replace_lines(&self, slot: Slot<'_>, value: &Literal) -> Option<TextEdit> {
        let (node, layout) = (slot.node, layout(self));
        let start = content_start(self, node);
        let end = match node.style() {
            Some(CollectionStyle::Block) => self.line_end(self.end_below(node)),
            _ => self.content_end(node),
        };
        let (from, new) = match slot.holder {
            Holder::Document => (start, value.block(0, layout)),
            Holder::Mapping { entry, .. } => {
                (self.colon_end(entry)?, value.behind_colon(column(self, entry.key_span.start()), layout))
            }
            Holder::Sequence { owner, index, .. } => {
                let dash = self.dash(owner, index)?;
                (dash + 1, format!(" {}", value.block(column(self, dash) + 2, layout)))
            }
        };
        let one_line = self.lines.line_of(start) == self.lines.line_of(from);
        let beside = if one_line { end } else { from };
        let rest = Span::new(beside, self.line_end(beside));
        let comment = Some(rest.of(&self.text).trim()).filter(|rest| rest.starts_with('#'));
        let Some(comment) = comment.filter(|_| matches!(slot.holder, Holder::Mapping { .. })) else {
            return self.checked(TextEdit::replace(Span::new(from, end), new));
        };
        let text = if value.is_nested() { format!(" {comment}{new}") } else { format!("{new} {comment}") };
        self.checked(TextEdit::replace(Span::new(from, end.max(rest.end())), text))
    }
}
