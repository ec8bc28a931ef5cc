//! Rule `unknown-field`.

use std::fmt::Write as _;

use super::words::{holder, last, shortened};
use crate::index::Entry;
use crate::resource::schema::Problem;
use crate::rules::{Context, rule};

rule! {
    /// A field that the kind does not have.
    ///
    /// ## Why
    /// The API server keeps the fields of the schema only. `kubectl apply` refuses the object; what applies without strict
    /// validation, such as many GitOps tools, drops the field without a word.
    ///
    /// ## Symptom
    /// `strict decoding error: unknown field "spec.http[0].timout"`, or a setting that has no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - timout: 5s #~ unknown-field `timout` did you mean `timeout`?
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
    "unknown-field", on: each of super::KINDS, severity: Error, aliases: [], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = cx.document(entry) else { return };
    for defect in cx.defects().iter() {
        let Problem::UnknownField { near, belongs_to } = &defect.problem else { continue };
        let path = document.path_at(defect.span.start()).to_edit();
        let holder = holder(&defect.path, entry.resource.kind.as_str());
        let mut message = format!("{holder} has no field `{}`", shortened(last(&defect.path)));
        if let Some(near) = near {
            let _ = write!(message, "; did you mean `{near}`?");
        }
        message.push_str("\n`kubectl apply` refuses it; what does not check strictly drops it without a word.");
        if let Some(owner) = belongs_to {
            let _ = write!(message, "\n`{owner}` has a field of this name: is the indentation right?");
        }
        let finding = cx.report(defect.span, message);
        if let Some(near) = near {
            finding.safe_fix(format!("rename to {near}"), document.rename(&path, near).into_iter().collect());
        }
        finding.unsafe_fix("remove the field", document.remove(&path).into_iter().collect());
    }
}
