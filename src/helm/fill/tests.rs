//! What is filled in, value by value.

use proptest::prelude::*;

use std::sync::Arc;

use super::*;
use crate::helm::{Defines, Release, read};
use crate::yaml::Entry;

const VALUES: &str = "host: web\nport: 80\noff: false\nlabels: {}\nlist: [c, d]\ntls: {mode: SIMPLE}\n";

fn filled(text: &str) -> Option<Document> {
    let values = yaml::parse(VALUES.into()).root.unwrap();
    let defines = Arc::new(Defines::of([HELPERS].into_iter()));
    let release = Release { values, chart: None, alias: None, namespace: None, name: None, defines };
    fill(&yaml::parse(text.into()), &read(text, Some(&release)))
}

const HELPERS: &str = "\
{{ define \"labels\" }}
app: {{ .Values.host }}
tier: {{ .Release.Name }}
{{- end }}
{{ define \"ports\" }}
{{- range $name, $port := . }}
- {name: {{ $name }}, port: {{ $port }}}
{{- end }}
{{- end }}
{{ define \"nothing\" }}{{ if .Values.off }}a: 1{{ end }}{{ end }}
{{ define \"some\" }}{{ if .Release.Name }}a: 1{{ end }}{{ end }}
";

/// The single values, `?` for what is not known.
fn shown(node: &Node) -> String {
    match &node.value {
        _ if node.templated => "?".to_owned(),
        Value::Scalar(scalar) => scalar.text.to_string(),
        Value::Sequence(list) => format!("[{}]", list.items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Mapping(map) => {
            let entry = |entry: &Entry| format!("{}: {}", entry.key, shown(&entry.value));
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
    check("a: \"{{ .Values.host }}.shop:{{ .Values.port }}\"\nb: {{ include \"x\" . }}\n", "{a: web.shop:80, b: ?}");
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

/// What a line writes is seen, in part where some of it is not known.
#[test]
fn lines_that_are_included_are_added() {
    check("a:\n  b: 1\n  {{- include \"labels\" . | nindent 2 }}\n  c: 2\n", "{a: {b: 1, app: web, tier: ?, c: 2}}");
    check("a:\n  {{- include \"labels\" . | nindent 2 }}\nb: 1\n", "{a: {app: web, tier: ?}, b: 1}");
    check("a: {{- include \"labels\" . | nindent 2 }}\nb: 1\n", "{a: {app: web, tier: ?}, b: 1}");
    check("a: {{ toJson .Values.tls }}\n", "{a: {mode: SIMPLE}}");
    check("a:\n{{ toYaml .Values.tls | indent 2 }}\n", "{a: {mode: SIMPLE}}");
    check(
        "a:\n  b:\n  {{- include \"ports\" (dict \"x\" 1 \"y\" 2) | nindent 2 }}\n",
        "{a: {b: [{name: x, port: 1}, {name: y, port: 2}]}}",
    );
    check("a:\n- b\n{{- toYaml .Values.list | nindent 0 }}\n", "{a: [b, c, d]}");
}

#[test]
fn what_a_line_may_add_is_not_known() {
    // It may or may not be there, or several times.
    for line in [
        "{{- include \"some\" . | nindent 2 }}",
        "{{- if .Release.Name }}\n  {{- include \"labels\" . | nindent 2 }}\n  {{- end }}",
        "{{- range .Values.list }}\n  {{- include \"labels\" $ | nindent 2 }}\n  {{- end }}",
        // Written twice, glued to what stands around, or a text without a key.
        "{{- toYaml (dict \"b\" 2) | nindent 2 }}",
        "{{- toYaml .Values.tls }}",
        "{{ toYaml .Values.tls -}}",
        "{{- toYaml .Values.host | nindent 2 }}",
    ] {
        check(&format!("a:\n  b: 1\n  {line}\nc: {{{{ .Values.host }}}}\n"), "{a: ?, c: web}");
    }
    check("a: |\n  {{- toYaml .Values.tls | nindent 2 }}\nc: {{ .Values.host }}\n", "{a: ?, c: web}");
    check("a:\n  b: 1\n  {{- include \"nothing\" . | nindent 2 }}\nc: {{ .Values.host }}\n", "{a: {b: 1}, c: web}");
}

proptest! {
    #[test]
    fn every_place_stays_in_the_text(pieces in prop::collection::vec(prop::sample::select(vec![
        "a: ", "b:\n  ", "- ", "\n", "  ", "{{ .Values.host }}", "{{- if .Values.off }}", "{{ else }}", "{{ end -}}", "\"",
        "{{ with .Values.tls }}", "{{ .mode | quote }}", "{{ range .Values.x }}", "{{ toYaml . | nindent 2 }}", "x", "{", "}",
        "{{ (.Values.a).b | default (printf \"%s\" 1) }}", "{{ define \"x\" }}", "# c\n", "é", "{{ $x := 1 }}", "---\n", "{{- include \"labels\" . | nindent 2 }}", "{{ toYaml .Values.list | indent 2 }}\n", "{{ define \"labels\" }}",
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
