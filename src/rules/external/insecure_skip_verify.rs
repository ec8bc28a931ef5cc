//! Rule `insecure-skip-verify`.

use crate::index::Ref;
use crate::resource::istio::{DestinationRule, TlsMode};
use crate::rules::{Context, rule};

rule! {
    /// TLS that checks no certificate.
    ///
    /// ## Why
    /// With `insecureSkipVerify: true` the proxy accepts any certificate: whoever answers is believed.
    ///
    /// ## Symptom
    /// None, until somebody listens in between.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 80, name: http, protocol: HTTP, targetPort: 443}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE
    ///       insecureSkipVerify: true #~ insecure-skip-verify `insecureSkipVerify` any certificate
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 80, name: http, protocol: HTTP, targetPort: 443}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings>
    "insecure-skip-verify", on: DestinationRule, severity: Warning, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    let skipping: Vec<_> = rule
        .spec
        .tls_blocks()
        .filter(|tls| matches!(tls.effective_mode(), Some(TlsMode::Simple | TlsMode::Mutual)))
        .filter(|tls| tls.insecure_skip_verify.copied() == Some(true))
        .filter_map(|tls| tls.insecure_skip_verify.key())
        .collect();
    for key in skipping {
        let removal = cx.document(rule.entry).and_then(|document| {
            let path = document.path_at(key.start()).to_edit();
            document.remove(&path)
        });
        let finding = cx.report(
            key,
            "the server's certificate is not checked: any certificate is accepted\nWhoever stands between can read and \
             change everything."
                .to_owned(),
        );
        finding.unsafe_fix("check the certificate", removal.into_iter().collect());
    }
}
