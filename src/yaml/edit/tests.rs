//! Edits by path keep layout and comments.

use super::*;
use crate::text::apply_edits;
use crate::yaml::parse;

/// `text` after the edit that `change` makes of it; the outcome must be YAML without errors.
fn after(text: &str, change: impl Fn(&Document) -> Option<TextEdit>) -> String {
    let edit = change(&parse(text.into())).expect("an edit");
    let out = apply_edits(text, &[edit]).expect("an edit that fits");
    assert_eq!(parse(out.as_str().into()).errors, [], "{out}");
    out
}

fn keys<const N: usize>(keys: [&'static str; N]) -> [At<'static>; N] {
    keys.map(At::Key)
}

#[test]
fn a_single_value_keeps_its_quotes_and_comment() {
    let set = |text, value: &str| after(text, |document| document.set(&keys(["a"]), &value.into()));
    assert_eq!(set("a: b # c\n", "d"), "a: d # c\n");
    assert_eq!(set("a: 'b' # c\n", "it's"), "a: 'it''s' # c\n");
    assert_eq!(set("a: \"b\"\n", "d\"e"), "a: \"d\\\"e\"\n");
    assert_eq!(set("a: b\n", "*.d"), "a: \"*.d\"\n");
    assert_eq!(set("a: # c\nd: e\n", "b"), "a: b # c\nd: e\n");
    assert_eq!(set("a: |\n  b\n\nd: e\n", "b"), "a: b\n\nd: e\n");
    assert_eq!(set("a: &x b\n", "c"), "a: &x c\n");
    assert_eq!(set("x: {a: b, c: d}\na: 1", "{"), "x: {a: b, c: d}\na: \"{\"");
}

#[test]
fn a_flag_loses_the_quotes_of_a_text() {
    assert_eq!(after("a: \"no\"\n", |document| document.set(&keys(["a"]), &true.into())), "a: true\n");
}

#[test]
fn missing_keys_are_added_with_their_parents() {
    let set = |text| after(text, |document| document.set(&keys(["spec", "tls", "mode"]), &"SIMPLE".into()));
    assert_eq!(set("spec:\n  host: a # c\nkind: b\n"), "spec:\n  host: a # c\n  tls:\n    mode: SIMPLE\nkind: b\n");
    assert_eq!(set("spec: {host: a}\n"), "spec: {host: a, tls: {mode: SIMPLE}}\n");
    assert_eq!(set("spec:\n    tls: # c\n    host: a"), "spec:\n    tls: # c\n        mode: SIMPLE\n    host: a");
    assert_eq!(set("kind: a"), "kind: a\nspec:\n  tls:\n    mode: SIMPLE");
    assert_eq!(set("spec: {}\n"), "spec: {tls: {mode: SIMPLE}}\n");
    assert_eq!(set("spec:\r\n  a: b\r\n"), "spec:\r\n  a: b\r\n  tls:\r\n    mode: SIMPLE\r\n");
}

#[test]
fn a_value_can_become_a_collection_and_the_other_way_round() {
    let nested = Literal::map([("b", Literal::list(["c", "d"]))]);
    assert_eq!(
        after("a: x # c\ne: f\n", |document| document.set(&keys(["a"]), &nested)),
        "a: # c\n  b:\n  - c\n  - d\ne: f\n"
    );
    assert_eq!(after("- x\n- y\n", |document| document.set(&[At::Index(0)], &nested)), "- b:\n  - c\n  - d\n- y\n");
    assert_eq!(
        after("a: # c\n  - b: c\n    d: e\nf: g\n", |document| document.set(&keys(["a"]), &"x".into())),
        "a: x # c\nf: g\n"
    );
}

#[test]
fn entries_go_where_they_are_told_to() {
    let text = "# top\nspec:\n  # about a\n  a: 1 # one\n  # about b\n  b:\n    c: 2\n\n# end\n";
    let insert = |place| after(text, |document| document.insert(&keys(["spec"]), place, "x", &Literal::list(["z"])));
    let new = "  x:\n  - z\n";
    assert_eq!(insert(Place::After("a")), text.replace("  # about b", &format!("{new}  # about b")));
    assert_eq!(insert(Place::Before("b")), text.replace("  # about b", &format!("{new}  # about b")));
    assert_eq!(insert(Place::Last), text.replace("c: 2\n", &format!("c: 2\n{new}")));
    assert_eq!(insert(Place::First), text.replace("  a: 1", &format!("{new}  a: 1")));
}

#[test]
fn entries_of_list_items_keep_the_dash() {
    let insert =
        |place| after("- a: 1\n- b: 2\n", |document| document.insert(&[At::Index(1)], place, "x", &"z".into()));
    assert_eq!(insert(Place::First), "- a: 1\n- x: z\n  b: 2\n");
    assert_eq!(insert(Place::Last), "- a: 1\n- b: 2\n  x: z\n");
}

#[test]
fn what_is_added_behind_a_block_scalar_does_not_become_its_text() {
    let insert = |text| after(text, |document| document.insert(&[], Place::Last, "x", &"z".into()));
    assert_eq!(insert("a: |\n  b\n\n# end\n"), "a: |\n  b\nx: z\n\n# end\n");
    assert_eq!(insert("a: |+\n  b\n\n# end\n"), "a: |+\n  b\n\nx: z\n# end\n");
}

#[test]
fn brackets_stay_brackets() {
    let insert = |text, place| after(text, |document| document.insert(&keys(["a"]), place, "x", &1.into()));
    assert_eq!(insert("a: {b: 1, c: 2}", Place::First), "a: {x: 1, b: 1, c: 2}");
    assert_eq!(insert("a: {b: 1, c: 2}", Place::After("b")), "a: {b: 1, x: 1, c: 2}");
    assert_eq!(insert("a: {b: 1, c: 2,}", Place::Last), "a: {b: 1, c: 2, x: 1,}");
    assert_eq!(insert("a: { }", Place::Last), "a: {x: 1}");
    let json = "{\n  \"a\": {\n    \"b\": \"c\"\n  }\n}\n";
    assert_eq!(insert(json, Place::Last), "{\n  \"a\": {\n    \"b\": \"c\",\n    \"x\": 1\n  }\n}\n");
}

#[test]
fn items_are_added_in_the_style_of_the_list() {
    let push = |text| after(text, |document| document.push(&keys(["a"]), &"x".into()));
    assert_eq!(push("a:\n- b # c\nd: e\n"), "a:\n- b # c\n- x\nd: e\n");
    assert_eq!(push("a:\n  - b:\n      c\n"), "a:\n  - b:\n      c\n  - x\n");
    assert_eq!(push("a: [b]\n"), "a: [b, x]\n");
    assert_eq!(push("a: []\n"), "a: [x]\n");
    assert_eq!(push("a:\nd:\n  - e\n"), "a:\n  - x\nd:\n  - e\n");
    assert_eq!(push("a:\n- b\n- *c\nc: &c d\n".replace("*c", "e").as_str()), "a:\n- b\n- e\n- x\nc: &c d\n");
}

#[test]
fn a_key_keeps_its_quotes() {
    let rename = |text| after(text, |document| document.rename(&keys(["a"]), "b"));
    assert_eq!(rename("'a': 1\n"), "'b': 1\n");
    assert_eq!(rename("x: 2\na : # c\n  c: d\n"), "x: 2\nb : # c\n  c: d\n");
    assert_eq!(parse("a: 1\nb: 2\n".into()).rename(&keys(["a"]), "b"), None);
}

#[test]
fn an_entry_goes_with_its_lines_and_its_own_comment() {
    let remove = |text| after(text, |document| document.remove(&keys(["s", "a"])));
    assert_eq!(
        remove("s:\n  # above\n  a: # mine\n    x: 1\n\n  # below\n  b: 2\n"),
        "s:\n  # above\n\n  # below\n  b: 2\n"
    );
    assert_eq!(remove("s:\n  b: 2\n  a: 1"), "s:\n  b: 2\n");
    assert_eq!(remove("s: {a: 1, b: 2}\n"), "s: {b: 2}\n");
    assert_eq!(remove("s: {b: 2, a: 1}\n"), "s: {b: 2}\n");
    assert_eq!(remove("s: # c\n  a: 1 # d\nt: 2\n"), "s: {} # c\nt: 2\n");
    assert_eq!(remove("s: {a: 1}\n"), "s: {}\n");
    assert_eq!(remove("s:\n  b: |\n    x\n\n  a: |\n    y\n\nt: 1\n"), "s:\n  b: |\n    x\n\n\nt: 1\n");
}

#[test]
fn an_item_goes_with_its_dash() {
    let remove = |text, index| after(text, |document| document.remove(&[At::Key("s"), At::Index(index)]));
    assert_eq!(remove("s:\n- a # x\n- b: 1\n  c: 2 # y\n# z\n- d\n", 1), "s:\n- a # x\n# z\n- d\n");
    assert_eq!(remove("s:\n  - a\n  -\n    b: 1\n", 1), "s:\n  - a\n");
    assert_eq!(remove("s: [a, b, c]\n", 2), "s: [a, b]\n");
    assert_eq!(remove("s:\n  - a\nt: 1\n", 0), "s: []\nt: 1\n");
    assert_eq!(after("- - a\n  - b\n", |document| document.remove(&[At::Index(0), At::Index(0)])), "- - b\n");
}

#[test]
fn the_first_entry_of_an_item_leaves_the_dash_to_the_next() {
    let remove = |text| after(text, |document| document.remove(&[At::Index(0), At::Key("a")]));
    assert_eq!(remove("- a: 1 # c\n  b: 2\n"), "- b: 2\n");
    assert_eq!(remove("- a: 1\n  # about b\n  b: 2\n"), "- \n  # about b\n  b: 2\n");
    assert_eq!(remove("- a: 1\n- b: 2\n"), "- {}\n- b: 2\n");
}

#[test]
fn what_is_not_safe_is_refused() {
    let aliased = parse("a: &x {b: c}\nd: *x\ne: {<<: *x}\n".into());
    assert_eq!(aliased.set(&keys(["d", "b"]), &"z".into()), None);
    assert_eq!(aliased.remove(&keys(["e", "b"])), None);
    let templated = parse("a: {{ .x }}\nb:\n  c: 1\n  {{- if .y }}\n  d: 2\n  {{- end }}\ne: 3\n".into());
    assert_eq!(templated.set(&keys(["a"]), &"z".into()), None);
    assert_eq!(templated.remove(&keys(["b"])), None);
    assert!(templated.set(&keys(["e"]), &"z".into()).is_some());
}

#[test]
fn a_document_is_added_at_the_end_of_the_file() {
    let value = Literal::map([("kind", "A")]);
    let append = |text: &str| apply_edits(text, &[append_document(text, &value)]).expect("an insertion");
    assert_eq!(append("a: b"), "a: b\n---\nkind: A\n");
    assert_eq!(append("a: b\n---\n"), "a: b\n---\nkind: A\n");
    assert_eq!(append("# only\n"), "# only\nkind: A\n");
    assert_eq!(append(""), "kind: A\n");
}
