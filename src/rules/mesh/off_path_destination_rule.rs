//! Rule `off-path-destination-rule`.

use crate::index::{Ref, View};
use crate::resource::gateway_api::KubernetesGateway;
use crate::resource::host;
use crate::resource::istio::{DestinationRule, Gateway};
use crate::rules::{Context, rule};
use crate::text::TextEdit;
use crate::tls::{self, Service};

rule! {
    /// A DestinationRule in a namespace where nobody reads it.
    ///
    /// ## Why
    /// For a host, istiod looks for rules in the namespace of the client, then of the service, then in the root namespace. A rule in any
    /// other namespace counts for the clients there only; `exportTo` does not change that.
    ///
    /// ## Symptom
    /// The rule has no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: platform}
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
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
    /// metadata: {name: web, namespace: platform}
    /// spec:
    ///   host: web.shop.svc.cluster.local #~ off-path-destination-rule `web.shop.svc.cluster.local` platform
    ///   trafficPolicy: {tls: {mode: DISABLE}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: platform}
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
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
    ///   host: web.shop.svc.cluster.local
    ///   trafficPolicy: {tls: {mode: DISABLE}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration>
    "off-path-destination-rule", on: DestinationRule, severity: Warning, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    let namespace = &rule.entry.namespace;
    let (Some(host), Some(written)) = (rule.host.present(), rule.entry.resource.metadata.namespace.present()) else {
        return;
    };
    if cx.view.mesh().is_root(namespace)
        || cx.view.namespace(namespace).is_none()
        || may_hold_clients(cx.view, namespace)
    {
        return;
    }
    let services = tls::services_under(cx.view, &host::resolve(host, namespace));
    let is_known = |service: &Service<'_>| service.ports.iter().any(|port| !port.endpoints.is_empty());
    if services.is_empty() || services.iter().any(|service| service.namespace == *namespace || !is_known(service)) {
        return;
    }
    let mut owners: Vec<_> = services.iter().map(|service| service.namespace.clone()).collect();
    owners.dedup();
    let service = services.first().map(|service| service.source.entry());
    let finding = cx.report(
        host.span,
        format!(
            "nobody reads this rule: namespace {namespace} has no clients with a proxy\nRules are looked for in the namespaces of the \
             client and of the service, and in {}; exportTo does not change that.",
            cx.view.mesh().root_namespace
        ),
    );
    if let Some(service) = service {
        finding.related(service.id, service.resource.name_span(), format!("the service is in {}", service.namespace));
    }
    if let [owner] = owners.as_slice() {
        finding.unsafe_fix(format!("move it to {owner}"), vec![TextEdit::replace(written.span, owner.to_string())]);
    }
}

/// Something in the namespace has a proxy, or may have one.
fn may_hold_clients(view: &View<'_>, namespace: &str) -> bool {
    !tls::clients_in(view, namespace).is_empty()
        || !view.workload_entries(namespace, &[]).is_empty()
        || view.in_namespace::<KubernetesGateway>(namespace).next().is_some()
        || view.in_namespace::<Gateway>(namespace).next().is_some()
}
