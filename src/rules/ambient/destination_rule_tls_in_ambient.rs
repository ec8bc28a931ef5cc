//! Rule `destination-rule-tls-in-ambient`.

use crate::index::{Ref, View};
use crate::resource::gateway_api::KubernetesGateway;
use crate::resource::host;
use crate::resource::istio::DestinationRule;
use crate::rules::{Context, rule};
use crate::tls::{self, Service};

rule! {
    /// TLS settings of a DestinationRule that nobody reads: all clients have a ztunnel only.
    ///
    /// ## Why
    /// A ztunnel receives no DestinationRules: it always sends HBONE (Istio mTLS) to what has a ztunnel, and plaintext to everything
    /// else. Only sidecars, gateways and waypoints read the rule.
    ///
    /// ## Symptom
    /// The setting has no effect; TLS to an external host never starts.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     tls:
    ///       mode: DISABLE #~ destination-rule-tls-in-ambient `DISABLE` ztunnel
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     connectionPool: {tcp: {maxConnections: 10}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ambient/usage/waypoint/>
    "destination-rule-tls-in-ambient", on: DestinationRule, severity: Warning, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    let Some(written) = rule.host.text().filter(|_| rule.spec.sets_tls()) else { return };
    if host::is_wildcard(written) {
        return;
    }
    let services = tls::services(cx.view, &host::resolve(written, &rule.entry.namespace));
    let Some(service) = services.first() else { return };
    if !is_ambient(cx.view, &service.namespace)
        || cx.view.all::<KubernetesGateway>().next().is_some()
        || uses_waypoint(cx.view, service)
        || tls::callers(cx.view, service).next().is_some()
    {
        return;
    }
    let modes: Vec<_> = rule.spec.tls_blocks().filter_map(|tls| tls.mode.span()).collect();
    for mode in modes {
        cx.report(
            mode,
            format!(
                "nobody reads this TLS setting: all clients of {} have a ztunnel only\nA ztunnel receives no \
                 DestinationRules. A waypoint for the service would read the rule.",
                service.host
            ),
        );
    }
}

fn is_ambient(view: &View<'_>, namespace: &str) -> bool {
    let namespace = view.namespace(namespace);
    let mode = namespace.and_then(|namespace| namespace.resource.metadata.labels.under("istio.io/dataplane-mode"));
    mode.is_some_and(|mode| mode.as_str() == "ambient")
}

/// A label asks for a waypoint, wherever that is.
fn uses_waypoint(view: &View<'_>, service: &Service<'_>) -> bool {
    let namespace = view.namespace(&service.namespace).map(|namespace| &**namespace);
    let mut asked = [Some(service.source.entry()), namespace].into_iter().flatten();
    asked.any(|entry| {
        !entry.resource.metadata.labels.is_certain()
            || entry.resource.metadata.labels.under("istio.io/use-waypoint").is_some()
    })
}
