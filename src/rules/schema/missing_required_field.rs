//! Rule `missing-required-field`.

use super::also_invalid;
use super::words::{last, shortened};
use crate::index::Entry;
use crate::resource::schema::{Choice, Problem};
use crate::rules::{Context, rule};

rule! {
    /// A field is missing without which the API server takes no object.
    ///
    /// ## Why
    /// The schema of the kind demands the field; the API server refuses the whole object.
    ///
    /// ## Symptom
    /// `spec.http[0].route[0].destination.host: Required value`
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
    ///     - destination: {subset: v1} #~ missing-required-field `subset` `destination` lacks `host`
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
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/>
    "missing-required-field", on: each of super::KINDS, severity: Error, aliases: ["IST0106"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    for defect in cx.defects().iter() {
        let needed = match defect.problem {
            Problem::MissingField(name) => format!("`{name}`"),
            Problem::MissingChoice(group) => match group.choice {
                Choice::ChosenBy(chooser) => format!("the field that its `{chooser}` names"),
                _ => format!("one of `{}`", group.fields.join("`, `")),
            },
            _ => continue,
        };
        let holder = match last(&defect.path) {
            "" => entry.resource.kind.as_str().to_owned(),
            key => format!("`{}`", shortened(key)),
        };
        let place = if defect.path.is_empty() { entry.resource.kind_span } else { defect.span };
        let message = format!("{holder} lacks {needed}\nThe API server refuses the object without it.");
        also_invalid(entry, cx.report(place, message));
    }
}
