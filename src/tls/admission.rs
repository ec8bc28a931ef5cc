//! Which resources reach istiod: what its validation refuses has no effect on TLS.
//!
//! Only what changes TLS is looked at; the rules of istio-ls report the rest. Fields that are not known count as right.

use crate::resource::Field;
use crate::resource::istio::{ClientTls, DestinationRule, PeerAuthentication, TlsMode, TrafficPolicy};

/// `portLevelMtls` needs a selector.
pub(super) fn accepts_policy(policy: &PeerAuthentication) -> bool {
    let names_ports = policy.port_level_mtls.value().is_some_and(|ports| !ports.is_empty());
    !(names_ports && policy.selector.selects_all())
}

/// A host, names for the subsets, and TLS blocks that go together.
pub(super) fn accepts_rule(rule: &DestinationRule) -> bool {
    let subsets = rule
        .subsets
        .items()
        .all(|subset| !is_empty(&subset.name) && subset.traffic_policy.value().is_none_or(accepts_traffic_policy));
    !is_empty(&rule.host) && subsets && rule.traffic_policy.value().is_none_or(accepts_traffic_policy)
}

fn accepts_traffic_policy(policy: &TrafficPolicy) -> bool {
    let ports = policy.port_level_settings.items().all(|port| port.tls.value().is_none_or(accepts_client_tls));
    ports && policy.tls.value().is_none_or(accepts_client_tls)
}

fn accepts_client_tls(tls: &ClientTls) -> bool {
    let Some(mode @ (TlsMode::Simple | TlsMode::Mutual)) = tls.effective_mode() else { return true };
    let skips = tls.insecure_skip_verify.copied() == Some(true);
    if skips && (!is_empty(&tls.ca_certificates) || tls.subject_alt_names.items().next().is_some()) {
        return false;
    }
    if !is_empty(&tls.credential_name) {
        let files = [&tls.client_certificate, &tls.private_key, &tls.ca_certificates];
        let skips_simple = skips && mode == TlsMode::Simple;
        return !skips_simple && files.into_iter().all(is_empty);
    }
    mode == TlsMode::Simple || !(is_empty(&tls.client_certificate) || is_empty(&tls.private_key))
}

fn is_empty(field: &Field<smol_str::SmolStr>) -> bool {
    field.is_absent() || field.text() == Some("")
}
