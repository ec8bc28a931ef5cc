//! What a template adds to maps and lists on lines outside all values.

use super::Filler;
use super::written::indent_of;
use crate::helm::template::Output;
use crate::text::Span;
use crate::yaml::{Node, Value};

/// A line outside all values that writes something.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The action that writes.
    pub(super) span: Span,
    /// The indentation of what it writes.
    pub(super) indent: usize,
    /// What it writes; none where that is not known.
    pub(super) tree: Option<Node>,
}

impl Filler<'_> {
    /// The lines that write something, in order.
    pub(super) fn lines(&self) -> Vec<Line> {
        let alone = self.reading.outputs.iter().filter(|output| {
            let at = output.span.start();
            self.line_before(at).trim().is_empty() && !self.is_dead(at)
        });
        alone.filter_map(|output| self.line(output)).collect()
    }

    /// The line of an action that stands first on it; none where it writes nothing but blanks.
    fn line(&self, output: &Output) -> Option<Line> {
        let span = output.span;
        let written = self.whole_lines(output);
        let first = written.as_ref().map(|written| written.lines().find(|line| !line.trim().is_empty()).map(indent_of));
        let (indent, tree) = match first {
            Some(Some(indent)) => (indent, self.read(written.as_deref().unwrap_or(""), span)),
            Some(None) => return None,
            None => (output.indent.unwrap_or_else(|| self.column(span.start())), None),
        };
        Some(Line { span, indent, tree: tree.filter(|tree| tree.as_scalar().is_none()) })
    }

    /// What an action writes with the blanks before it, if these are lines that nothing else stands on.
    fn whole_lines(&self, output: &Output) -> Option<String> {
        let (text, action) = (output.text.as_ref()?, output.span.of(self.text));
        let after = self.text.get(output.span.end()..)?.split(['\n', '\r']).next()?;
        let ends = is_blank(after) && !action.ends_with("-}}");
        match action.starts_with("{{-") {
            // What stands before is left out, line end included.
            true => (ends && text.starts_with('\n')).then(|| text.to_string()),
            false => ends.then(|| format!("{}{text}", self.line_before(output.span.start()))),
        }
    }

    /// The lines that write entries or items of `node`.
    pub(super) fn gained(&self, node: &Node) -> Vec<Line> {
        let Some(first) = first(node) else { return Vec::new() };
        let column = self.column(first.start());
        let from = self.lines.partition_point(|line| line.span.start() <= first.start());
        let mut is_inside = true;
        // Those within the collection, and those behind it.
        let near = self.lines.get(from..).unwrap_or_default().iter().take_while(|line| {
            let at = line.span.start();
            std::mem::replace(&mut is_inside, at <= node.span.end() || self.is_blank(node.span.end(), at))
        });
        let gaining = near.filter(|line| {
            let at = line.span.start();
            let is_next = at <= node.span.end() || self.is_blank(node.span.end(), at);
            // A list may stand where its key does.
            let is_same = |tree: &Node| tree.as_sequence().is_some() == node.as_sequence().is_some();
            line.indent == column && is_next && line.tree.as_ref().is_none_or(is_same) && !self.holds(node, at)
        });
        gaining.map(|line| self.seen_from(line, first.start())).collect()
    }

    /// The line as it is known to something at `offset`.
    fn seen_from(&self, line: &Line, offset: usize) -> Line {
        let is_certain = !self.is_in_doubt(line.span, offset);
        Line { tree: line.tree.clone().filter(|_| is_certain), ..line.clone() }
    }

    /// What stands at `offset` does not say how often what the action at `span` writes is there.
    pub(super) fn is_in_doubt(&self, span: Span, offset: usize) -> bool {
        let around =
            self.reading.blocks.iter().filter(|block| block.span.contains(span) && !block.span.touches(offset));
        around.into_iter().any(|block| block.is_there.is_none() || block.condition.starts_with("range"))
    }

    /// The lines behind `offset` that only actions and comments stand before.
    pub(super) fn behind(&self, offset: usize) -> impl Iterator<Item = &Line> {
        let from = self.lines.partition_point(|line| line.span.start() < offset);
        let rest = self.lines.get(from..).unwrap_or_default().iter();
        rest.take_while(move |line| self.is_blank(offset, line.span.start()))
    }

    /// What stands at `offset` belongs to a single value below `node`.
    fn holds(&self, node: &Node, offset: usize) -> bool {
        match &node.value {
            Value::Scalar(_) if node.templated && node.span.is_empty() => {
                node.span.end() <= offset && self.is_blank(node.span.end(), offset)
            }
            Value::Scalar(_) => node.span.touches(offset),
            Value::Mapping(mapping) => mapping.entries.iter().any(|entry| self.holds(&entry.value, offset)),
            Value::Sequence(sequence) => sequence.items.iter().any(|item| self.holds(item, offset)),
        }
    }

    /// Nothing but actions and comments stands between two offsets.
    fn is_blank(&self, start: usize, end: usize) -> bool {
        let mut at = start;
        let from = self.actions.partition_point(|action| action.span.start() < start);
        let inside = self.actions.get(from..).unwrap_or_default();
        for action in inside.iter().take_while(|action| action.span.end() <= end) {
            let between = Span::new(at, action.span.start()).of(self.text);
            if !is_blank(between) {
                return false;
            }
            at = action.span.end();
        }
        is_blank(Span::new(at, end.max(at)).of(self.text))
    }

    fn line_before(&self, offset: usize) -> &str {
        let before = self.text.get(..offset).unwrap_or("");
        before.rsplit('\n').next().unwrap_or("")
    }

    pub(super) fn column(&self, offset: usize) -> usize {
        self.line_before(offset).chars().count()
    }
}

/// Blanks and comments, the rest of a line behind a value left aside.
fn is_blank(text: &str) -> bool {
    text.lines().all(|line| matches!(line.trim().bytes().next(), None | Some(b'#')))
}

/// Where the first entry or item of a collection stands.
fn first(node: &Node) -> Option<Span> {
    match &node.value {
        Value::Mapping(mapping) => mapping.entries.first().map(|entry| entry.key_span),
        // The span of a list begins with its first dash.
        Value::Sequence(sequence) => sequence.items.first().map(|_| node.span),
        Value::Scalar(_) => None,
    }
}
