//! Rule `duplicate-item`.

use super::also_invalid;
use super::words::{last, shortened, written};
use crate::index::Entry;
use crate::resource::schema::Problem;
use crate::rules::{Context, rule};

rule! {
    /// Two items of a list that must differ are the same, or have the same name.
    ///
    /// ## Why
    /// The API server tells the items of such a list apart by that field, and refuses the whole object.
    ///
    /// ## Symptom
    /// `spec.listeners[1]: Duplicate value: map[string]interface {}{"name":"http"}`
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - {name: web, port: 80, protocol: HTTP, hostname: a.example.com}
    ///   - {name: web, port: 80, protocol: HTTP, hostname: b.example.com} #~ duplicate-item `web` more than one
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - {name: web-a, port: 80, protocol: HTTP, hostname: a.example.com}
    ///   - {name: web-b, port: 80, protocol: HTTP, hostname: b.example.com}
    /// ```
    ///
    /// ## See
    /// <https://gateway-api.sigs.k8s.io/reference/spec/>
    "duplicate-item", on: each of super::KINDS, severity: Error, aliases: ["IST0106"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = cx.document(entry) else { return };
    for defect in cx.defects().iter() {
        let Problem::Duplicate(key) = defect.problem else { continue };
        let (list, value) = (shortened(last(&defect.path)), written(&document, defect.span));
        let what = if key.is_empty() { "item".to_owned() } else { format!("item with `{key}`") };
        let message = format!("`{list}` has more than one {what} `{value}`\nThe API server refuses the object.");
        let path = document.path_at(defect.span.start()).to_edit();
        let finding = also_invalid(entry, cx.report(defect.span, message));
        if key.is_empty() {
            finding.safe_fix(format!("remove the second {value}"), document.remove(&path).into_iter().collect());
        }
    }
}
