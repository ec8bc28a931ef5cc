//! Rule `conflicting-fields`.

use super::also_invalid;
use super::words::{last, shortened};
use crate::index::Entry;
use crate::resource::schema::{Choice, Problem};
use crate::rules::{Context, rule};

rule! {
    /// Fields of which only one may be set stand side by side.
    ///
    /// ## Why
    /// The schema of the kind allows one of them, or the one that the value of another field names. The API server refuses the
    /// whole object.
    ///
    /// ## Symptom
    /// `must validate one and only one schema (oneOf)`, `only one of targetRefs or selector can be set`
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - match:
    ///     - uri:
    ///         exact: /cart
    ///         prefix: /shop #~ conflicting-fields `prefix` only one of
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
    ///   - match:
    ///     - uri: {exact: /cart}
    ///     - uri: {prefix: /shop}
    ///     directResponse: {status: 200}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/>
    "conflicting-fields", on: each of super::KINDS, severity: Error, aliases: ["IST0106"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = cx.document(entry) else { return };
    for defect in cx.defects().iter() {
        let Problem::Conflict(group) = defect.problem else { continue };
        let key = shortened(defect.span.of(&document.text));
        let holder = match last(&defect.path) {
            "" => entry.resource.kind.as_str().to_owned(),
            key => format!("`{}`", shortened(key)),
        };
        let message = match group.choice {
            Choice::ChosenBy(chooser) => {
                format!("`{chooser}` of {holder} does not allow `{key}`\nThe API server refuses the object.")
            }
            _ => format!(
                "{holder} has `{key}` beside another of its kind\nIt takes only one of `{}`. The API server refuses the object.",
                group.fields.join("`, `")
            ),
        };
        let path = document.path_at(defect.span.start()).to_edit();
        let removal = document.remove(&path);
        also_invalid(entry, cx.report(defect.span, message))
            .unsafe_fix(format!("remove {key}"), removal.into_iter().collect());
    }
}
