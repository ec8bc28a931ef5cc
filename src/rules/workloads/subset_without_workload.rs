//! Rule `subset-without-workload`.

use crate::index::Ref;
use crate::resource::host;
use crate::resource::istio::DestinationRule;
use crate::rules::{Context, rule};
use crate::tls::{self, Source};

rule! {
    /// A subset of a Service none of whose pods is in the workspace.
    ///
    /// ## Why
    /// A subset selects pods of its Service by labels. Where no pod is in the workspace nobody can tell whether it finds any, so
    /// this is said only on demand.
    ///
    /// ## Symptom
    /// `503` with response flag `UH` (`no healthy upstream`).
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - name: v1
    ///     labels: {version: v1} #~ subset-without-workload `{version: v1}` subset v1
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web, version: v1}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - name: v1
    ///     labels: {version: v1}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0173/>
    "subset-without-workload", on: DestinationRule, severity: Info, aliases: ["IST0173"], since: "0.1.0", opt_in: true,
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    let Some(written) = rule.host.text().filter(|written| !host::is_wildcard(written)) else { return };
    let services = tls::services(cx.view, &host::resolve(written, &rule.entry.namespace));
    let [service] = services.as_slice() else { return };
    let has_pods = service.ports.iter().any(|port| !port.endpoints.is_empty());
    if has_pods || !matches!(service.source, Source::Service(_)) {
        return;
    }
    for subset in rule.spec.subsets.items() {
        let labels = subset.labels.present().filter(|labels| !labels.value.is_empty());
        let (Some(labels), Some(name)) = (labels, subset.name.text()) else { continue };
        let message = format!(
            "no pod for subset {name} of {} is in the workspace\nWhere the workspace is the whole mesh, requests get 503 (UH).",
            service.host
        );
        cx.report(labels.span, message).alias("IST0173");
    }
}
