//! Scalars of the tree: where they stand, which the parser tells only roughly, and what they hold.

use granit_parser::{ScalarStyle as Style, Tag};
use smol_str::SmolStr;

use super::events::Token;
use super::read::{Builder, Built, Content};
use super::split::lines;
use super::template::Verb;
use super::tree::{Node, Scalar, ScalarStyle, Value};
use super::ytt;
use crate::text::Span;

impl Builder<'_> {
    pub(super) fn scalar(
        &self,
        text: &str,
        style: Style,
        tag: Option<&Tag>,
        token: Token,
        anchor: usize,
    ) -> (Node, Built) {
        let empty = token.start == token.end && style == Style::Plain;
        let style = match style {
            Style::Plain => ScalarStyle::Plain,
            Style::SingleQuoted => ScalarStyle::SingleQuoted,
            Style::DoubleQuoted => ScalarStyle::DoubleQuoted,
            Style::Literal => ScalarStyle::Literal,
            Style::Folded => ScalarStyle::Folded,
        };
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let (mut start, mut end) = (token.start, token.end);
        if block {
            start = self.mark(b"|>", token.start);
        } else if empty && token.tag.is_none() {
            start = self.place_of_nothing(token.start);
            end = start;
        }
        if let Some((tag_start, tag_end)) = token.tag {
            (start, end) = (start.min(tag_start), end.max(tag_end));
        }
        let mut span = self.span(start, end);
        if block {
            span = self.block_end(span);
        }
        let actions = self.source.actions_in(span);
        let mut templated = !actions.is_empty();
        let text = if templated {
            unquoted(span.of(self.source.original), style)
        } else if empty || block && text.is_empty() {
            templated = self.output_follows(span.end());
            SmolStr::default()
        } else {
            SmolStr::new(text)
        };
        templated |= self.source.is_ytt && !block && ytt::writes(span, self.source.original);
        let tag = tag.map(|tag| SmolStr::from(format!("{}{}", tag.handle(), tag.suffix())));
        let node = Node { span, value: Value::Scalar(Scalar { text, style, tag }), templated };
        (node, Built { place: span, anchor, size: 1, height: 0 })
    }

    /// The first of `marks` behind the last token: the header of the block scalar, or the dash of the list, whose
    /// content begins at `content`.
    pub(super) fn mark(&self, marks: &[u8], content: usize) -> usize {
        let between = self.repaired.text.get(self.cursor..content).unwrap_or("");
        let mut comment = false;
        let mut blank = true;
        for (at, byte) in between.bytes().enumerate() {
            match byte {
                b'\n' | b'\r' => comment = false,
                _ if comment => {}
                b'#' if blank => comment = true,
                // Tags and anchors may hold marks, but do not begin with one.
                _ if blank && marks.contains(&byte) => return self.cursor + at,
                _ => {}
            }
            blank = byte.is_ascii_whitespace();
        }
        content
    }

    /// A block scalar ends with its trailing blank lines, whatever a template or a repair made of the lines below it.
    fn block_end(&self, span: Span) -> Span {
        let text = self.source.original;
        let filled = span.of(&self.source.filled);
        let mut end = span.start() + filled.trim_end().len();
        for line in lines(text, end) {
            let rest = text.get(line.clone()).unwrap_or("");
            if !rest.trim().is_empty()
                || !(rest.ends_with(['\n', '\r']) || end == span.start() + filled.trim_end().len())
            {
                break;
            }
            end = line.end;
        }
        Span::new(span.start(), end)
    }

    /// Where a value that is left out would begin: behind the colon or dash that asks for it.
    fn place_of_nothing(&self, at: usize) -> usize {
        match self.open.last().map(|open| &open.content) {
            Some(Content::Entries { key: Some(_), .. }) => {}
            Some(Content::Items(_)) => {
                let dash = self.mark(b"-", at);
                return if dash < at { dash + 1 } else { at };
            }
            _ => return at,
        }
        let mut rest = self.repaired.text.get(self.cursor..).unwrap_or("");
        loop {
            rest = rest.trim_start();
            match rest.strip_prefix('#').and_then(|comment| comment.find(['\n', '\r'])) {
                Some(length) => rest = rest.get(length + 1..).unwrap_or(""),
                None => break,
            }
        }
        match rest.strip_prefix(':') {
            Some(after) => self.repaired.text.len() - after.len(),
            None => self.cursor,
        }
    }

    /// Lines of a template that write something stand where the value would.
    fn output_follows(&self, offset: usize) -> bool {
        let first = self.source.actions.partition_point(|action| action.span.start() < offset);
        let mut at = offset;
        for action in self.source.actions.get(first..).unwrap_or_default() {
            let between = Span::new(at, action.span.start()).of(self.source.original);
            if !between.lines().all(|line| matches!(line.trim().bytes().next(), None | Some(b'#'))) {
                return false;
            }
            if action.verb == Verb::Write {
                return true;
            }
            at = action.span.end();
        }
        false
    }
}

/// The text of a templated scalar as it stands there, without its quotes or its block header.
fn unquoted(text: &str, style: ScalarStyle) -> SmolStr {
    match style {
        ScalarStyle::Plain => text.into(),
        ScalarStyle::SingleQuoted => text.trim_matches('\'').into(),
        ScalarStyle::DoubleQuoted => text.trim_matches('"').into(),
        ScalarStyle::Literal | ScalarStyle::Folded => text.split_once('\n').map_or("", |(_, content)| content).into(),
    }
}
