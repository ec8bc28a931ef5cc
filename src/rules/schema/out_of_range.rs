//! Rule `out-of-range`.

use super::also_invalid;
use super::words::{last, shortened};
use crate::index::Entry;
use crate::resource::schema::Problem;
use crate::rules::{Context, rule};

rule! {
    /// A number, or a number of items or characters, is outside of what the API allows.
    ///
    /// ## Why
    /// The schema of the kind sets the limits; the API server refuses the whole object.
    ///
    /// ## Symptom
    /// `spec.jwtRules[0].issuer in body should be at least 1 chars long`, `should be less than or equal to 65535`
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - name: http
    ///     port: 80080 #~ out-of-range `80080` takes 1 to 65535
    ///     protocol: HTTP
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
    ///   - name: http
    ///     port: 8080
    ///     protocol: HTTP
    /// ```
    ///
    /// ## See
    /// <https://gateway-api.sigs.k8s.io/reference/spec/>
    "out-of-range", on: each of super::KINDS, severity: Error, aliases: ["IST0106"], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    for defect in cx.defects().iter() {
        let Problem::OutOfRange(limits) = &defect.problem else { continue };
        let field = shortened(last(&defect.path));
        let finding = cx.report(defect.span, format!("`{field}` takes {limits}\nThe API server refuses the object."));
        also_invalid(entry, finding);
    }
}
