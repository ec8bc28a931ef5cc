//! What holds for any text: reading it never fails and its spans are true; edits do what they say and nothing else.

use istio_ls::text::{Span, TextEdit, apply_edits};
use istio_ls::yaml::{At, Document, Literal, Node, Place, Resolved, Value, append_document, parse, split};
use proptest::prelude::*;

const SEED: &str = "\
# A gateway and what is behind it
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, labels: &labels {app: \"größe\", 'tier': web}}
spec:
  servers:
  - port: {number: 443, name: https}   # TLS
    hosts: [\"*.example.com\", a.example]
    tls:
      mode: {{ .Values.mode }}
      cert: |
        -----BEGIN-----

  {{- if .Values.more }}
  - port:
      number: 80
    hosts:
      - <<: *labels
        x: >-
          folded
           text
  {{- end }}
---
kind: List
items: [*labels, !!str 1, {}, ]
...
";

/// Spans lie in the text, on character borders, and in the span of what holds them.
fn assert_spans(document: &Document) {
    let text: &str = &document.text;
    let check = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    document.comments.iter().for_each(|comment| check(comment.span));
    document.errors.iter().for_each(|error| check(error.span));
    // Aliases share subtrees, so that the same node can be met often; its inside need not be looked at again.
    let mut nodes: Vec<&Node> = document.root.iter().collect();
    let mut seen = std::collections::HashSet::new();
    while let Some(node) = nodes.pop() {
        check(node.span);
        match &node.value {
            Value::Scalar(_) => {}
            Value::Sequence(sequence) => {
                if seen.insert(std::sync::Arc::as_ptr(sequence).cast::<u8>()) {
                    nodes.extend(&sequence.items);
                }
            }
            Value::Mapping(mapping) => {
                if !seen.insert(std::sync::Arc::as_ptr(mapping).cast::<u8>()) {
                    continue;
                }
                for entry in &mapping.entries {
                    check(entry.key_span);
                    check(entry.span);
                    if !entry.merged {
                        assert!(node.span.contains(entry.span), "{:?} in {:?} of {text:?}", entry.span, node.span);
                        assert!(entry.span.contains(entry.key_span), "{:?} of {text:?}", entry.key_span);
                    }
                    nodes.push(&entry.value);
                }
            }
        }
    }
}

fn assert_reads(text: &str) {
    let mut end = 0;
    for piece in split(text) {
        assert_eq!(piece.start, end);
        end = piece.end;
        let document = parse(text.get(piece).expect("a piece on character borders").into());
        assert_spans(&document);
        for offset in (0..=document.text.len()).filter(|offset| document.text.is_char_boundary(*offset)).take(300) {
            let path = document.path_at(offset);
            assert!(path.steps.len() <= 200);
        }
    }
    assert_eq!(end, text.len());
}

/// YAML's own characters, more often than others.
fn yaml_like() -> impl Strategy<Value = String> {
    let words = vec![
        "\n",
        "\n  ",
        "- ",
        ": ",
        "a",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        ",",
        "#",
        " # ",
        "&a ",
        "*a",
        "<<: ",
        "!!str ",
        "|\n",
        ">-\n",
        "\t",
        "\r\n",
        "\r",
        "---\n",
        "...\n",
        "{{ .x }}",
        "{{",
        "}}",
        "{{- end }}\n",
        "%",
        "@",
        "? ",
        "é",
        "\u{FEFF}",
        "    ",
        "key: value\n",
    ];
    prop::collection::vec(prop::sample::select(words), 0..40).prop_map(|words| words.concat())
}

/// The seed with one part of it replaced.
fn mutated() -> impl Strategy<Value = String> {
    (0..SEED.len(), 0usize..12, yaml_like(), 0usize..6).prop_map(|(at, taken, put, length)| {
        let head = SEED.chars().take(at);
        let tail = SEED.chars().skip(at + taken);
        head.chain(put.chars().take(length)).chain(tail).collect()
    })
}

/// A value that an edit may write.
fn literal() -> impl Strategy<Value = Literal> {
    let words =
        prop::sample::select(vec!["yes", "1e3", "a: b", "x # y", "l\nm", "<<", "---", "- x", "~", "0x1F", "a,b"]);
    let text = prop_oneof!["[a-z.*/-]{0,8}", "\\PC{0,12}", words.prop_map(str::to_owned)];
    let leaf = prop_oneof![
        any::<bool>().prop_map(Literal::from),
        any::<i32>().prop_map(|number| Literal::from(i64::from(number))),
        text.prop_map(Literal::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let key = prop_oneof!["[a-z]{1,5}", "\\PC{1,5}"];
        let map = prop::collection::btree_map(key, inner.clone(), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Literal::List),
            map.prop_map(|entries| Literal::Map(entries.into_iter().collect())),
        ]
    })
}

/// The value that stands in a document.
fn read(node: &Node) -> Literal {
    match &node.value {
        Value::Scalar(scalar) => match scalar.resolve() {
            Resolved::Bool(flag) => Literal::Bool(flag),
            Resolved::Int(number) => Literal::Int(number),
            _ => Literal::Text(scalar.text.to_string()),
        },
        Value::Sequence(sequence) => Literal::List(sequence.items.iter().map(read).collect()),
        Value::Mapping(mapping) => {
            Literal::Map(mapping.entries.iter().map(|entry| (entry.key.to_string(), read(&entry.value))).collect())
        }
    }
}

/// What the document holds after an edit of it; the text must still be YAML.
fn edited(document: &Document, edit: Option<TextEdit>) -> Document {
    let text = apply_edits(&document.text, &[edit.expect("an edit")]).expect("an edit that fits");
    let after = parse(text.into());
    assert_eq!(after.errors, [], "{}", after.text);
    after
}

/// A mapping with some entries around `spec`, which the tests change, in the styles that people write.
fn surroundings() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "# c\nbefore: 1\nspec:\n  # d\n  old: {v: 1} # e\n  next: x\n\nafter: 2\n",
        "spec:\n    - old\n    - b: 1\n      c: |\n        text\n\nafter: 2",
        "spec: {old: 1, next: [a, b]}\nafter: 2\n",
        "spec:\n- a: 1 # e\n  b: 2\n- \"c\"\nafter:\n  d: e\n",
        "{\n  \"spec\": {\n    \"old\": [1],\n    \"next\": {}\n  },\n  \"after\": 2\n}\n",
        "after: 2\nspec:\n  old: >-\n    a\n    b\n\n\n  next:\n  - - x\n    - z\n",
        "spec:\r\n  old: 'a' # c\r\nafter: 2\r\n",
        "spec: # nothing yet\nafter: 2\n",
        "after: 2\nspec: []",
    ])
}

/// What the entries besides `spec` hold.
fn rest(document: &Document) -> Literal {
    match document.root.as_ref().map(read).expect("a document with content") {
        Literal::Map(entries) => Literal::Map(entries.into_iter().filter(|(key, _)| key != "spec").collect()),
        other => other,
    }
}

proptest! {
    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        assert_reads(&text);
    }

    #[test]
    fn any_likeness_of_yaml_can_be_read(text in yaml_like()) {
        assert_reads(&text);
    }

    #[test]
    fn any_break_of_a_file_can_be_read(text in mutated()) {
        assert_reads(&text);
    }

    #[test]
    fn what_is_written_is_what_is_read(value in literal()) {
        let text = apply_edits("", &[append_document("", &value)]).expect("an insertion");
        let document = parse(text.as_str().into());
        prop_assert_eq!(&document.errors, &[]);
        prop_assert_eq!(document.root.as_ref().map(read), Some(value));
    }

    #[test]
    fn setting_a_value_changes_nothing_else(text in surroundings(), value in literal()) {
        let document = parse(text.into());
        let after = edited(&document, document.set(&[At::Key("spec")], &value));
        prop_assert_eq!(after.root.as_ref().and_then(|root| root.get("spec")).map(read), Some(value));
        prop_assert_eq!(rest(&after), rest(&document));
    }

    #[test]
    fn adding_and_removing_leave_what_was_there(text in surroundings(), value in literal(), first in any::<bool>()) {
        let document = parse(text.into());
        let spec = document.root.as_ref().and_then(|root| root.get("spec")).expect("a spec");
        let place = if first { Place::First } else { Place::Last };
        let path = [At::Key("spec")];
        let (added, at) = match &spec.value {
            Value::Sequence(sequence) => (document.push(&path, &value), At::Index(sequence.items.len())),
            _ => (document.insert(&path, place, "new", &value), At::Key("new")),
        };
        let more = edited(&document, added);
        prop_assert_eq!(rest(&more), rest(&document));
        prop_assert_eq!(more.comments.len(), document.comments.len());
        let less = edited(&more, more.remove(&[path[0], at]));
        // An entry put where nothing was leaves `{}` behind.
        let was = if spec.as_scalar().is_some() { Literal::Map(Vec::new()) } else { read(spec) };
        prop_assert_eq!(less.root.as_ref().and_then(|root| root.get("spec")).map(read), Some(was));
        prop_assert_eq!(rest(&less), rest(&document));
        prop_assert_eq!(less.comments.len(), document.comments.len());
    }
}

#[test]
fn hostile_texts_are_read_in_bounds() {
    let bomb: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..40).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))))
        .collect();
    let chain: String = std::iter::once("a0: &a0 x\n".to_owned())
        .chain((1..5_000).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)))
        .collect();
    for text in [&bomb, &chain] {
        let document = parse(text.as_str().into());
        assert_spans(&document);
        assert!(document.errors.iter().any(|error| error.message.starts_with("aliases")), "{:?}", document.errors);
    }
    let texts = [
        "[".repeat(100_000),
        "- ".repeat(100_000),
        (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        "{a: ".repeat(50_000),
        "a".repeat(1 << 20),
        format!("a: [{}]\n", "b, ".repeat(1 << 18)),
        format!("a: \"{}", "b: 'c\n".repeat((5 << 20) / 6)),
        format!("a: \"b\nkey: {}", "\"x\": [\n".repeat(10_000)),
        "{{ \"".repeat(1 << 18),
        "{{/* ".repeat(1 << 18),
        "x: {{ .a }} ".repeat(1 << 16),
        "? ".repeat(10_000),
        "&a ".repeat(100_000),
        "a: b: c\n".repeat(20_000),
        "#\n".repeat(200_000),
        "key: *x\n".repeat(20_000),
    ];
    for text in texts {
        assert_spans(&parse(text.into()));
    }
}
