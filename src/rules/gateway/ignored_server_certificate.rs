//! Rule `ignored-server-certificate`.

use super::bound_server::protocol;
use crate::index::Ref;
use crate::resource::istio::{Gateway, ServerTls};
use crate::rules::{Context, Finding, rule};
use crate::text::Span;
use crate::yaml::{Document, Literal, Place};

rule! {
    /// A gateway server has a certificate, but passes TLS through.
    ///
    /// ## Why
    /// With mode PASSTHROUGH or AUTO_PASSTHROUGH the gateway hands the bytes on and never shows a certificate of its own.
    /// A `tls` block without `mode` is PASSTHROUGH.
    ///
    /// ## Symptom
    /// Clients see the certificate of the backend, or `wrong version number` where the backend speaks plaintext.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: tls, protocol: TLS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: PASSTHROUGH
    ///       credentialName: shop-cert #~ ignored-server-certificate `credentialName`
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
    ///   - port: {number: 443, name: tls, protocol: TLS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: PASSTHROUGH
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>
    "ignored-server-certificate", on: Gateway, severity: Warning, aliases: ["IST0133"], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    for server in gateway.spec.servers.items().filter(|server| protocol(server).is_tls()) {
        let Some(tls) = server.tls.value() else { continue };
        let keys = certificate_keys(tls);
        let passes = tls.effective_mode().is_some_and(|mode| mode.is_passthrough());
        let (Some(first), true) = (keys.first(), passes) else { continue };
        let document = cx.document(gateway.entry);
        let mode = tls.mode.value().map_or("no mode, which is PASSTHROUGH", |mode| mode.as_str());
        let finding = cx.report(
            *first,
            format!(
                "this certificate is not used: TLS passes through\nThe server has {mode}. Clients see the certificate of the \
                 backend."
            ),
        );
        finding.alias("IST0133");
        if let Some(document) = document {
            offer(finding, &document, tls, &keys);
        }
    }
}

/// With a mode the certificates go; without one SIMPLE was probably meant.
fn offer(finding: &mut Finding, document: &Document, tls: &ServerTls, keys: &[Span]) {
    let Some(first) = keys.first() else { return };
    let path = document.path_at(first.start());
    let key = path.to_edit();
    let Some((_, block)) = key.split_last() else { return };
    let Some(mode) = tls.mode.value() else {
        let edit = document.insert(block, Place::First, "mode", &Literal::from("SIMPLE"));
        finding.unsafe_fix("terminate TLS here: mode SIMPLE", edit.into_iter().collect());
        return;
    };
    let holds_only_these = path
        .steps
        .iter()
        .rev()
        .nth(1)
        .and_then(|step| step.node().as_mapping())
        .is_some_and(|mapping| mapping.entries.len() == keys.len() + 1);
    let edit = match keys {
        [_] => document.remove(&key),
        _ if holds_only_these => document.set(block, &Literal::map([("mode", mode.as_str())])),
        _ => None,
    };
    finding.safe_fix("remove the certificate", edit.into_iter().collect());
}

/// The keys of the fields that bring certificates, in the order of the text.
fn certificate_keys(tls: &ServerTls) -> Vec<Span> {
    let mut keys: Vec<Span> = [
        tls.server_certificate.key(),
        tls.private_key.key(),
        tls.ca_certificates.key(),
        tls.credential_name.key(),
        tls.credential_names.key(),
        tls.ca_cert_credential_name.key(),
        tls.tls_certificates.key(),
    ]
    .into_iter()
    .flatten()
    .collect();
    keys.sort_unstable();
    keys
}
