//! Rule `unknown-certificate-ref`.

use crate::index::Ref;
use crate::resource::gateway_api::{KubernetesGateway, ObjectReference};
use crate::resource::kubernetes::Secret;
use crate::rules::gateway::credential::{are_kept_with, may_exist};
use crate::rules::{Context, Edit, Fix, rule};
use crate::text::{TextEdit, only_near};

rule! {
    /// A listener names a Secret that does not exist.
    ///
    /// ## Why
    /// `certificateRefs` are looked up in the namespace of the Gateway, or in the one that the reference names. Without the Secret the listener is not set up.
    ///
    /// ## Symptom
    /// The listener is not programmed (`InvalidCertificateRef`); connections to the port are refused or reset.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-cert, namespace: edge}
    /// type: kubernetes.io/tls
    /// data: {tls.crt: "", tls.key: ""}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: front, namespace: edge}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - name: tls
    ///     port: 443
    ///     protocol: HTTPS
    ///     hostname: shop.example.com
    ///     tls:
    ///       mode: Terminate
    ///       certificateRefs:
    ///       - name: shop-crt #~ unknown-certificate-ref `shop-crt` edge
    ///     allowedRoutes: {namespaces: {from: All}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-cert, namespace: edge}
    /// type: kubernetes.io/tls
    /// data: {tls.crt: "", tls.key: ""}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: front, namespace: edge}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - name: tls
    ///     port: 443
    ///     protocol: HTTPS
    ///     hostname: shop.example.com
    ///     tls:
    ///       mode: Terminate
    ///       certificateRefs:
    ///       - name: shop-cert
    ///     allowedRoutes: {namespaces: {from: All}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/>
    "unknown-certificate-ref", on: KubernetesGateway, severity: Error, aliases: ["IST0101", "IST0161"], since: "0.1.0",
}

fn check(gateway: Ref<'_, KubernetesGateway>, cx: &mut Context<'_>) {
    let tls = gateway.spec.listeners.items().filter_map(|listener| listener.tls.value());
    for reference in tls.flat_map(|tls| tls.certificate_refs.items()) {
        let is_secret = reference.kind.is_absent() || reference.kind.text() == Some("Secret");
        if is_secret && !reference.namespace.is_uncertain() {
            check_secret(gateway, reference, cx);
        }
    }
}

fn check_secret(gateway: Ref<'_, KubernetesGateway>, reference: &ObjectReference, cx: &mut Context<'_>) {
    let Some(name) = reference.name.present() else { return };
    let namespace = reference.namespace.text().unwrap_or(&gateway.entry.namespace);
    if may_exist(cx.view, namespace, &name.value) {
        return;
    }
    let here: Vec<_> = cx.view.in_namespace::<Secret>(namespace).collect();
    let elsewhere: Vec<_> = cx.view.named_anywhere::<Secret>(&name.value).collect();
    if !are_kept_with(cx.view, namespace, gateway.entry) && elsewhere.is_empty() {
        return;
    }
    let near = only_near(&name.value, here.iter().map(|secret| secret.entry.name()));
    let finding = cx.report(
        name.span,
        format!(
            "there is no Secret {} in {namespace}\nThe listener is not set up: connections to its port are refused.",
            name.value
        ),
    );
    for secret in &elsewhere {
        let message = format!("this Secret is in {}", secret.entry.namespace);
        finding.related(secret.entry.id, secret.entry.resource.name_span(), message);
    }
    if let Some(near) = near {
        finding.safe_fix(format!("use Secret {near}"), vec![TextEdit::replace(name.span, near)]);
    }
    if let [secret] = elsewhere.as_slice()
        && let Some(span) = secret.entry.resource.metadata.namespace.span()
    {
        let edits = vec![Edit { resource: secret.entry.id, edit: TextEdit::replace(span, namespace) }];
        let title = format!("move Secret {} to {namespace}", secret.entry.qualified_name());
        finding.fix(Fix { title, safe: false, edits });
    }
}
