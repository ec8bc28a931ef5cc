//! Rule `credential-outside-workspace`.

use super::bound_server::protocol;
use super::credential::{locations, may_exist, names};
use super::unknown_credential;
use crate::index::Ref;
use crate::resource::istio::Gateway;
use crate::rules::{Context, rule};
use crate::tls::gateway::ServerTls;

rule! {
    /// Nothing in the workspace is or makes the Secret of a gateway server.
    ///
    /// ## Why
    /// The gateway's pods fetch Secrets of their own namespace. Secrets are seldom kept beside the rest, so this is said only
    /// on demand.
    ///
    /// ## Symptom
    /// The handshake is reset: `SSL_ERROR_SYSCALL`, `no peer certificate available`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert} #~ credential-outside-workspace `shop-cert` istio-system
    /// ```
    ///
    /// ## Instead
    /// ```yaml
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
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0101/>
    "credential-outside-workspace", on: Gateway, severity: Info, aliases: ["IST0101"], since: "0.1.0", opt_in: true,
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let namespaces = locations(gateway, cx.view);
    if namespaces.is_empty() {
        return;
    }
    for server in gateway.spec.servers.items() {
        let Some(tls) = server.tls.value().filter(|tls| ServerTls::of(protocol(server), Some(tls)).terminates()) else {
            continue;
        };
        for name in names(tls) {
            let may_exist = namespaces.iter().any(|namespace| may_exist(cx.view, namespace, name));
            if !may_exist && !unknown_credential::fires(gateway, name, cx.view) {
                let message = format!(
                    "no Secret {} of {} is in the workspace\nWhere the workspace is the whole mesh, the handshake is reset.",
                    name.value,
                    namespaces.join(", ")
                );
                cx.report(name.span, message).alias("IST0101");
            }
        }
    }
}
