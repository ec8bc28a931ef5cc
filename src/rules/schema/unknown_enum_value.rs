//! Rule `unknown-enum-value`.

use std::fmt::Write as _;

use super::words::{last, shortened};
use crate::index::Entry;
use crate::resource::schema::Problem;
use crate::rules::{Context, rule};
use crate::text::{TextEdit, only_near};

rule! {
    /// A value that the field does not know.
    ///
    /// ## Why
    /// The values of such a field are fixed, capital letters included. The API server refuses the whole object.
    ///
    /// ## Symptom
    /// `Unsupported value: "Simple": supported values: "DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"`
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web.example.com
    ///   trafficPolicy:
    ///     tls: {mode: Simple} #~ unknown-enum-value `Simple` did you mean `SIMPLE`?
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web.example.com
    ///   trafficPolicy:
    ///     tls: {mode: SIMPLE}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/>
    "unknown-enum-value", on: each of super::KINDS, severity: Error, aliases: [], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = cx.document(entry) else { return };
    for defect in cx.defects().iter() {
        let Problem::UnknownValue(limits) = defect.problem else { continue };
        let path = document.path_at(defect.span.start());
        let Some(scalar) = path.steps.last().and_then(|step| step.node().as_scalar()) else { continue };
        let known = || limits.values.iter().map(|value| value.text).filter(|value| *value != scalar.text);
        let plain = |text: &str| text.replace(['-', '_'], "").to_ascii_uppercase();
        let same = known().find(|value| plain(value) == plain(&scalar.text));
        let near = same.or_else(|| only_near(&scalar.text, known()));
        let mut message = format!("`{}` does not take `{}`", last(&defect.path), shortened(&scalar.text));
        if let Some(near) = near {
            let _ = write!(message, "; did you mean `{near}`?");
        }
        let values: Vec<&str> = limits.values.iter().map(|value| value.text).collect();
        let _ = write!(message, "\nIt takes {}. The API server refuses the object.", values.join(", "));
        let finding = cx.report(defect.span, message);
        if let Some(near) = near {
            finding.safe_fix(format!("write {near}"), vec![TextEdit::replace(defect.span, near)]);
        }
    }
}
