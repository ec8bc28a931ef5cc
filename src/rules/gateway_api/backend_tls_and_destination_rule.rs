//! Rule `backend-tls-and-destination-rule`.

use crate::index::Ref;
use crate::resource::Spanned;
use crate::resource::gateway_api::BackendTlsPolicy;
use crate::resource::host;
use crate::resource::istio::{ClientTls, DestinationRule, TlsMode};
use crate::rules::mesh::reach::removal;
use crate::rules::{Context, rule};

rule! {
    /// A DestinationRule overrides the TLS of a BackendTLSPolicy.
    ///
    /// ## Why
    /// istiod turns a BackendTLSPolicy into a rule for the Service. Where a DestinationRule for the same host sets `tls` too, that one
    /// counts and the policy does not.
    ///
    /// ## Symptom
    /// Plaintext to a TLS backend (`400`), or TLS with another server name than the policy says.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: https, port: 443, targetPort: 8443}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: BackendTLSPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   targetRefs: [{group: "", kind: Service, name: web}]
    ///   validation: {hostname: web.example.com, wellKnownCACertificates: System}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     tls:
    ///       mode: DISABLE #~ backend-tls-and-destination-rule `DISABLE` shop/web
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: https, port: 443, targetPort: 8443}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: BackendTLSPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   targetRefs: [{group: "", kind: Service, name: web}]
    ///   validation: {hostname: web.example.com, wellKnownCACertificates: System}
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
    /// <https://gateway-api.sigs.k8s.io/api-types/backendtlspolicy/>
    "backend-tls-and-destination-rule", on: DestinationRule, severity: Warning, aliases: [], since: "0.1.0", istio: "1.32",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    let Some(written) = rule.host.text() else { return };
    let name = host::resolve(written, &rule.entry.namespace);
    let Some((namespace, service)) = host::service_of_fqdn(&name) else { return };
    // The policy makes a rule in the Service's namespace; elsewhere the two are not merged.
    if rule.entry.namespace != namespace {
        return;
    }
    let targets = |policy: &Ref<'_, BackendTlsPolicy>| {
        policy.spec.target_refs.items().any(|target| {
            target.kind.text() == Some("Service")
                && target.group.text().unwrap_or_default().is_empty()
                && target.name.text() == Some(service)
        })
    };
    let Some(policy) = cx.view.in_namespace::<BackendTlsPolicy>(namespace).find(targets) else { return };
    let Some(top) = rule.spec.traffic_policy.value() else { return };
    let blocks = top.port_level_settings.items().map(|settings| &settings.tls).chain([&top.tls]);
    let blocks: Vec<_> = blocks.filter_map(|tls| tls.present()).collect();
    for tls in blocks {
        report(rule, tls, policy, cx);
    }
}

fn report(
    rule: Ref<'_, DestinationRule>,
    tls: &Spanned<ClientTls>,
    policy: Ref<'_, BackendTlsPolicy>,
    cx: &mut Context<'_>,
) {
    let mode = tls.effective_mode().map_or("unknown", TlsMode::as_str);
    let removal = cx.document(rule.entry).and_then(|document| removal(&document, tls.key));
    let finding = cx.report(
        tls.mode.span().unwrap_or(tls.key),
        format!(
            "this TLS ({mode}) overrides BackendTLSPolicy {}\nBoth are for one host; what the DestinationRule says counts.",
            policy.entry.qualified_name()
        ),
    );
    finding.related(policy.entry.id, policy.entry.resource.name_span(), "this policy does not count");
    let title = "leave TLS to the policy: delete the tls block";
    match tls.effective_mode() {
        Some(TlsMode::Disable | TlsMode::Simple) => finding.safe_fix(title, removal.into_iter().collect()),
        _ => finding.unsafe_fix(title, removal.into_iter().collect()),
    };
}
