//! Rule `unverified-server`.

use crate::index::Ref;
use crate::resource::Field;
use crate::resource::istio::{ClientTls, DestinationRule, TlsMode};
use crate::rules::{Context, rule};

rule! {
    /// TLS is originated without naming the authority that signs the certificate.
    ///
    /// ## Why
    /// Without `caCertificates` the proxy checks the server by the authorities of its system since Istio 1.20; before, it checked nothing. Said only on demand.
    ///
    /// ## Symptom
    /// With old proxies: any certificate is accepted.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE #~ unverified-server `SIMPLE` caCertificates
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls: {mode: SIMPLE, caCertificates: /etc/ssl/certs/ca.pem}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0128/>
    "unverified-server", on: DestinationRule, severity: Info, aliases: ["IST0128", "IST0129"], since: "0.1.0", opt_in: true,
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    let Some(policy) = rule.spec.traffic_policy.value() else { return };
    let selects = !rule.spec.workload_selector.is_absent();
    report(&policy.tls, selects, "IST0128", cx);
    for settings in policy.port_level_settings.items() {
        report(&settings.tls, selects, "IST0129", cx);
    }
}

fn report(field: &Field<ClientTls>, selects: bool, code: &'static str, cx: &mut Context<'_>) {
    let Some(tls) = field.value().filter(|tls| matches!(tls.effective_mode(), Some(TlsMode::Simple | TlsMode::Mutual)))
    else {
        return;
    };
    let named = !tls.ca_certificates.is_absent() || (!tls.credential_name.is_absent() && selects);
    if let Some(span) = tls.mode.span().filter(|_| !named) {
        let message = "no caCertificates: the server is checked by the authorities of the proxy's system\nProxies before Istio 1.20 check nothing \
                       then.";
        cx.report(span, message).alias(code);
    }
}
