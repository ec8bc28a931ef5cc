//! Rule `credential-without-ca`.

use super::credential::{may_exist, names, namespaces};
use crate::index::{Key, Ref};
use crate::resource::Kind;
use crate::resource::istio::{Gateway, ServerTlsMode};
use crate::resource::kubernetes::Secret;
use crate::rules::{Context, Edit, Fix, rule};
use crate::yaml::{Literal, Place};

rule! {
    /// A gateway server demands client certificates, but its Secret has no CA to verify them by.
    ///
    /// ## Why
    /// With mode MUTUAL or OPTIONAL_MUTUAL the CA comes from the key `ca.crt` (or `cacert`) of the Secret, else from a Secret
    /// with the suffix `-cacert`. Without one no client certificate can be verified.
    ///
    /// ## Symptom
    /// Every client is refused: `alert certificate unknown`, `unable to get local issuer certificate`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: gateway, namespace: istio-system}
    /// spec:
    ///   selector: {matchLabels: {istio: ingressgateway}}
    ///   template:
    ///     metadata:
    ///       labels: {istio: ingressgateway}
    ///       annotations: {inject.istio.io/templates: gateway}
    ///     spec:
    ///       containers: [{name: istio-proxy, image: auto}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-cert, namespace: istio-system}
    /// type: kubernetes.io/tls
    /// data: {tls.crt: "", tls.key: ""}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: MUTUAL, credentialName: shop-cert} #~ credential-without-ca `shop-cert`
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: gateway, namespace: istio-system}
    /// spec:
    ///   selector: {matchLabels: {istio: ingressgateway}}
    ///   template:
    ///     metadata:
    ///       labels: {istio: ingressgateway}
    ///       annotations: {inject.istio.io/templates: gateway}
    ///     spec:
    ///       containers: [{name: istio-proxy, image: auto}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-cert, namespace: istio-system}
    /// type: kubernetes.io/tls
    /// data: {tls.crt: "", tls.key: "", ca.crt: ""}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: MUTUAL, credentialName: shop-cert}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/#configure-a-mutual-tls-ingress-gateway>
    "credential-without-ca", on: Gateway, severity: Error, aliases: [], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let Some(namespaces) = namespaces(gateway, cx.view) else { return };
    for server in gateway.spec.servers.items() {
        let Some(tls) = server.tls.value() else { continue };
        let demands = matches!(tls.mode.copied(), Some(ServerTlsMode::Mutual | ServerTlsMode::OptionalMutual));
        if !demands || !tls.ca_cert_credential_name.is_absent() {
            continue;
        }
        for (name, namespace) in names(tls).flat_map(|name| namespaces.iter().map(move |namespace| (name, namespace))) {
            let key = Key::Named(Kind::Secret, namespace.clone(), name.value.clone());
            let secrets: Vec<_> = cx.view.typed::<Secret>(&key).collect();
            let Some(secret) = secrets.first().filter(|_| secrets.iter().all(|secret| lacks_ca(secret))) else {
                continue;
            };
            if may_exist(cx.view, namespace, &format!("{}-cacert", name.value)) {
                continue;
            }
            let key = secret.data.key().or(secret.string_data.key()).filter(|_| secrets.len() == 1);
            let edit = cx.document(secret.entry).zip(key).and_then(|(document, key)| {
                let path = document.path_at(key.start()).to_edit();
                document.insert(&path, Place::Last, "ca.crt", &Literal::from(""))
            });
            let message = format!(
                "Secret {} has no CA to verify client certificates\nIt needs the key ca.crt, or a Secret {}-cacert beside it. \
                 Every client is refused.",
                secret.entry.qualified_name(),
                name.value,
            );
            let finding = cx.report(name.span, message);
            for secret in &secrets {
                finding.related(secret.entry.id, secret.entry.resource.name_span(), "this Secret has no ca.crt");
            }
            let edits = edit.into_iter().map(|edit| Edit { resource: secret.entry.id, edit }).collect();
            finding.fix(Fix { title: "add the key ca.crt, to be filled in".to_owned(), safe: false, edits });
        }
    }
}

/// Its keys are known, and none of them holds a CA.
fn lacks_ca(secret: &Secret) -> bool {
    let known = !secret.data.is_uncertain() && !secret.string_data.is_uncertain();
    let mut keys = secret.keys().peekable();
    known && keys.peek().is_some() && keys.all(|key| key != "ca.crt" && key != "cacert")
}
