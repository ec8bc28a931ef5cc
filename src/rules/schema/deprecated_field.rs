//! Rule `deprecated-field`.

use crate::index::Entry;
use crate::resource::schema::{Field, Problem};
use crate::rules::{Context, rule};
use crate::text::{Span, TextEdit};
use crate::yaml::{Document, Step};

rule! {
    /// A field or value that Istio keeps for old objects only.
    ///
    /// ## Why
    /// A newer one does the same or more. Old ones are removed some day, and some are not read any more wherever they stand.
    ///
    /// ## Symptom
    /// `istioctl analyze` warns; later a setting has no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - route:
    ///     - destination: {host: web.example.com}
    ///     mirror: {host: copy.example.com}
    ///     mirrorPercent: 10 #~ deprecated-field `mirrorPercent` mirrorPercentage.value
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - route:
    ///     - destination: {host: web.example.com}
    ///     mirror: {host: copy.example.com}
    ///     mirrorPercentage: {value: 10}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute>
    "deprecated-field", on: each of super::KINDS, severity: Hint, aliases: ["IST0002", "IST0133"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = cx.document(entry) else { return };
    for defect in cx.defects().iter() {
        match defect.problem {
            Problem::DeprecatedField(field) => {
                let instead = field.deprecated.unwrap_or("");
                let edits = moved(&document, defect.span, field, instead);
                let finding = cx.report(defect.span, message(field.name, instead));
                if let Some(code) = code(field.name, &defect.path) {
                    finding.alias(code);
                }
                finding.unsafe_fix(format!("use {instead}"), edits);
            }
            Problem::DeprecatedValue(value) => {
                let instead = value.deprecated.unwrap_or("");
                let edits = vec![TextEdit::replace(defect.span, instead)];
                cx.report(defect.span, message(value.text, instead)).safe_fix(format!("write {instead}"), edits);
            }
            _ => {}
        }
    }
}

fn message(old: &str, instead: &str) -> String {
    match instead {
        "" => format!("`{old}` is deprecated"),
        instead => format!("`{old}` is deprecated; `{instead}` takes its place"),
    }
}

/// What istioctl says of the same. It loses what stands in subsets and under ports.
fn code(name: &str, path: &str) -> Option<&'static str> {
    match name {
        "consecutiveErrors" | "minimumRingSize" if path.starts_with("spec.trafficPolicy.") => {
            (!path.contains("portLevelSettings")).then_some("IST0133")
        }
        "mirrorPercent" => Some("IST0133"),
        "percent" | "egressProxy" => Some("IST0002"),
        _ => None,
    }
}

/// The same value under the new name; nothing where the two do not mean the same.
fn moved(document: &Document, span: Span, field: &Field, instead: &str) -> Vec<TextEdit> {
    let path = document.path_at(span.start());
    let Some(Step::Entry(entry)) = path.steps.last() else { return Vec::new() };
    let Some(scalar) = entry.value.as_scalar().filter(|_| !entry.merged) else { return Vec::new() };
    let is_same = !matches!(field.name, "consecutiveErrors");
    match instead.split_once('.') {
        None if is_same => document.rename(&path.to_edit(), instead).into_iter().collect(),
        Some((outer, inner)) if !scalar.text.contains([',', '{', '}', '#', '"']) => {
            let renamed = document.rename(&path.to_edit(), outer);
            let value = TextEdit::replace(entry.value.span, format!("{{{inner}: {}}}", scalar.text));
            renamed.map(|renamed| vec![renamed, value]).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
