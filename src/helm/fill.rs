//! A document's tree with what its template decides filled in.

use std::sync::Arc;

use smol_str::SmolStr;

use super::template::Reading;
use crate::text::Span;
use crate::yaml::{self, Action, Document, Node, Scalar, ScalarStyle, Value, Verb};

/// What a release leaves of `document`, of which `reading` is known; none where that is just what is written. The root is
/// none where nothing of it is there.
#[must_use]
pub fn fill(document: &Document, reading: &Reading) -> Option<Document> {
    let mut root = document.root.clone()?;
    let actions = yaml::actions(&document.text);
    let mut filler = Filler { text: &document.text, reading, actions, lines: Vec::new(), fills: true, changed: false };
    filler.lines = filler.lines();
    filler.fills = filler.is_whole(&root);
    let is_there = !filler.is_dead(root.span.start());
    filler.visit(&mut root);
    (filler.changed || !is_there).then(|| Document {
        text: document.text.clone(),
        lines: document.lines.clone(),
        root: is_there.then_some(root),
        comments: document.comments.clone(),
        errors: document.errors.clone(),
        templated: document.templated,
    })
}

struct Filler<'a> {
    text: &'a str,
    reading: &'a Reading,
    actions: Vec<Action>,
    /// The lines outside all values that write what is not known: where each begins, and its indentation.
    lines: Vec<(usize, usize)>,
    /// Values are filled in; else only what is not there goes.
    fills: bool,
    changed: bool,
}

impl Filler<'_> {
    /// What stands at `offset` is surely not there.
    fn is_dead(&self, offset: usize) -> bool {
        let is_dead = |span: Span| span.start() <= offset && offset < span.end();
        self.reading.blocks.iter().any(|block| block.is_there == Some(false) && is_dead(block.span))
    }

    fn visit(&mut self, node: &mut Node) {
        match &node.value {
            Value::Scalar(_) if node.templated => self.scalar(node),
            Value::Scalar(_) => {}
            Value::Mapping(mapping) => {
                let mut mapping = mapping.as_ref().clone();
                let before = mapping.entries.len();
                mapping.entries.retain(|entry| !self.is_dead(entry.key_span.start()));
                mapping.entries.iter_mut().for_each(|entry| self.visit(&mut entry.value));
                let left = mapping.entries.len();
                self.replace(node, Value::Mapping(Arc::new(mapping)), (before, left));
            }
            Value::Sequence(sequence) => {
                let mut sequence = sequence.as_ref().clone();
                let before = sequence.items.len();
                sequence.items.retain(|item| !self.is_dead(item.span.start()));
                sequence.items.iter_mut().for_each(|item| self.visit(item));
                let left = sequence.items.len();
                self.replace(node, Value::Sequence(Arc::new(sequence)), (before, left));
            }
        }
        // Lines that a template adds here are not seen.
        if !node.templated && node.as_scalar().is_none() && self.gains(node) {
            node.templated = true;
            self.changed = true;
        }
    }

    /// Puts in what is left of a collection: of one that lost everything its key alone.
    fn replace(&mut self, node: &mut Node, value: Value, (before, left): (usize, usize)) {
        self.changed |= left < before;
        node.value = if left == 0 && before > 0 { Value::Scalar(nothing()) } else { value };
    }

    fn scalar(&mut self, node: &mut Node) {
        if !self.fills {
            return;
        }
        let value = if node.span.is_empty() { self.left_out(node.span) } else { self.written(node) };
        if let Some(scalar) = value {
            *node = Node { span: node.span, value: Value::Scalar(scalar), templated: false };
            self.changed = true;
        }
    }

    /// Nothing is written where the value would stand, since all that would write it is not there.
    fn left_out(&self, span: Span) -> Option<Scalar> {
        let mut at = span.end();
        for action in self.actions.iter().filter(|action| action.span.start() >= span.end()) {
            let between = Span::new(at, action.span.start()).of(self.text);
            if !between.lines().all(|line| matches!(line.trim().bytes().next(), None | Some(b'#'))) {
                break;
            }
            if action.verb == Verb::Write && !self.is_dead(action.span.start()) {
                return None;
            }
            at = action.span.end();
        }
        Some(nothing())
    }

    /// The value that the actions in a scalar write, as YAML reads it then.
    fn written(&self, node: &Node) -> Option<Scalar> {
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
            let mut literal = Span::new(at, end).of(self.text);
            let words = action.map_or("", |action| action.span.of(self.text));
            if is_trimmed {
                literal = literal.trim_start();
            }
            if words.starts_with("{{-") {
                literal = literal.trim_end();
            }
            if !self.is_dead(at) {
                written.push_str(literal);
            }
            let Some(action) = action else { break };
            if action.verb == Verb::Write && !self.is_dead(action.span.start()) {
                written.push_str(&self.output(action.span)?);
            }
            is_trimmed = words.ends_with("-}}");
            at = action.span.end();
        }
        let read = yaml::parse(written.into());
        let scalar = read.root.filter(|_| read.errors.is_empty() && !read.templated)?.as_scalar()?.clone();
        (!scalar.text.is_empty()).then_some(scalar)
    }

    fn output(&self, span: Span) -> Option<SmolStr> {
        self.reading.outputs.iter().find(|output| output.span == span)?.text.clone()
    }

    /// No line of the template adds to the object or its `spec` what is not seen.
    fn is_whole(&self, root: &Node) -> bool {
        !self.gains(root) && !root.get("spec").is_some_and(|spec| self.gains(spec))
    }

    fn lines(&self) -> Vec<(usize, usize)> {
        let outputs = self.reading.outputs.iter().map(|output| (output.span.start(), output.indent));
        let alone = outputs.filter(|(at, _)| self.line_before(*at).trim().is_empty() && !self.is_dead(*at));
        alone.map(|(at, indent)| (at, indent.unwrap_or_else(|| self.column(at)))).collect()
    }

    /// A line outside all values writes entries or items of `node` that are not known. Where it writes tells its
    /// indentation.
    fn gains(&self, node: &Node) -> bool {
        let Some(first) = first(node) else { return false };
        let column = self.column(first.start());
        let from = self.lines.partition_point(|line| line.0 <= first.start());
        let mut is_inside = true;
        // Those within the collection, and the first behind it.
        let mut near = self
            .lines
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|line| std::mem::replace(&mut is_inside, line.0 <= node.span.end()));
        near.any(|(at, indent)| {
            let is_next = *at <= node.span.end() || self.is_blank(node.span.end(), *at);
            *indent == column && is_next && !self.holds(node, *at)
        })
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
        for action in self.actions.iter().filter(|action| action.span.start() >= start && action.span.end() <= end) {
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

    fn column(&self, offset: usize) -> usize {
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

fn nothing() -> Scalar {
    Scalar { text: SmolStr::default(), style: ScalarStyle::Plain, tag: None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::helm::{Release, read};

    const VALUES: &str = "host: web\nport: 80\noff: false\nlabels: {}\ntls: {mode: SIMPLE}\n";

    fn filled(text: &str) -> Option<Document> {
        let values = yaml::parse(VALUES.into()).root.unwrap();
        let release = Release { values, chart: None, namespace: None, name: None };
        fill(&yaml::parse(text.into()), &read(text, Some(&release)))
    }

    /// The single values, `?` for what is not known.
    fn shown(node: &Node) -> String {
        match &node.value {
            _ if node.templated => "?".to_owned(),
            Value::Scalar(scalar) => scalar.text.to_string(),
            Value::Sequence(list) => format!("[{}]", list.items.iter().map(shown).collect::<Vec<_>>().join(", ")),
            Value::Mapping(map) => {
                let entry = |entry: &yaml::Entry| format!("{}: {}", entry.key, shown(&entry.value));
                format!("{{{}}}", map.entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
        }
    }

    #[track_caller]
    fn check(text: &str, wanted: &str) {
        let document = filled(text).expect("something is filled in");
        assert_eq!(document.root.as_ref().map_or_else(String::new, shown), wanted);
    }

    #[test]
    fn values_stand_in_text_around_them() {
        check(
            "a: \"{{ .Values.host }}.shop:{{ .Values.port }}\"\nb: {{ include \"x\" . }}\n",
            "{a: web.shop:80, b: ?}",
        );
        check("a: x{{- if .Values.off }}-off{{ end }}-{{ .Values.host -}}  -y\n", "{a: x-web-y}");
        check("a: {{ if .Values.tls }}{{ .Values.tls.mode | quote }}{{ else }}none{{ end }}\n", "{a: SIMPLE}");
    }

    #[test]
    fn what_is_not_there_goes_and_leaves_its_key() {
        check("a:\n{{- if .Values.off }}\n  b: 1\n{{- end }}\nc: [1]\n", "{a: , c: [1]}");
        check("a:\n{{- with .Values.labels }}\n  {{- toYaml . | nindent 2 }}\n{{- end }}\nb: 1\n", "{a: , b: 1}");
        check("{{ if .Values.off }}\na: 1\n{{ end }}\n", "");
    }

    #[test]
    fn a_map_that_a_template_adds_lines_to_is_unknown() {
        check(
            "spec:\n  labels:\n    app: web\n    {{- include \"labels\" . | nindent 4 }}\n  host: {{ .Values.host }}\n",
            "{spec: {labels: ?, host: web}}",
        );
        // Then what is in doubt is all of it.
        assert!(
            filled("a: {{ .Values.host }}\n{{- include \"more\" . | nindent 0 }}\n")
                .is_none_or(|document| { document.root.is_some_and(|root| root.templated) })
        );
    }

    proptest! {
        #[test]
        fn every_place_stays_in_the_text(pieces in prop::collection::vec(prop::sample::select(vec![
            "a: ", "b:\n  ", "- ", "\n", "  ", "{{ .Values.host }}", "{{- if .Values.off }}", "{{ else }}", "{{ end -}}", "\"",
            "{{ with .Values.tls }}", "{{ .mode | quote }}", "{{ range .Values.x }}", "{{ toYaml . | nindent 2 }}", "x", "{", "}",
            "{{ (.Values.a).b | default (printf \"%s\" 1) }}", "{{ define \"x\" }}", "# c\n", "é", "{{ $x := 1 }}", "---\n",
        ]), 0..40)) {
            let text = pieces.concat();
            if let Some(document) = filled(&text) {
                fn within(node: &Node, length: usize) -> bool {
                    node.span.end() <= length && match &node.value {
                        Value::Scalar(_) => true,
                        Value::Mapping(map) => map.entries.iter().all(|entry| within(&entry.value, length)),
                        Value::Sequence(list) => list.items.iter().all(|item| within(item, length)),
                    }
                }
                prop_assert!(document.root.is_none_or(|root| within(&root, text.len())));
            }
        }
    }
}
