//! Comments and annotations that silence rules.

use super::fixture::{Fixture, all_findings};
use istio_ls::text::{TextEdit, apply_edits};

fn holds(text: &str) {
    let fixture = Fixture::parse(text);
    let differences = fixture.differences(&fixture.check().snapshot());
    assert!(differences.is_empty(), "{differences}");
}

const HEAD: &str = "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [api.pay.example]
  resolution: DNS
  ports:
";

#[test]
fn without_a_comment_both_ports_are_reported() {
    holds(&format!(
        "{HEAD}  - {{number: 443, name: a, protocol: TCP}} #~ tcp-port-capture
  - {{number: 444, name: b, protocol: TCP}} #~ tcp-port-capture
"
    ));
}

#[test]
fn a_comment_behind_a_line_is_for_that_line() {
    holds(&format!(
        "{HEAD}  - {{number: 443, name: a, protocol: TCP}} # istio-ls: ignore tcp-port-capture -- the only host
  - {{number: 444, name: b, protocol: TCP}} #~ tcp-port-capture
"
    ));
}

#[test]
fn a_comment_on_its_own_line_is_for_the_next_with_content() {
    holds(&format!(
        "{HEAD}  # istio-ls: ignore ist0134
  # the only host

  - {{number: 443, name: a, protocol: TCP}}
  - {{number: 444, name: b, protocol: TCP}} #~ tcp-port-capture
"
    ));
}

#[test]
fn at_the_head_it_is_for_the_document_and_in_the_first_one_for_the_file() {
    let ports = "  - {number: 443, name: a, protocol: TCP}\n";
    let reported = "  - {number: 443, name: a, protocol: TCP} #~ tcp-port-capture\n";
    let second = HEAD.replace("name: pay", "name: other").replace("api.pay", "other");
    holds(&format!("# istio-ls: ignore tcp-port-capture\n{HEAD}{ports}---\n{second}{ports}"));
    holds(&format!("{HEAD}{reported}---\n# istio-ls: ignore tcp-port-capture\n{second}{ports}"));
}

#[test]
fn what_silences_nothing_is_a_hint_and_a_wrong_name_too() {
    holds(&format!(
        "{HEAD}  - {{number: 443, name: a, protocol: TCP}} # istio-ls: ignore tcp-port-capture, unknown-host
#~^ unused-suppression `unknown-host` nothing
  - {{number: 444, name: b, protocol: TLS}} # istio-ls: ignore tcp-port-captur
#~^ unused-suppression `tcp-port-captur` no rule
"
    ));
}

#[test]
fn the_annotations_of_other_tools_count() {
    for annotations in [
        "galley.istio.io/analyze-suppress: IST0134",
        "galley.istio.io/analyze-suppress: '*'",
        "kiali.io/ignore-validations: ''",
        "kiali.io/ignore-validations: 'KIA0001,IST0134'",
    ] {
        let metadata = format!("metadata: {{name: pay, namespace: shop, annotations: {{{annotations}}}}}");
        let head = HEAD.replace("metadata: {name: pay, namespace: shop}", &metadata);
        holds(&format!("{head}  - {{number: 443, name: a, protocol: TCP}}\n"));
    }
    let head = HEAD.replace("shop}", "shop, annotations: {galley.istio.io/analyze-suppress: IST0101}}");
    holds(&format!("{head}  - {{number: 443, name: a, protocol: TCP}} #~ tcp-port-capture\n"));
}

/// The text with the findings of one rule ignored by the action, one after the other.
fn ignored(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..9 {
        let fixture = Fixture { files: vec![("main.yaml".into(), text.clone())], marks: Vec::new() };
        let snapshot = fixture.check().snapshot();
        let Some(finding) = all_findings(&snapshot).into_iter().next() else { return text };
        let edit = snapshot.ignore(&finding).unwrap();
        text = apply_edits(&text, &[TextEdit { span: edit.location.span, text: edit.text }]).unwrap();
    }
    panic!("still something to ignore:\n{text}")
}

#[test]
fn the_action_writes_a_comment_that_silences_and_leaves_nothing_unused() {
    let plain = format!("{HEAD}  - {{number: 443, name: a, protocol: TCP}}\n");
    assert_eq!(ignored(&plain), plain.replace("TCP}", "TCP}  # istio-ls: ignore tcp-port-capture"));
    let with_comment = plain.replace("TCP}", "TCP} # the only host");
    let expected = plain.replace("TCP}", "TCP} # the only host  # istio-ls: ignore tcp-port-capture");
    assert_eq!(ignored(&with_comment), expected);
    let quoted = format!("{HEAD}  - number: 443\n    name: a\n    protocol: \"T\\\n      CP\"\n");
    let above = quoted.replace("    protocol", "    # istio-ls: ignore tcp-port-capture\n    protocol");
    assert_eq!(ignored(&quoted), above);
}
