//! Rule `weak-tls-version`.

use crate::index::Ref;
use crate::resource::istio::{Gateway, TlsVersion};
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// A gateway server accepts a version of TLS that is broken.
    ///
    /// ## Why
    /// TLS 1.0 and 1.1 are withdrawn (RFC 8996). The ciphers that Istio offers fit TLS 1.2 and later only, so that old clients
    /// mostly fail anyway, after a handshake with a protocol that attackers can weaken.
    ///
    /// ## Symptom
    /// Scanners report the port; old clients get `no shared cipher`.
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
    ///       minProtocolVersion: TLSV1_0 #~ weak-tls-version `TLSV1_0`
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
    ///       minProtocolVersion: TLSV1_2
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>
    "weak-tls-version", on: Gateway, severity: Warning, aliases: ["IST0133"], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    for server in gateway.spec.servers.items() {
        let Some(tls) = server.tls.value() else { continue };
        let Some(version) = tls.min_protocol_version.present() else { continue };
        if matches!(version.value, TlsVersion::V1_0 | TlsVersion::V1_1) {
            let message = format!(
                "{} is withdrawn; clients need TLSV1_2 or later\nThe ciphers offered fit TLS 1.2 and later only.",
                version.value
            );
            let finding = cx.report(version.span, message);
            // With ciphers of its own istiod lets a server have any version.
            if tls.cipher_suites.items().next().is_none() {
                finding.alias("IST0133");
            }
            finding.safe_fix("use TLSV1_2", vec![TextEdit::replace(version.span, "TLSV1_2")]);
        }
    }
}
