//! What holds for any text.

use std::path::Path;
use std::sync::Arc;

use istio_ls::kustomize::{Change, Kustomization, Layer, apply, is_kustomization, is_remote};
use istio_ls::yaml::{Node, Value};
use proptest::prelude::*;

use crate::build::sources;

const KUSTOMIZATION: &str = "\
resources: [rule.yaml]
namespace: prod
namePrefix: a-
labels: [{pairs: {a: b}, includeSelectors: true, fields: [{path: spec/x, create: true}]}]
patches:
- target: {kind: DestinationRule, name: r.*}
  patch: |-
    - {op: add, path: /spec/trafficPolicy/tls, value: {mode: SIMPLE}}
    - {op: move, from: /spec/subsets/0, path: /spec/subsets/-}
- path: patch.yaml
- patch: \"{apiVersion: v1, kind: Service, metadata: {name: größe}, spec: {ports: [{port: 1}]}}\"
";

const PATCH: &str = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: {{ .Values.host }}
  subsets: null
";

const DOCUMENT: &str = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews} # größe
spec:
  host: reviews
  trafficPolicy: &policy {connectionPool: {}}
  subsets: [{name: v1, trafficPolicy: *policy}, {name: v2}]
";

/// What is put in.
const PIECES: &[&str] =
    &["", "\n", "- ", ": ", "{", "]", "'", "|\n", "  ", "{{ x }}", "$patch: delete\n", "/", "null", "é"];

/// A text with a piece taken out and another put in.
fn broken(text: &'static str) -> impl Strategy<Value = String> {
    (0..=text.len(), 0..12_usize, proptest::sample::select(PIECES)).prop_map(move |(at, length, piece)| {
        let cut = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (start, end) = (cut(at), cut(at + length));
        format!("{}{piece}{}", &text[..start], &text[end..])
    })
}

fn assert_in_bounds(node: &Node, text: &str) {
    assert!(text.get(node.span.range()).is_some(), "{:?} of {text:?}", node.span);
    match &node.value {
        Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
            assert!(text.get(entry.key_span.range()).is_some(), "{:?} of {text:?}", entry.key_span);
            assert!(text.get(entry.span.range()).is_some(), "{:?} of {text:?}", entry.span);
            assert_in_bounds(&entry.value, text);
        }),
        Value::Sequence(sequence) => sequence.items.iter().for_each(|item| assert_in_bounds(item, text)),
        Value::Scalar(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn places_lie_in_the_text(kustomization in broken(KUSTOMIZATION), patch in broken(PATCH), document in broken(DOCUMENT)) {
        let kustomization = sources(Path::new("kustomization.yaml"), &kustomization).remove(0);
        let mut load = |_: &str| Some(sources(Path::new("patch.yaml"), &patch));
        let Some(layer) = Layer::of(kustomization, &mut load) else { return Ok(()) };
        let document = sources(Path::new("rule.yaml"), &document).remove(0);
        let applied = apply(&document.yaml, [&layer, &layer]);
        if let Change::Merged(merged) = &applied.change {
            assert_in_bounds(merged.document.root.as_ref().unwrap(), &merged.document.text);
            for piece in &merged.pieces {
                let end = piece.start + piece.source.yaml.text.len();
                prop_assert_eq!(&merged.document.text[piece.start..end], &*piece.source.yaml.text);
            }
        }
        for defect in layer.defects.iter().chain(&applied.defects) {
            prop_assert!(defect.source.yaml.text.get(defect.span.range()).is_some());
        }
    }
}

#[test]
fn a_document_that_nothing_selects_is_left_alone() {
    let read = |path: &str, text: &str| sources(Path::new(path), text).remove(0);
    let layer = Layer::of(
        read("kustomization.yaml", "namespace: prod\npatches:\n- {target: {kind: Gateway}, patch: '{spec: {}}'}\n"),
        &mut |_| None,
    );
    let document = read("a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: prod}\n");
    let applied = apply(&document.yaml, &layer);
    assert!(matches!(applied.change, Change::None) && applied.selected.is_empty());
}

#[test]
fn only_values_that_are_set_share_the_text_as_it_was_written() {
    let layer = Layer::of(sources(Path::new("kustomization.yaml"), "namespace: prod\n").remove(0), &mut |_| None);
    let document = sources(Path::new("a.yaml"), "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n").remove(0);
    let Change::Merged(merged) = apply(&document.yaml, &layer).change else { panic!("the namespace is set") };
    assert!(Arc::ptr_eq(&merged.document.text, &document.yaml.text));
}

#[test]
fn kustomizations_are_known_by_name_and_kind() {
    let is = |text: &str| Kustomization::read(&sources(Path::new("a"), text)[0].yaml).is_some();
    assert!(is("resources: []") && is("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"));
    assert!(
        !is("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n") && !is("- a") && !is("kind: Service")
    );
    assert!(is_kustomization("Kustomization") && !is_kustomization("kustomize.yaml"));
}

#[test]
fn addresses_are_told_from_paths() {
    for remote in [
        "https://github.com/istio/istio//samples?ref=1.20",
        "github.com/istio/istio/samples?ref=master",
        "git@github.com:istio/istio.git",
        "https://example.com/a.yaml",
    ] {
        assert!(is_remote(remote), "{remote}");
    }
    for local in ["../base", "github/a.yaml", "a.yaml", "/absolute/base"] {
        assert!(!is_remote(local), "{local}");
    }
}
