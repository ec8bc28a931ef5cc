//! Rule `tls-settings-on-plaintext-server`.

use super::bound_server::protocol;
use crate::index::Ref;
use crate::resource::istio::{Gateway, ServerTls};
use crate::resource::{Field, Protocol};
use crate::rules::{Context, Severity, rule};
use crate::text::TextEdit;

rule! {
    /// A server of a plaintext protocol has settings for TLS.
    ///
    /// ## Why
    /// Only servers of protocol HTTPS or TLS do something with TLS. An HTTP server may have `httpsRedirect`, nothing else: Istio
    /// refuses the whole Gateway for a mode or certificate files, and serves plaintext where only `credentialName` is set.
    ///
    /// ## Symptom
    /// `server cannot have TLS settings for plain text HTTP ports`, `cannot have TLS settings for non HTTPS/TLS ports`; or
    /// plaintext where TLS was meant: `wrong version number`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 5432, name: tcp, protocol: TCP}
    ///     hosts: ["*"]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert} #~ tls-settings-on-plaintext-server `tls`
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
    ///   - port: {number: 5432, name: tls, protocol: TLS}
    ///     hosts: ["*"]
    ///     tls: {mode: SIMPLE, credentialName: shop-cert}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>
    "tls-settings-on-plaintext-server", on: Gateway, severity: Error, aliases: ["IST0106", "IST0133"], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    for server in gateway.spec.servers.items() {
        let protocol = protocol(server);
        let (Some(tls), Some(port)) = (server.tls.present(), server.port.value()) else { continue };
        let Some(written) = port.protocol.present().filter(|_| protocol != Protocol::Auto && !protocol.is_tls()) else {
            continue;
        };
        let is_refused = !protocol.is_http() || is_refused_on_http(&tls.value);
        let has_credentials = !is_empty(&tls.credential_name) || !tls.credential_names.is_absent();
        if !is_refused && !has_credentials {
            continue;
        }
        let outcome = if is_refused { "Istio refuses the Gateway" } else { "The server serves plaintext" };
        let message = format!("TLS settings on a server of protocol {}\n{outcome}.", written.value);
        let finding = cx.report(tls.key, message);
        finding.alias(if is_refused { "IST0106" } else { "IST0133" });
        if !is_refused {
            finding.severity(Severity::Warning);
        }
        finding.related(gateway.entry.id, written.span, "the protocol of the server");
        if protocol.is_http() {
            finding.unsafe_fix("use protocol HTTPS", vec![TextEdit::replace(written.span, "HTTPS")]);
        } else {
            finding.safe_fix("use protocol TLS", vec![TextEdit::replace(written.span, "TLS")]);
        }
    }
}

/// A mode other than PASSTHROUGH, or files.
fn is_refused_on_http(tls: &ServerTls) -> bool {
    let files = [&tls.ca_certificates, &tls.private_key, &tls.server_certificate];
    tls.effective_mode().is_some_and(|mode| !mode.is_passthrough()) || !files.into_iter().all(is_empty)
}

fn is_empty(field: &Field<smol_str::SmolStr>) -> bool {
    field.is_absent() || field.text() == Some("")
}
