//! Rule `unknown-credential`.

use super::bound_server::protocol;
use super::credential::{may_exist, names, namespaces};
use smol_str::SmolStr;

use crate::index::{Ref, View};
use crate::resource::istio::Gateway;
use crate::resource::kubernetes::Secret;
use crate::rules::{Context, Edit, Fix, rule};
use crate::text::{TextEdit, only_near};
use crate::tls::gateway::ServerTls;

rule! {
    /// A gateway server shows a certificate whose Secret is not in the namespace of the gateway workload.
    ///
    /// ## Why
    /// The gateway's pods fetch Secrets of their own namespace only, not of the namespace of the Gateway object. Without the
    /// Secret the server has no certificate.
    ///
    /// ## Symptom
    /// The handshake is reset: `SSL_ERROR_SYSCALL`, `no peer certificate available`.
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
    /// metadata: {name: shop-cert, namespace: shop}
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
    ///     tls: {mode: SIMPLE, credentialName: shop-cert} #~ unknown-credential `shop-cert`
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
    ///     tls: {mode: SIMPLE, credentialName: shop-cert}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/>
    "unknown-credential", on: Gateway, severity: Error, aliases: ["IST0101"], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let Some(namespaces) = namespaces(gateway, cx.view) else { return };
    for server in gateway.spec.servers.items() {
        let Some(tls) = server.tls.value().filter(|tls| ServerTls::of(protocol(server), Some(tls)).terminates()) else {
            continue;
        };
        for name in names(tls) {
            if !is_missing(&namespaces, name, cx.view) {
                continue;
            }
            let here: Vec<_> =
                namespaces.iter().flat_map(|namespace| cx.view.in_namespace::<Secret>(namespace)).collect();
            let elsewhere: Vec<_> = cx.view.named_anywhere::<Secret>(name).collect();
            let near = only_near(name, here.iter().map(|secret| secret.entry.name()));
            let namespaces = namespaces.join(", ");
            let message = format!(
                "no Secret {} in {namespaces}, the namespace of the gateway workload\nThe gateway has no certificate to show: \
                 the handshake is reset.",
                name.value
            );
            let finding = cx.report(name.span, message);
            if tls.credential_name.span() == Some(name.span) {
                finding.alias("IST0101");
            }
            for secret in &elsewhere {
                finding.related(
                    secret.entry.id,
                    secret.entry.resource.name_span(),
                    "this Secret is in another namespace",
                );
            }
            if let Some(near) = near {
                finding.safe_fix(format!("use Secret {near}"), vec![TextEdit::replace(name.span, near)]);
            }
            if let [secret] = elsewhere.as_slice()
                && let Some(span) = secret.entry.resource.metadata.namespace.span()
                && !namespaces.contains(',')
            {
                let edit = Edit { resource: secret.entry.id, edit: TextEdit::replace(span, namespaces.as_str()) };
                let title = format!("move Secret {} to {namespaces}", secret.entry.qualified_name());
                finding.fix(Fix { title, safe: false, edits: vec![edit] });
            }
        }
    }
}

/// The rule says something about the credential.
pub(super) fn fires(gateway: Ref<'_, Gateway>, name: &str, view: &View<'_>) -> bool {
    namespaces(gateway, view).is_some_and(|namespaces| is_missing(&namespaces, name, view))
}

/// None of the namespaces has the Secret, though some Secrets of theirs or of this name are in the workspace.
fn is_missing(namespaces: &[SmolStr], name: &str, view: &View<'_>) -> bool {
    let keeps_secrets = |namespace: &SmolStr| view.in_namespace::<Secret>(namespace).next().is_some();
    !namespaces.iter().any(|namespace| may_exist(view, namespace, name))
        && (namespaces.iter().any(keeps_secrets) || view.named_anywhere::<Secret>(name).next().is_some())
}
