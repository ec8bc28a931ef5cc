//! What is read of right, odd and broken YAML, with its spans.

use super::*;
use crate::yaml::{Entry, Node, Value};

/// Every scalar with its path and the text of its span.
fn scalars(document: &Document) -> Vec<(String, String)> {
    fn list(node: &Node, path: &str, text: &str, out: &mut Vec<(String, String)>) {
        match &node.value {
            Value::Scalar(_) => out.push((path.trim_start_matches('.').to_owned(), node.span.of(text).to_owned())),
            Value::Sequence(sequence) => {
                sequence.items.iter().enumerate().for_each(|(n, item)| list(item, &format!("{path}.{n}"), text, out));
            }
            Value::Mapping(mapping) => {
                mapping.entries.iter().for_each(|e| list(&e.value, &format!("{path}.{}", e.key), text, out));
            }
        }
    }
    let mut out = Vec::new();
    document.root.iter().for_each(|root| list(root, "", &document.text, &mut out));
    out
}

fn assert_scalars<const N: usize>(text: &str, expected: [(&str, &str); N]) {
    let document = parse(text.into());
    let expected = expected.map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert_eq!((scalars(&document), document.errors), (expected.to_vec(), Vec::new()));
}

/// The first error's message and the text at its place, and the scalars that are left.
fn broken(text: &str) -> (String, String, Vec<(String, String)>) {
    let document = parse(text.into());
    let error = document.errors.first().expect("an error");
    (error.message.clone(), error.span.of(text).to_owned(), scalars(&document))
}

fn assert_broken<const N: usize>(text: &str, message: &str, place: &str, expected: [(&str, &str); N]) {
    let expected = expected.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec();
    assert_eq!(broken(text), (message.to_owned(), place.to_owned(), expected));
}

#[test]
fn spans_hold_quotes_tags_and_anchors_but_no_comments() {
    assert_scalars("a: \"x\"   # c\nb : !!str &q foo bar # c\n", [("a", "\"x\""), ("b", "!!str &q foo bar")]);
    assert_scalars("- 'it''s'\n- p q\n  r  \n", [("0", "'it''s'"), ("1", "p q\n  r")]);
}

#[test]
fn a_block_scalar_runs_from_its_header_through_its_blank_lines() {
    let text = "a: |  # c\n  x\n   y\n\n \n# out\nb: !!str >-\n  z";
    assert_scalars(text, [("a", "|  # c\n  x\n   y\n\n \n"), ("b", "!!str >-\n  z")]);
}

#[test]
fn what_is_left_out_stands_behind_its_colon_or_dash() {
    let document = parse("a:\nb: # c\nc:\n- \n- # -\n".into());
    let root = document.root.expect("a mapping");
    let at = |key: &str| root.get(key).map(|node| (node.span.start, node.span.end));
    assert_eq!((at("a"), at("b")), (Some((2, 2)), Some((5, 5))));
    let items = root.get("c").and_then(Node::as_sequence).expect("a list").items.iter();
    assert_eq!(items.map(|item| item.span).collect::<Vec<_>>(), [Span::at(14), Span::at(17)]);
}

#[test]
fn collections_end_with_their_last_entry_or_bracket() {
    let text = "a:\n  b: 1\n  c:\n  - 2 # c\n\nd: {e: [f] }\n";
    let document = parse(text.into());
    let root = document.root.expect("a mapping");
    let of = |key: &str| root.get(key).map(|node| node.span.of(text));
    assert_eq!((of("a"), of("d")), (Some("b: 1\n  c:\n  - 2"), Some("{e: [f] }")));
    assert_eq!(root.get("a").and_then(|a| a.get("c")).map(|c| c.span.of(text)), Some("- 2"));
}

#[test]
fn comments_know_whether_they_have_their_line() {
    let text = "# a\nb: c # d\n  # e\n";
    let document = parse(text.into());
    let comments: Vec<(&str, bool)> = document.comments.iter().map(|c| (c.span.of(text), c.own_line)).collect();
    assert_eq!(comments, [("# a", true), ("# d", false), ("# e", true)]);
}

#[test]
fn json_is_yaml() {
    assert_scalars("{\"a\": [1, \"b\"],\n\t\"c\":{}}", [("a.0", "1"), ("a.1", "\"b\"")]);
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    assert_scalars("\u{FEFF}a: b\r\nc:\r\n  - d\r\n", [("a", "b"), ("c.0", "d")]);
    assert_scalars("a: b\rc: d\r", [("a", "b"), ("c", "d")]);
    assert_scalars("%YAML 1.1\n---\na: b\n", [("a", "b")]);
}

#[test]
fn a_document_without_content_has_no_root() {
    for text in ["", "# c\n", "---\n", "---\n# c\n...\n"] {
        let document = parse(text.into());
        assert!(document.root.is_none() && document.errors.is_empty(), "{text:?}");
    }
}

#[test]
fn an_alias_shares_what_is_anchored() {
    assert_scalars("a: &x {b: c}\nd: *x\n", [("a.b", "c"), ("d.b", "c")]);
    let document = parse("a: &x {b: c}\nd: *x\n".into());
    let root = document.root.expect("a mapping");
    let shared = |key| root.get(key).and_then(Node::as_mapping).map(std::ptr::from_ref);
    assert_eq!(shared("a"), shared("d"));
}

#[test]
fn merge_keys_bring_in_what_is_missing() {
    let document = parse("a: &a {x: 1, y: 2}\nb: &b {x: 3, z: 4}\nc:\n  <<: [*a, *b]\n  y: 5\n".into());
    let c = document.root.as_ref().and_then(|root| root.get("c")?.as_mapping()).expect("a mapping");
    let entry = |e: &Entry| (e.key.to_string(), e.value.as_scalar().map(|s| s.text.to_string()), e.merged);
    let is = |key: &str, value: &str, merged| (key.to_owned(), Some(value.to_owned()), merged);
    let entries: Vec<_> = c.entries.iter().map(entry).collect();
    assert_eq!(entries, [is("y", "5", false), is("x", "1", true), is("z", "4", true)]);
    assert_eq!(document.errors, []);
}

#[test]
fn aliases_that_lead_nowhere_are_errors() {
    let message = "no anchor `&x` stands above this alias; define it or write the value out";
    assert_broken("a: *x\nb: c\n", message, "*x", [("a", "*x"), ("b", "c")]);
    assert_eq!(broken("a: &x [*x]\n").0, "`*x` stands inside `&x` itself; write the value out");
}

#[test]
fn a_key_may_stand_only_once() {
    let (message, place, _) = broken("a:\n  host: 1\n  b: 2\n  \"host\": 3\n");
    assert_eq!(
        (message.as_str(), place.as_str()),
        ("key `host` is already set 2 lines above; remove one of them", "\"host\"")
    );
    assert_eq!(broken("{a: 1, a: 2}").0, "key `a` is already set on this line; remove one of them");
    let either = "{{ if .x }}\na: 1\n{{ else }}\na: 2\n{{ end }}\n";
    assert_eq!(parse(either.into()).errors, []);
}

#[test]
fn template_actions_hide_only_the_values_they_stand_in() {
    let text = "a: {{ .x }}\nb: \"{{ .y }}-z\" # {{ c }}\n{{- if .d }}\nd: e\n{{- end }}\nf:\n  {{- toYaml .g | nindent 2 }}\n{{ .k }}: v\n";
    let document = parse(text.into());
    let entries = &document.root.as_ref().and_then(Node::as_mapping).expect("a mapping").entries;
    let seen: Vec<(&str, &str, bool)> = (entries.iter())
        .map(|e| (e.key.as_str(), e.value.as_scalar().map_or("", |scalar| scalar.text.as_str()), e.value.templated))
        .collect();
    let expected = [
        ("a", "{{ .x }}", true),
        ("b", "{{ .y }}-z", true),
        ("d", "e", false),
        ("f", "", true),
        ("{{ .k }}", "v", false),
    ];
    assert_eq!((seen, document.errors, document.templated), (expected.to_vec(), Vec::new(), true));
}

#[test]
fn code_of_ytt_writes_the_value_of_its_line() {
    let text =
        "a: #@ x()\nb:\n- #@ y\n- z #! why\n#@ if/end x:\nc: \"1\" #@ 2\n#@overlay/remove\nd:\ne: |\n  f\n#@ g\n";
    let document = parse(text.into());
    let root = document.root.as_ref().expect("a mapping");
    let items = root.get("b").and_then(Node::as_sequence).expect("a list").items.iter();
    assert_eq!(items.map(|item| item.templated).collect::<Vec<_>>(), [true, false]);
    let is_written = ["a", "b", "c", "d", "e"].map(|key| root.get(key).is_some_and(|value| value.templated));
    assert_eq!((is_written, document.templated), ([true, false, true, false, false], true));
    assert!(!parse("#@overlay/match by=x\na: b #@c\n".into()).templated);
}

#[test]
fn of_twins_one_may_be_what_ytt_leaves_out() {
    assert_eq!(parse("#@ if x:\na: 1\n#@ else:\na: 2\n#@ end\n".into()).errors, []);
}

#[test]
fn template_actions_in_text_and_comments_do_no_harm() {
    assert!(!parse("# {{ .x }}\na: b\n".into()).templated);
    let text = "a: |\n      {{- if .x }}\n  b {{ .y }}\n{{ .z | indent 2 }}\n  c\nd: e\n";
    assert_scalars(text, [("a", "|\n      {{- if .x }}\n  b {{ .y }}\n{{ .z | indent 2 }}\n  c\n"), ("d", "e")]);
}

#[test]
fn a_broken_line_hides_only_itself() {
    assert_broken("a: \"b\nc: d\n", "the quote is not closed; add \"", "\"b", [("a", "\"b"), ("c", "d")]);
    assert_broken(
        "a: [b, c\nd: e\n",
        "a bracket is not closed; add `]`",
        "[b, c",
        [("a.0", "b"), ("a.1", "c"), ("d", "e")],
    );
    assert_broken(
        "a: b\nhos\nc: d\n",
        "expected `hos: value` here; the `:` is missing",
        "hos",
        [("a", "b"), ("hos", ""), ("c", "d")],
    );
    assert_broken("a:\n\tb: c\nd: e\n", "tabs cannot indent YAML; use blanks", "\t", [("a.b", "c"), ("d", "e")]);
    assert_broken("a: @b\nc: d\n", "a value cannot begin with `@`; put it in quotes", "@b", [("a", "@b"), ("c", "d")]);
    assert_broken(
        "a: b: c\nd: e\n",
        "a value that holds `: ` must stand in quotes",
        "b: c",
        [("a", "b: c"), ("d", "e")],
    );
    assert_broken("a: \"b\" ]\nc: d\n", "`]` closes nothing; remove it", "]", [("a", "\"b\""), ("c", "d")]);
    assert_broken(
        "a: {{ .b\nc: d\n",
        "the template action is not closed; add `}}`",
        "{{ .b",
        [("a", "{{ .b"), ("c", "d")],
    );
    assert_broken("a:\n  :\n  b: c\n", "the key is missing before `:`", ":", [("a.b", "c")]);
}

#[test]
fn a_line_in_the_wrong_column_keeps_its_place_in_the_tree() {
    let text = "spec:\n  a: 1\n     b: 2\n  c: 3\n  d: 4\n";
    let message = "the indentation fits no line above; 2 blanks would";
    assert_broken(text, message, "     ", [("spec.a", "1"), ("spec.b", "2"), ("spec.c", "3"), ("spec.d", "4")]);
}

#[test]
fn several_broken_lines_hide_only_themselves() {
    let text = "a: \"b\nc: d\ne:\n  - f: g\n     h: i\nj: [k\nl: m\n";
    let expected = [("a", "\"b"), ("c", "d"), ("e.0.f", "g"), ("e.0.h", "i"), ("j.0", "k"), ("l", "m")];
    assert_broken(text, "the quote is not closed; add \"", "\"b", expected);
}

#[test]
fn too_deep_is_told_and_what_is_above_is_kept() {
    let text = format!("a: b\nc: {}", "[".repeat(1000));
    let document = parse(text.as_str().into());
    assert_eq!(
        document.errors.first().map(|error| error.message.as_str()),
        Some("the text nests deeper than 100 levels")
    );
    assert_eq!(scalars(&document).first(), Some(&("a".to_owned(), "b".to_owned())));
}
