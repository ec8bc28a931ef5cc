//! Rule `wrong-type`.

use super::words::{last, shortened, stands, takes};
use crate::index::Entry;
use crate::resource::schema::{Found, Problem, Scalar, Type};
use crate::rules::{Context, rule};
use crate::text::{Span, TextEdit};
use crate::yaml::{self, Document, Literal, Resolved, ScalarStyle};

rule! {
    /// A value of another type than the field takes.
    ///
    /// ## Why
    /// The API server refuses the whole object. Ports of an AuthorizationPolicy, labels and header values are text and need
    /// quotes where they look like numbers; numbers and truth values must have none.
    ///
    /// ## Symptom
    /// `spec.rules[0].to[0].operation.ports[0] in body must be of type string: "integer"`
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   rules:
    ///   - to:
    ///     - operation:
    ///         ports: [8080] #~ wrong-type `8080` takes text, not the number 8080
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   rules:
    ///   - to:
    ///     - operation:
    ///         ports: ["8080"]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation>
    "wrong-type", on: each of super::KINDS, severity: Error, aliases: ["IST0106"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = cx.document(entry) else { return };
    for defect in cx.defects().iter() {
        let Problem::WrongType { expected, found } = defect.problem else { continue };
        let stands = stands(found, &document, defect.span);
        let message = format!(
            "`{}` takes {}, not {stands}\nThe API server refuses the object.",
            shortened(last(&defect.path)),
            takes(expected)
        );
        let repair = repair(&document, defect.span, expected, found);
        let finding = cx.report(defect.span, message);
        // Everything else istiod cannot read, and so says nothing of.
        if found == Found::Null {
            finding.alias("IST0106");
        }
        if let Some((title, edit)) = repair {
            finding.safe_fix(title, vec![edit]);
        }
    }
}

/// The same value in the right type, where quotes or brackets make it so.
fn repair(document: &Document, span: Span, expected: &Type, found: Found) -> Option<(&'static str, TextEdit)> {
    let path = document.path_at(span.start());
    let scalar = path.steps.last()?.node().as_scalar()?;
    match expected {
        Type::Scalar(limits) if limits.scalar == Scalar::String => {
            let fits = limits.format.is_none_or(|format| (format.holds)(&scalar.text));
            let is_plain = matches!(found, Found::Number | Found::Boolean) && scalar.style == ScalarStyle::Plain;
            (fits && is_plain).then(|| ("quote it", TextEdit::replace(span, format!("\"{}\"", scalar.text))))
        }
        Type::Scalar(limits) if found == Found::String => {
            let plain = yaml::Scalar { style: ScalarStyle::Plain, tag: None, ..scalar.clone() };
            let fits = match plain.resolve() {
                Resolved::Int(_) => matches!(limits.scalar, Scalar::Integer | Scalar::Number),
                Resolved::Float(_) => limits.scalar == Scalar::Number,
                Resolved::Bool(_) => limits.scalar == Scalar::Boolean,
                Resolved::Null | Resolved::String => false,
            };
            fits.then(|| ("take the quotes off", TextEdit::replace(span, scalar.text.to_string())))
        }
        Type::List(items, _) => {
            let item = items.limits().filter(|_| matches!(**items, Type::Scalar(_)))?;
            let fits = item.scalar == Scalar::String && found == Found::String;
            let list = Literal::list([scalar.text.as_str()]);
            fits.then(|| document.set(&path.to_edit(), &list)).flatten().map(|edit| ("make it a list", edit))
        }
        Type::Scalar(_) | Type::Object(_) | Type::Map(..) | Type::Open | Type::Any => None,
    }
}
