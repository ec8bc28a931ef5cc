//! Rule `malformed-value`.

use super::also_invalid;
use super::words::{last, shortened};
use crate::index::Entry;
use crate::resource::schema::Problem;
use crate::rules::{Context, rule};
use crate::yaml::Literal;

rule! {
    /// A text that has not the form which the field asks for.
    ///
    /// ## Why
    /// Durations, names, headers and URLs have a form that the schema of the kind or Istio prescribes. The API server or
    /// istiod refuses the whole object.
    ///
    /// ## Symptom
    /// `must be a valid duration greater than 1ms`, `should match ...`
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - timeout: 5sec #~ malformed-value `5sec` takes a duration
    ///     directResponse: {status: 200}
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
    ///   - timeout: 5s
    ///     directResponse: {status: 200}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/>
    "malformed-value", on: each of super::KINDS, severity: Error, aliases: ["IST0106"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = cx.document(entry) else { return };
    for defect in cx.defects().iter() {
        let Problem::Malformed(format) = defect.problem else { continue };
        let path = document.path_at(defect.span.start());
        let Some(scalar) = path.steps.last().and_then(|step| step.node().as_scalar()) else { continue };
        let message = format!(
            "`{}` takes {}\nThe object is refused with `{}`.",
            shortened(last(&defect.path)),
            format.says,
            shortened(&scalar.text)
        );
        let guesses = if format.name.ends_with("duration") { durations(&scalar.text) } else { small(&scalar.text) };
        let meant = guesses.into_iter().find(|guess| *guess != *scalar.text && (format.holds)(guess));
        let finding = also_invalid(entry, cx.report(defect.span, message));
        if let Some(meant) = meant {
            let edit = document.set(&path.to_edit(), &Literal::Text(meant.clone()));
            finding.unsafe_fix(format!("write {meant}"), edit.into_iter().collect());
        }
    }
}

/// What the author of a duration may have meant, as Go writes it.
fn durations(text: &str) -> Vec<String> {
    let plain = text.replace(' ', "").to_ascii_lowercase();
    let units = UNITS.iter().fold(plain.clone(), |text, (word, unit)| text.replace(word, unit));
    let seconds = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("{text}s"));
    [plain, units].into_iter().chain(seconds).collect()
}

/// The text in small letters, as most names must be.
fn small(text: &str) -> Vec<String> {
    vec![text.to_ascii_lowercase()]
}

/// Words for units, and how Go writes them.
const UNITS: &[(&str, &str)] = &[
    ("seconds", "s"),
    ("second", "s"),
    ("secs", "s"),
    ("sec", "s"),
    ("minutes", "m"),
    ("minute", "m"),
    ("mins", "m"),
    ("min", "m"),
    ("hours", "h"),
    ("hour", "h"),
];
