//! A template with the values of a release: which of its blocks are there, and what its actions write.

use smol_str::SmolStr;

use super::expression::{Around, Dot, value};
use super::value::{Release, Value};
use crate::text::Span;
use crate::yaml::{self, Verb};

/// What is known of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The blocks, those around others behind them.
    pub blocks: Vec<Block>,
    /// The actions that write something, in order.
    pub outputs: Vec<Output>,
}

/// What stands between `if`, `else`, `end` and their like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its place, without the actions around it.
    pub span: Span,
    /// When it is there, in the words of the template; empty for one that something else includes.
    pub condition: String,
    /// It is there; none where that is not known.
    pub is_there: Option<bool>,
}

/// An action that writes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The action, braces included.
    pub span: Span,
    /// What it writes; none where that is not known.
    pub text: Option<SmolStr>,
    /// The indentation of what it writes, where it says so (`nindent 4`).
    pub indent: Option<usize>,
}

/// A block whose end is still to come.
struct Frame {
    /// The branch that is open.
    block: Block,
    /// One of the branches so far is there.
    was_there: Option<bool>,
    /// What a dot means in the branch, and around the block.
    dot: Dot,
    outer: Dot,
}

impl Reading {
    /// What lies in `part`, counted from its start.
    #[must_use]
    pub fn of_part(&self, part: Span) -> Self {
        let cut = |span: Span| {
            let (start, end) = (span.start().max(part.start()), span.end().min(part.end()));
            (start < end).then(|| Span::new(start - part.start(), end - part.start()))
        };
        let blocks = self.blocks.iter().filter_map(|block| Some(Block { span: cut(block.span)?, ..block.clone() }));
        let outputs =
            self.outputs.iter().filter_map(|output| Some(Output { span: cut(output.span)?, ..output.clone() }));
        Self { blocks: blocks.collect(), outputs: outputs.collect() }
    }

    /// What must be so for `offset` to be there and is not decided, the outermost first.
    pub fn conditions_at(&self, offset: usize) -> impl Iterator<Item = &str> {
        let around = self.blocks.iter().rev().filter(move |block| block.span.touches(offset));
        around.filter(|block| block.is_there.is_none() && !block.condition.is_empty()).map(|block| &*block.condition)
    }
}

/// Reads the text of a whole file; without a release nothing is decided.
#[must_use]
pub fn read(text: &str, release: Option<&Release>) -> Reading {
    let mut reading = Reading::default();
    let mut open: Vec<Frame> = Vec::new();
    for action in yaml::actions(text) {
        let words = action.words(text);
        let verb = action.verb;
        let dot = open.last().map_or(Dot::Root, |frame| frame.dot.clone());
        // What something else includes has other values.
        let is_included = open.iter().any(|frame| frame.block.condition.is_empty());
        let release = release.filter(|_| !is_included);
        let eval = |expression: &str| value(expression, &Around { release: release?, dot: &dot });
        match verb {
            Verb::If | Verb::With | Verb::Range | Verb::Define => {
                let (_, subject) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
                let is_defined = verb == Verb::Define;
                let subject = if is_defined { None } else { eval(subject) };
                let is_there = subject.as_ref().map(Value::is_true);
                let inner = match (verb, subject) {
                    (Verb::If, _) => dot.clone(),
                    (Verb::With, Some(value)) => Dot::Value(value),
                    _ => Dot::Unknown,
                };
                let condition = if is_defined { String::new() } else { words.to_owned() };
                let block = Block { span: Span::at(action.span.end()), condition, is_there };
                open.push(Frame { block, was_there: is_there, dot: inner, outer: dot });
            }
            Verb::Else => {
                let Some(frame) = open.last_mut() else { continue };
                let next = words.strip_prefix("else").map_or("", str::trim);
                let eval = |expression: &str| value(expression, &Around { release: release?, dot: &frame.outer });
                let wanted = match next.split_once(char::is_whitespace) {
                    None => Some(true),
                    Some((_, expression)) => eval(expression).as_ref().map(Value::is_true),
                };
                let is_there = match (frame.was_there, wanted) {
                    (Some(true), _) | (_, Some(false)) => Some(false),
                    (Some(false), wanted) => wanted,
                    (None, _) => None,
                };
                frame.was_there = match (frame.was_there, is_there) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                };
                let condition = format!("{} {words}", frame.block.condition);
                let dot = if next.starts_with("with") { Dot::Unknown } else { frame.outer.clone() };
                let block = Block { span: Span::at(action.span.end()), condition, is_there };
                reading.close(std::mem::replace(&mut frame.block, block), action.span.start());
                frame.dot = dot;
            }
            Verb::End => {
                if let Some(frame) = open.pop() {
                    reading.close(frame.block, action.span.start());
                }
            }
            Verb::Write => {
                let text = eval(words).and_then(|value| value.written());
                reading.outputs.push(Output { span: action.span, text, indent: indentation(words) });
            }
            Verb::Comment | Verb::Assign => {}
        }
    }
    while let Some(frame) = open.pop() {
        reading.close(frame.block, text.len());
    }
    reading
}

impl Reading {
    fn close(&mut self, block: Block, end: usize) {
        let span = Span::new(block.span.start(), end.max(block.span.start()));
        self.blocks.push(Block { span, ..block });
    }
}

/// The number behind `indent` or `nindent`.
fn indentation(words: &str) -> Option<usize> {
    let (_, after) = words.rsplit_once("indent ")?;
    after.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helm::Release;

    #[test]
    fn conditions_are_the_open_blocks() {
        let text = "{{- define \"x\" }}{{ if .a }}1{{ else }}2{{ end }}{{ with .b -}} 3 {{- end }}{{ end }}4";
        let reading = read(text, None);
        let at = |mark: char| reading.conditions_at(text.find(mark).unwrap()).collect::<Vec<_>>();
        assert_eq!([at('1'), at('2'), at('3'), at('4')], [vec!["if .a"], vec!["if .a else"], vec!["with .b"], vec![]]);
    }

    /// What the action of each line of `text` writes with values; `?` where it is not known, nothing where it is not there.
    fn written(values: &str, text: &str) -> Vec<String> {
        let values = yaml::parse(values.into()).root.unwrap();
        let release = Release { values, chart: None, namespace: Some("shop".into()), name: None };
        let reading = read(text, Some(&release));
        let is_dead = |output: &&Output| {
            !reading.blocks.iter().any(|block| block.is_there == Some(false) && block.span.contains(output.span))
        };
        let outputs = reading.outputs.iter().filter(is_dead);
        outputs.map(|output| output.text.clone().unwrap_or("?".into()).into()).collect()
    }

    #[test]
    fn values_are_written_where_they_are_certain() {
        let values = "web: {host: web, port: 80, on: true, empty: ''}";
        for (action, wanted) in [
            (".Values.web.host", "web"),
            ("$.Values.web.port", "80"),
            (".Values.web.host | quote", "\"web\""),
            (".Values.web.none | default \"other\"", "other"),
            ("default 81 .Values.web.port | int", "80"),
            (".Release.Namespace", "shop"),
            ("((.Values.web).port)", "80"),
            ("printf \"%s.%s.svc\" .Values.web.host .Release.Namespace", "web.shop.svc"),
            ("ternary \"a\" \"b\" .Values.web.on", "a"),
            // Somebody has still to give these.
            (".Values.web.empty", "?"),
            (".Values.web.none", "?"),
            (".Release.Name", "?"),
            ("include \"web.name\" .", "?"),
            (".Values.web | toYaml", "?"),
            ("$host", "?"),
        ] {
            assert_eq!(written(values, &format!("{{{{ {action} }}}}")), [wanted], "{action}");
        }
    }

    #[test]
    fn the_values_decide_which_branch_is_there() {
        let values = "tls: {mode: MUTUAL}\nnone: {}";
        let text = "{{ if eq .Values.tls.mode \"SIMPLE\" }}{{ 1 }}{{ else if .Values.none }}{{ 2 }}{{ else }}{{ 3 }}{{ end }}\
                    {{ with .Values.tls }}{{ .mode }}{{ else }}{{ 4 }}{{ end }}{{ range .Values.none }}{{ 5 }}{{ end }}\
                    {{ if and .Values.none (include \"x\" .) }}{{ 6 }}{{ end }}{{ if include \"x\" . }}{{ 7 }}{{ else }}{{ 8 }}{{ end }}";
        assert_eq!(written(values, text), ["3", "MUTUAL", "7", "8"]);
    }
}
