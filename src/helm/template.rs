//! A template with the values of a release: which of its blocks are there, and what its actions write.

use smol_str::SmolStr;

use super::changes::Changes;
use super::render;
use super::scope::{Scope, Work, declaration};
use super::value::{Release, Value};
use crate::text::Span;
use crate::yaml::{self, Action, Verb};

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
    /// What it writes, with [`UNKNOWN`](super::value::UNKNOWN) for what is not known of it; none where nothing is.
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
    /// What a dot means around the block.
    outer: Option<Value>,
    /// How many variables there were before it.
    mark: usize,
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

    /// What stands at `offset` is surely not there.
    #[must_use]
    pub fn leaves_out(&self, offset: usize) -> bool {
        let is_around = |span: Span| span.start() <= offset && offset < span.end();
        self.blocks.iter().any(|block| block.is_there == Some(false) && is_around(block.span))
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
    let work = Work::default();
    let scope = release.map(|release| Scope::of(release, &work, Changes::of(text).variables.into()));
    let mut reader = Reader { text, scope, open: Vec::new(), reading: Reading::default() };
    yaml::actions(text).into_iter().for_each(|action| reader.action(action));
    while let Some(frame) = reader.open.pop() {
        reader.reading.close(frame.block, text.len());
    }
    reader.reading
}

/// A text on the way through its actions.
struct Reader<'a> {
    text: &'a str,
    /// What is known where the way has come to.
    scope: Option<Scope<'a>>,
    open: Vec<Frame>,
    reading: Reading,
}

impl Reader<'_> {
    fn action(&mut self, action: Action) {
        let words = action.words(self.text);
        match action.verb {
            Verb::If | Verb::With | Verb::Range | Verb::Define => self.open(action, words),
            Verb::Else => self.turn(action, words),
            Verb::End => {
                let Some(frame) = self.open.pop() else { return };
                self.reset(&frame);
                self.reading.close(frame.block, action.span.start());
            }
            Verb::Write => {
                let text = self.value(words).and_then(|value| value.written_in_part());
                self.reading.outputs.push(Output { span: action.span, text, indent: indentation(words) });
            }
            // What something else includes has other values.
            Verb::Assign if !self.is_included() => {
                self.scope.iter_mut().for_each(|scope| scope.assign(words));
            }
            Verb::Assign | Verb::Comment => {}
        }
    }

    fn open(&mut self, action: Action, words: &str) {
        let (_, subject) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        let (names, expression) = declaration(subject.trim());
        let is_defined = action.verb == Verb::Define;
        let subject = if is_defined { None } else { self.value(expression) };
        let is_there = subject.as_ref().and_then(Value::truth);
        let (outer, mark) = self.scope.as_ref().map_or((None, 0), |scope| (scope.dot.clone(), scope.mark()));
        if let Some(scope) = &mut self.scope {
            match action.verb {
                // Of several rounds none is known.
                Verb::Range => {
                    let rounds = subject.as_ref().and_then(render::rounds);
                    let (key, value) = match rounds.as_deref() {
                        Some([(key, value)]) => (Some(key.clone()), value.clone()),
                        _ => (None, None),
                    };
                    scope.bind(&names, key, value.clone());
                    scope.dot = value;
                }
                verb => {
                    names.iter().for_each(|name| scope.declare(name, subject.clone()));
                    if verb == Verb::With {
                        scope.dot = subject;
                    }
                }
            }
        }
        let condition = if is_defined { String::new() } else { words.to_owned() };
        let block = Block { span: Span::at(action.span.end()), condition, is_there };
        self.open.push(Frame { block, was_there: is_there, outer, mark });
    }

    /// Goes on with the next branch of the innermost block.
    fn turn(&mut self, action: Action, words: &str) {
        let Some(mut frame) = self.open.pop() else { return };
        self.reset(&frame);
        let next = words.strip_prefix("else").map_or("", str::trim);
        let subject = next.split_once(char::is_whitespace).map(|(_, subject)| declaration(subject.trim()));
        let value = subject.as_ref().and_then(|(_, expression)| self.value(expression));
        let wanted = if subject.is_some() { value.as_ref().and_then(Value::truth) } else { Some(true) };
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
        if let Some(scope) = &mut self.scope {
            subject.iter().flat_map(|(names, _)| names).for_each(|name| scope.declare(name, value.clone()));
            if next.starts_with("with") {
                scope.dot = value;
            }
        }
        let condition = format!("{} {words}", frame.block.condition);
        let block = Block { span: Span::at(action.span.end()), condition, is_there };
        self.reading.close(std::mem::replace(&mut frame.block, block), action.span.start());
        self.open.push(frame);
    }

    /// Back to what was known before a block.
    fn reset(&mut self, frame: &Frame) {
        if let Some(scope) = &mut self.scope {
            scope.back_to(frame.mark);
            scope.dot.clone_from(&frame.outer);
        }
    }

    fn is_included(&self) -> bool {
        self.open.iter().any(|frame| frame.block.condition.is_empty())
    }

    fn value(&self, expression: &str) -> Option<Value> {
        self.scope.as_ref().filter(|_| !self.is_included())?.value(expression)
    }
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
    use std::sync::Arc;

    use super::*;
    use crate::helm::{Defines, Release};

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
        let defines = Arc::new(Defines::of([text].into_iter()));
        let release = Release {
            values: defines.unchanged(values),
            chart: None,
            alias: None,
            namespace: Some("shop".into()),
            name: None,
            defines,
        };
        let reading = read(text, Some(&release));
        let is_dead = |output: &&Output| {
            !reading.blocks.iter().any(|block| block.is_there == Some(false) && block.span.contains(output.span))
        };
        let outputs = reading.outputs.iter().filter(is_dead);
        let is_known = |text: &SmolStr| text.chars().any(|letter| letter != '\u{e000}');
        outputs.map(|output| output.text.clone().filter(is_known).unwrap_or("?".into()).into()).collect()
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
            ("$.Values.none | toYaml", "?"),
            ("$host", "?"),
        ] {
            assert_eq!(written(values, &format!("{{{{ {action} }}}}")), [wanted], "{action}");
        }
    }

    #[test]
    fn what_is_included_is_written() {
        let defined = "\
{{- define \"name\" -}}{{ default .Chart.Name .Values.name | trunc 5 | trimSuffix \"-\" }}{{- end }}
{{- define \"full\" }}{{ $name := include \"name\" . }}{{ if contains \"w\" $name }}{{ $name }}-{{ .Values.tier }}{{ end }}{{ end }}
{{- define \"each\" }}{{ range $key, $value := .map }}{{ $key }}={{ $value }}{{ $.end }}{{ end }}{{ end }}
{{- define \"part\" }}a: {{ .Release.Name }}{{ end }}
{{- define \"loop\" }}{{ include \"loop\" . }}{{ end }}
{{- define \"wide\" }}{{ include \"loop\" . }}{{ include \"wide\" . }}{{ end }}
";
        for (action, wanted) in [
            ("include \"name\" .", "web-s"),
            ("template \"full\" $", "web-s-gold"),
            ("include \"full\" . | upper | replace \"-\" \".\" | quote", "\"WEB.S.GOLD\""),
            ("include \"each\" (dict \"map\" .Values.map \"end\" \";\")", "a=1;b=x;"),
            ("tpl .Values.tier .", "gold"),
            ("include \"part\" . | nindent 2", "\n  a: \u{e000}"),
            ("include \"part\" . | quote", "?"),
            ("include \"loop\" .", "?"),
            ("include \"wide\" .", "?"),
            ("include .Values.name .", "?"),
        ] {
            let values = "{name: web-shop, tier: gold, map: {b: x, a: 1}}";
            assert_eq!(written(values, &format!("{defined}{{{{ {action} }}}}")).last().unwrap(), wanted, "{action}");
        }
    }

    #[test]
    fn variables_hold_what_they_are_declared_with() {
        let values = "{a: {b: 1, c: [x]}, many: [1, 2]}";
        for (text, wanted) in [
            (
                "{{ $root := . }}{{ $b := .Values.a.b }}{{ with .Values.a }}{{ $b }}{{ $root.Values.a.b }}{{ end }}",
                vec!["1", "1"],
            ),
            ("{{ with $a := .Values.a }}{{ $a.b }}{{ end }}{{ $a }}", vec!["1", "?"]),
            (
                "{{ range $i, $x := .Values.a.c }}{{ $i }}{{ $x }}{{ . }}{{ $.Values.a.b }}{{ end }}",
                vec!["0", "x", "x", "1"],
            ),
            ("{{ range $x := .Values.many }}{{ $x }}{{ . }}{{ end }}", vec!["?", "?"]),
            // What is set anew may have had the other value here.
            ("{{ $x := 1 }}{{ range .Values.many }}{{ $x }}{{ $x = 2 }}{{ end }}", vec!["?"]),
            ("{{ $x := dict \"a\" 1 }}{{ $_ := set $x \"a\" 2 }}{{ $x.a }}", vec!["?"]),
            ("{{ $_ := set .Values.a \"b\" 2 }}{{ .Values.a.b }}{{ .Values.many | len }}", vec!["?", "2"]),
        ] {
            assert_eq!(written(values, text), wanted, "{text}");
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
