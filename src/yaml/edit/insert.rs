//! Adding entries and items.

use super::layout::{column, content_start, layout};
use super::literal::{Layout, Literal, written};
use super::slot::Slot;
use super::{CollectionStyle, Document, Entry, Node, Place, Span, TextEdit, Value};

impl Document {
    /// Adds an entry to the mapping in `slot`.
    pub(super) fn insert_into(&self, slot: Slot<'_>, place: Place<'_>, key: &str, value: &Literal) -> Option<TextEdit> {
        let layout = layout(self);
        let Value::Mapping(mapping) = &slot.node.value else { return None };
        let own: Vec<&Entry> = mapping.entries.iter().filter(|entry| !entry.merged).collect();
        let position = |key: &str| own.iter().position(|entry| entry.key == key);
        // The new entry stands behind as many others.
        let count = match place {
            Place::First => 0,
            Place::Last => own.len(),
            Place::Before(other) => position(other)?,
            Place::After(other) => position(other)? + 1,
        };
        let before = count.checked_sub(1).and_then(|index| own.get(index));
        if mapping.style == CollectionStyle::Flow {
            let text = format!("{}: {}", written(key, true, layout), value.inline(true, layout));
            let (before, after) = (before.map(|entry| entry.span), own.get(count).map(|entry| entry.span));
            return self.insert_between_brackets(slot.node, before, after, &text, layout);
        }
        let first = own.first()?.key_span.start();
        let column = column(self, first);
        let text = value.under(key, column, layout);
        match before {
            Some(before) => Some(self.insert_line(self.end_below_entry(before), column, &text, layout)),
            None => {
                let gap = format!("{}{}", layout.line_end, " ".repeat(column));
                Some(TextEdit::insert(first, format!("{text}{gap}")))
            }
        }
    }

    /// Adds an item at the end of the list in `slot`.
    pub(super) fn push_to(&self, slot: Slot<'_>, item: &Literal) -> Option<TextEdit> {
        let layout = layout(self);
        let Value::Sequence(sequence) = &slot.node.value else { return None };
        let owner = slot.node.span;
        // The place of an item that is an alias is not known; the list ends with it.
        let last = sequence.items.last().map(|last| if owner.contains(last.span) { last.span } else { owner });
        if sequence.style == CollectionStyle::Flow {
            return self.insert_between_brackets(slot.node, last, None, &item.inline(true, layout), layout);
        }
        let column = column(self, content_start(self, slot.node));
        let text = format!("- {}", item.block(column + 2, layout));
        let end = sequence
            .items
            .last()
            .filter(|last| owner.contains(last.span))
            .map_or(owner.end(), |last| self.end_below(last));
        Some(self.insert_line(end, column, &text, layout))
    }

    /// Adds `text` to the flow collection `node`, between the entries or items at `before` and `after`.
    fn insert_between_brackets(
        &self,
        node: &Node,
        before: Option<Span>,
        after: Option<Span>,
        text: &str,
        layout: Layout,
    ) -> Option<TextEdit> {
        let own_line = |span: Span| {
            let line = self.lines.start_of(self.lines.line_of(span.start())).unwrap_or(0);
            let indent = Span::new(line, span.start()).of(&self.text);
            indent.trim().is_empty().then(|| format!("{}{indent}", layout.line_end))
        };
        let brackets = node.span.of(&self.text);
        let close = brackets.ends_with([']', '}']).then(|| node.span.end() - 1)?;
        let gap = before.or(after).and_then(own_line).unwrap_or_else(|| " ".to_owned());
        match (before, after) {
            // An alias at the end of a list: the whole list stands for its place.
            (Some(before), None) if before == node.span => Some(TextEdit::insert(close, format!(", {text}"))),
            (Some(before), None) => {
                let comma = Span::new(before.end(), close).of(&self.text).trim_start().starts_with(',');
                // With a comma behind the last entry the new one gets one too.
                let (at, text) = if comma {
                    let at = before.end() + Span::new(before.end(), close).of(&self.text).find(',')? + 1;
                    (at, format!("{gap}{text},"))
                } else {
                    (before.end(), format!(",{gap}{text}"))
                };
                Some(TextEdit::insert(at, text))
            }
            (Some(before), Some(_)) => Some(TextEdit::insert(before.end(), format!(",{gap}{text}"))),
            (None, Some(after)) => Some(TextEdit::insert(after.start(), format!("{text},{gap}"))),
            (None, None) => {
                let open = content_start(self, node);
                Some(TextEdit::replace(Span::new(open + 1, close), text))
            }
        }
    }

    /// A line of its own behind the one that holds `offset` (which stands in front of a line end or of the line below).
    fn insert_line(&self, offset: usize, column: usize, text: &str, layout: Layout) -> TextEdit {
        let indent = " ".repeat(column);
        let at_line_start = self.text.get(..offset).is_some_and(|before| before.ends_with(['\n', '\r']));
        if at_line_start {
            return TextEdit::insert(offset, format!("{indent}{text}{}", layout.line_end));
        }
        TextEdit::insert(self.line_end(offset), format!("{}{indent}{text}", layout.line_end))
    }

    /// Where the lines of `entry` end.
    pub(super) fn end_below_entry(&self, entry: &Entry) -> usize {
        if entry.span.contains(entry.value.span) { self.end_below(&entry.value) } else { entry.span.end() }
    }

    /// Where the lines of `node` end. Trailing blank lines count only where they belong to the text of a block scalar.
    pub(super) fn end_below(&self, node: &Node) -> usize {
        let mut deepest = node;
        while deepest.style() == Some(CollectionStyle::Block) {
            let last = match &deepest.value {
                Value::Mapping(mapping) => {
                    mapping.entries.iter().rfind(|entry| !entry.merged).map(|entry| &entry.value)
                }
                Value::Sequence(sequence) => sequence.items.last(),
                Value::Scalar(_) => None,
            };
            match last.filter(|last| deepest.span.contains(last.span)) {
                Some(last) => deepest = last,
                None => break,
            }
        }
        let text = deepest.span.of(&self.text);
        let keeps = text
            .lines()
            .next()
            .is_some_and(|header| header.split('#').next().is_some_and(|header| header.contains('+')));
        let end = self.content_end(deepest);
        if end < deepest.span.end() && keeps { deepest.span.end() } else { end.max(node.span.start()) }
    }
}
