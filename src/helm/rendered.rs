//! What `helm template` makes of a chart, taken back to its templates: each value stands where the template has it, else
//! where the template writes what it is a part of.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::text::Span;
use crate::yaml::{self, CollectionStyle, Document, Entry, Mapping, Node, Scalar, ScalarStyle, Sequence, Value};

/// Lists of more items are gone through side by side.
const MOST_COMPARED: usize = 64;

/// The objects that a chart is rendered to, by the templates that made them: paths below the folder of the chart.
#[derive(Debug, Default)]
pub struct Rendered(BTreeMap<SmolStr, Vec<Document>>);

impl Rendered {
    /// Reads what `helm template` prints; before each object it names the template, the name of the chart in front.
    #[must_use]
    pub fn read(output: &str) -> Self {
        let mut files: BTreeMap<SmolStr, Vec<Document>> = BTreeMap::new();
        for piece in yaml::split(output) {
            let text = output.get(piece).unwrap_or("");
            let source = text.lines().find_map(|line| line.strip_prefix("# Source: "));
            if let Some((_, path)) = source.and_then(|source| source.trim().split_once('/')) {
                files.entry(path.into()).or_default().push(yaml::parse(text.into()));
            }
        }
        Self(files)
    }

    /// What became of the documents `written` of the template at `path`: each with the objects that it made, a `List` where
    /// they are several, at places of its own text; without root where it made none.
    #[must_use]
    pub fn placed(&self, path: &str, written: &[&Document]) -> Vec<Document> {
        let mut made: Vec<Vec<Node>> = written.iter().map(|_| Vec::new()).collect();
        let objects = self.0.get(path).into_iter().flatten().filter_map(|document| document.root.as_ref());
        for object in objects {
            let number = origin(object, written, &made);
            if let (Some(document), Some(made)) = (written.get(number), made.get_mut(number)) {
                let mut object = object.clone();
                place(&mut object, document.root.as_ref(), beginning(document));
                made.push(object);
            }
        }
        let documents = written.iter().zip(made);
        documents.map(|(document, made)| with_root(document, together(made, beginning(document)))).collect()
    }
}

/// The number of the document that made `object`: of its kind and most like it; of two alike the one that made less.
fn origin(object: &Node, written: &[&Document], made: &[Vec<Node>]) -> usize {
    let is_kind = |root: &Node| {
        let kind = root.get("kind");
        kind.is_none_or(|kind| kind.templated || text(kind) == object.get("kind").and_then(text))
    };
    let likeness = |(number, document): (usize, &&Document)| {
        let root = document.root.as_ref().filter(|root| is_kind(root))?;
        let before = made.get(number).map_or(0, Vec::len);
        Some((likeness(object, root), std::cmp::Reverse((before, number))))
    };
    let best = written.iter().enumerate().filter_map(likeness).max();
    best.map_or(0, |(_, std::cmp::Reverse((_, number)))| number)
}

/// How much of `written` stands in `node` too; what a template writes says nothing.
fn likeness(node: &Node, written: &Node) -> i64 {
    match (&node.value, &written.value) {
        _ if written.templated => 0,
        (Value::Scalar(one), Value::Scalar(other)) if one.text == other.text => 1,
        (Value::Mapping(mapping), Value::Mapping(written)) => {
            let entries = written.entries.iter();
            let of = |entry: &Entry| mapping.entry(&entry.key).map_or(-1, |own| 1 + likeness(&own.value, &entry.value));
            entries.map(of).sum()
        }
        (Value::Sequence(list), Value::Sequence(written)) => {
            list.items.iter().zip(&written.items).map(|(one, other)| likeness(one, other)).sum()
        }
        _ => -1,
    }
}

/// Gives `node` the place of `written`, what has none there that of `outer`.
fn place(node: &mut Node, written: Option<&Node>, outer: Span) {
    node.span = written.map(|written| written.span).filter(|span| !span.is_empty()).unwrap_or(outer);
    // What an action writes stands where the action does.
    let outer = if written.is_some_and(|written| written.as_scalar().is_some()) { node.span } else { outer };
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Mapping(mapping) => {
            for entry in &mut Arc::make_mut(mapping).entries {
                let own = written.and_then(|written| written.entry(&entry.key));
                (entry.key_span, entry.span) = own.map_or((outer, outer), |own| (own.key_span, own.span));
                place(&mut entry.value, own.map(|own| &own.value), entry.key_span);
            }
        }
        Value::Sequence(list) => {
            let items = written.and_then(Node::as_sequence).map_or(&[][..], |written| &written.items);
            for (number, item) in Arc::make_mut(list).items.iter_mut().enumerate() {
                place(item, alike(item, number, items), outer);
            }
        }
    }
}

/// The one of the items in a template that made `item`.
fn alike<'n>(item: &Node, number: usize, written: &'n [Node]) -> Option<&'n Node> {
    if written.len() > MOST_COMPARED {
        return written.get(number);
    }
    let apart = |other: usize| std::cmp::Reverse((other.abs_diff(number), other));
    let likeness = written.iter().enumerate().map(|(other, node)| (likeness(item, node), apart(other)));
    let (_, std::cmp::Reverse((_, best))) = likeness.max()?;
    written.get(best)
}

/// Where a document says what it is, else where it begins.
fn beginning(document: &Document) -> Span {
    let kind = document.root.as_ref().and_then(|root| root.get("kind"));
    let start = document.text.len() - document.text.trim_start_matches(['-', '\n', '\r', ' ']).len();
    let line = document.text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
    kind.map_or(Span::new(start, start + line), |kind| kind.span)
}

/// One object as it is, several as a list.
fn together(mut objects: Vec<Node>, span: Span) -> Option<Node> {
    if objects.len() < 2 {
        return objects.pop();
    }
    let node = |value: Value| Node { span, value, templated: false };
    let word = |text: &str| node(Value::Scalar(Scalar { text: text.into(), style: ScalarStyle::Plain, tag: None }));
    let entry = |key: &str, value: Node| Entry { key: key.into(), key_span: span, span, value, merged: false };
    let items = Sequence { style: CollectionStyle::Block, items: objects };
    let entries = vec![
        entry("apiVersion", word("v1")),
        entry("kind", word("List")),
        entry("items", node(Value::Sequence(Arc::new(items)))),
    ];
    Some(node(Value::Mapping(Arc::new(Mapping { style: CollectionStyle::Block, entries }))))
}

fn with_root(document: &Document, root: Option<Node>) -> Document {
    Document {
        text: document.text.clone(),
        lines: document.lines.clone(),
        root,
        comments: document.comments.clone(),
        errors: document.errors.clone(),
        templated: document.templated,
    }
}

fn text(node: &Node) -> Option<&SmolStr> {
    node.as_scalar().map(|scalar| &scalar.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "\
kind: Service
metadata:
  name: {{ .Release.Name }}-a
spec:
  ports:
  {{- range .Values.ports }}
  - port: {{ . }}
  {{- end }}
---
kind: Service
metadata: {name: b, labels: {{ toJson .Values.labels }}}
---
kind: ConfigMap
";

    const OUTPUT: &str = "\
---
# Source: shop/templates/web.yaml
kind: Service
metadata: {name: b, labels: {x: \"1\"}}
---
# Source: shop/templates/web.yaml
kind: Service
metadata: {name: r-a}
spec:
  ports:
  - port: 80
  - port: 81
---
# Source: shop/templates/web.yaml
kind: Service
metadata: {name: b}
";

    #[test]
    fn what_is_rendered_stands_where_the_template_has_it() {
        let pieces = yaml::split(TEMPLATE);
        let written: Vec<Document> =
            pieces.into_iter().map(|piece| yaml::parse(TEMPLATE.get(piece).unwrap_or("").into())).collect();
        let placed = Rendered::read(OUTPUT).placed("templates/web.yaml", &written.iter().collect::<Vec<_>>());
        let shown: Vec<Vec<String>> = placed
            .iter()
            .map(|document| {
                let mut shown = Vec::new();
                document.root.iter().for_each(|root| show(root, &document.text, &mut shown));
                shown
            })
            .collect();
        let first = ["Service at Service", "r-a at {{ .Release.Name }}-a", "80 at {{ . }}", "81 at {{ . }}"];
        let second =
            ["v1 at Service", "List at Service", "Service at Service", "b at b", "1 at {{ toJson .Values.labels }}"];
        assert_eq!(shown[0], first);
        assert_eq!(shown[1], [&second[..], &["Service at Service", "b at b"]].concat());
        assert!(placed[2].root.is_none(), "nothing came of the last document");
    }

    fn show(node: &Node, text: &str, out: &mut Vec<String>) {
        match &node.value {
            Value::Scalar(scalar) => out.push(format!("{} at {}", scalar.text, node.span.of(text))),
            Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| show(&entry.value, text, out)),
            Value::Sequence(list) => list.items.iter().for_each(|item| show(item, text, out)),
        }
    }
}
