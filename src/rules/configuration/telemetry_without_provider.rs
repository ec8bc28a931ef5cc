//! Rule `telemetry-without-provider`.

use crate::index::Ref;
use crate::resource::istio::{Telemetry, TelemetrySetting};
use crate::rules::{Context, rule};

rule! {
    /// Access logging is asked for, but no provider is named.
    ///
    /// ## Why
    /// A Telemetry without `providers` uses the `defaultProviders.accessLogging` of the mesh; by default there is none.
    ///
    /// ## Symptom
    /// No access log is written.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: telemetry.istio.io/v1
    /// kind: Telemetry
    /// metadata: {name: logs, namespace: shop}
    /// spec:
    ///   accessLogging: #~ telemetry-without-provider `accessLogging` provider
    ///   - filter: {expression: response.code >= 500}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: telemetry.istio.io/v1
    /// kind: Telemetry
    /// metadata: {name: logs, namespace: shop}
    /// spec:
    ///   accessLogging:
    ///   - providers: [{name: envoy}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0157/>
    "telemetry-without-provider", on: Telemetry, severity: Warning, aliases: ["IST0157"], since: "0.1.0", all_fit: true,
}

fn check(telemetry: Ref<'_, Telemetry>, cx: &mut Context<'_>) {
    if !cx.view.mesh().default_providers.access_logging.is_empty() {
        return;
    }
    let settings = &telemetry.spec.access_logging;
    let lacks = settings.items().any(|setting| names_none(setting) && setting.disabled.copied() != Some(true));
    if let Some(key) = settings.key().filter(|_| lacks) {
        cx.report(
            key,
            "no provider writes this access log\nThe mesh has no default provider for access logs, and none is named here.",
        );
    }
}

fn names_none(setting: &TelemetrySetting) -> bool {
    setting.providers.is_certain() && setting.providers.items().next().is_none()
}
