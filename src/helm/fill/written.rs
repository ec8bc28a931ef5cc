//! What the actions in the place of a single value write.

use smol_str::SmolStr;

use super::{Filler, nothing};
use crate::helm::define::trimmed;
use crate::helm::value::UNKNOWN;
use crate::text::Span;
use crate::yaml::{Node, ScalarStyle, Value, Verb};

impl Filler<'_> {
    pub(super) fn scalar(&mut self, node: &mut Node, column: Option<usize>) {
        if !self.fills {
            return;
        }
        let value = if node.span.is_empty() { self.below(node.span, column) } else { self.written(node, column) };
        if let Some(value) = value {
            *node = value;
            self.changed = true;
        }
    }

    /// What lines write below a key in `column` that has nothing beside it.
    fn below(&self, span: Span, column: Option<usize>) -> Option<Node> {
        let mut value: Option<Node> = None;
        for line in self.behind(span.end()) {
            // A list may begin below its key.
            let is_below = column.is_some_and(|column| match &line.tree {
                Some(tree) => line.indent > column || line.indent == column && tree.as_sequence().is_some(),
                None => line.indent >= column,
            });
            if !is_below {
                break;
            }
            let tree = line.tree.as_ref().filter(|_| !self.is_in_doubt(line.span, span.start()))?;
            match &mut value {
                None => value = Some(tree.clone()),
                Some(value) => {
                    let is_same = value.as_sequence().is_some() == tree.as_sequence().is_some();
                    if !is_same || value.as_scalar().is_some() || !self.add(value, line) {
                        return None;
                    }
                }
            }
        }
        Some(value.unwrap_or(Node { span, value: Value::Scalar(nothing()), templated: false }))
    }

    /// The value that the actions in a scalar write, as YAML reads it then.
    fn written(&self, node: &Node, column: Option<usize>) -> Option<Node> {
        if matches!(node.as_scalar()?.style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return None;
        }
        let is_inside = |span: Span| node.span.contains(span);
        if self.reading.blocks.iter().any(|block| block.is_there.is_none() && is_inside(block.span)) {
            return None;
        }
        let mut written = String::new();
        let mut at = node.span.start();
        let mut is_trimmed = false;
        let inside = self.actions.iter().filter(|action| is_inside(action.span));
        for action in inside.map(Some).chain([None]) {
            let end = action.map_or(node.span.end(), |action| action.span.start());
            let words = action.map_or("", |action| action.span.of(self.text));
            if !self.is_dead(at) {
                written.push_str(trimmed(Span::new(at, end).of(self.text), is_trimmed, words.starts_with("{{-")));
            }
            let Some(action) = action else { break };
            if action.verb == Verb::Write && !self.is_dead(action.span.start()) {
                written.push_str(&self.output(action.span)?);
            }
            is_trimmed = words.ends_with("-}}");
            at = action.span.end();
        }
        let value = self.read(&written, node.span)?;
        match &value.value {
            Value::Scalar(scalar) => (!scalar.text.is_empty() && !written.contains(UNKNOWN)).then_some(value),
            // A block begins on a line of its own, deeper than its key.
            Value::Mapping(_) | Value::Sequence(_) if written.starts_with('\n') => {
                let indent = written.lines().find(|line| !line.trim().is_empty()).map(indent_of)?;
                let is_list = value.as_sequence().is_some();
                column.is_some_and(|column| indent > column || is_list && indent == column).then_some(value)
            }
            Value::Mapping(_) | Value::Sequence(_) => written.starts_with(['{', '[']).then_some(value),
        }
    }

    fn output(&self, span: Span) -> Option<SmolStr> {
        self.reading.outputs.iter().find(|output| output.span == span)?.text.clone()
    }
}

/// How many blanks `line` begins with.
pub(super) fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
