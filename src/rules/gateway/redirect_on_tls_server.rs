//! Rule `redirect-on-tls-server`.

use super::bound_server::protocol;
use crate::index::Ref;
use crate::resource::istio::Gateway;
use crate::rules::{Context, rule};

rule! {
    /// `httpsRedirect` stands on a server whose connections already begin with TLS.
    ///
    /// ## Why
    /// The redirect is for plaintext requests. A server of protocol HTTPS or TLS gets none, so the setting does nothing there;
    /// the HTTP server of the same hosts, where it was meant to stand, goes on serving plaintext.
    ///
    /// ## Symptom
    /// Nothing: requests over TLS are served, requests to `http://` are not redirected.
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
    ///     tls:
    ///       mode: SIMPLE
    ///       credentialName: shop-cert
    ///       httpsRedirect: true #~ redirect-on-tls-server `httpsRedirect`
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: SIMPLE
    ///       credentialName: shop-cert
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [shop.example.com]
    ///     tls: {httpsRedirect: true}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>
    "redirect-on-tls-server", on: Gateway, severity: Warning, aliases: ["IST0133"], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    for server in gateway.spec.servers.items().filter(|server| protocol(server).is_tls()) {
        let Some(redirect) = server.tls.value().and_then(|tls| tls.https_redirect.present()) else { continue };
        if !redirect.value {
            continue;
        }
        let edit = cx.document(gateway.entry).and_then(|document| {
            let path = document.path_at(redirect.key.start()).to_edit();
            document.remove(&path)
        });
        let finding = cx.report(
            redirect.key,
            format!(
                "httpsRedirect does nothing on a server of protocol {}\nOnly plaintext requests are redirected: set it on the \
                 HTTP server of these hosts.",
                protocol(server)
            ),
        );
        finding.alias("IST0133").safe_fix("remove httpsRedirect", edit.into_iter().collect());
    }
}
