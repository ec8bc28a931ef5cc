//! Taking entries and items out.

use super::slot::{Holder, Slot};
use super::{CollectionStyle, Document, Literal, Span, TextEdit};

impl Document {
    /// Takes what is in `slot` out of the collection in `parent`.
    pub(super) fn removal(&self, parent: Slot<'_>, slot: Slot<'_>) -> Option<TextEdit> {
        let style = parent.node.style()?;
        // What goes, and where the one before it ends and the one behind it begins.
        let (start, end, before, after) = match slot.holder {
            Holder::Document => return None,
            Holder::Mapping { mapping, index, entry } => {
                let own = |index: usize| mapping.entries.get(index).filter(|entry| !entry.merged);
                let before = index.checked_sub(1).and_then(own).map(|entry| entry.span.end());
                let after = own(index + 1).map(|entry| entry.key_span.start());
                (entry.key_span.start(), self.end_below_entry(entry), before, after)
            }
            Holder::Sequence { owner, sequence, index } => {
                let block = style == CollectionStyle::Block;
                let begin = |index: usize| {
                    let item = sequence.items.get(index)?;
                    if block { self.dash(owner, index) } else { Some(item.span.start()) }
                };
                // An alias in the list has a place that is not known.
                let known =
                    |index: &usize| sequence.items.get(*index).is_some_and(|item| owner.span.contains(item.span));
                let before = index.checked_sub(1).filter(known).and_then(|index| sequence.items.get(index));
                let after = begin(index + 1);
                let alone = sequence.items.len() == 1;
                if !alone && before.is_none() && after.is_none() {
                    return None;
                }
                (begin(index)?, self.end_below(slot.node), before.map(|item| item.span.end()), after)
            }
        };
        if before.is_none() && after.is_none() {
            return self.emptied(parent, slot);
        }
        let span = match (style, before, after) {
            (CollectionStyle::Flow, _, Some(after)) => Span::new(start, after),
            (CollectionStyle::Flow, Some(before), None) => Span::new(before, end),
            _ => self.lines_of(start, end, after)?,
        };
        self.checked(TextEdit::delete(span))
    }

    /// The lines from `start` to `end`. Where something stands before `start` on its line, what begins at `after` moves
    /// up behind it; where comments would be lost by that, only the text goes.
    fn lines_of(&self, start: usize, end: usize, after: Option<usize>) -> Option<Span> {
        let line = self.lines.start_of(self.lines.line_of(start))?;
        let line_end = self.line_end(end);
        if Span::new(line, start).of(&self.text).trim().is_empty() {
            let below = self.lines.start_of(self.lines.line_of(line_end) + 1).unwrap_or(self.text.len());
            return Some(Span::new(line, below));
        }
        let after = after?;
        let between = Span::new(line_end, after).of(&self.text);
        Some(Span::new(start, if between.trim().is_empty() { after } else { line_end }))
    }

    /// The collection in `parent` without the only thing it holds.
    fn emptied(&self, parent: Slot<'_>, slot: Slot<'_>) -> Option<TextEdit> {
        let empty = match slot.holder {
            Holder::Sequence { .. } => Literal::List(Vec::new()),
            _ => Literal::Map(Vec::new()),
        };
        self.replace(parent, &empty)
    }
}
