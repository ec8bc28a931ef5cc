//! Rule `unsupported-provider`.

use crate::index::Ref;
use crate::resource::istio::Telemetry;
use crate::rules::{Context, rule};

rule! {
    /// A Telemetry sends traces to a provider that istiod does not know how to reach any more.
    ///
    /// ## Why
    /// The mesh configuration still takes a provider of type `lightstep`, but since 1.27 istiod only logs that it is deprecated and sets up
    /// nothing for it. Lightstep takes traces from OpenTelemetry.
    ///
    /// ## Symptom
    /// No trace arrives; the log of istiod says `Lightstep provider is deprecated, please use OpenTelemetry instead`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: istio, namespace: istio-system}
    /// data:
    ///   mesh: |
    ///     extensionProviders:
    ///     - name: traces
    ///       lightstep: {service: satellite.tracing.svc.cluster.local, port: 443, accessToken: token}
    /// ---
    /// apiVersion: telemetry.istio.io/v1
    /// kind: Telemetry
    /// metadata: {name: traces, namespace: istio-system}
    /// spec:
    ///   tracing:
    ///   - providers:
    ///     - name: traces #~ unsupported-provider `traces` Lightstep
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: istio, namespace: istio-system}
    /// data:
    ///   mesh: |
    ///     extensionProviders:
    ///     - name: traces
    ///       opentelemetry: {service: satellite.tracing.svc.cluster.local, port: 443}
    /// ---
    /// apiVersion: telemetry.istio.io/v1
    /// kind: Telemetry
    /// metadata: {name: traces, namespace: istio-system}
    /// spec:
    ///   tracing:
    ///   - providers:
    ///     - name: traces
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/observability/distributed-tracing/opentelemetry/>
    "unsupported-provider", on: Telemetry, severity: Warning, aliases: ["IST0002"], since: "0.1.0", istio: "1.27", all_fit: true,
}

fn check(telemetry: Ref<'_, Telemetry>, cx: &mut Context<'_>) {
    let providers = telemetry.spec.tracing.items().flat_map(|setting| setting.providers.items());
    for name in providers.filter_map(|provider| provider.name.present()) {
        let mesh = cx.view.mesh();
        if mesh.extension_providers.iter().any(|provider| provider.name == name.value && provider.lightstep.is_some()) {
            let message = format!(
                "istiod sends no traces to {}: it does not support Lightstep any more\nUse a provider of type `opentelemetry`.",
                name.value
            );
            cx.report(name.span, message);
        }
    }
}
