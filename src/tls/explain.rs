//! The steps of an outbound decision in words.

use super::client_tls::{TlsBlock, TlsLevel, TlsSource};
use super::destination_rule::{EffectiveRule, Place, RuleLookup};
use super::endpoint::Endpoint;
use super::inbound::Accepted;
use super::reason::Reason;
use super::service::{Service, Source};

/// Where the rule was looked for, and what was found.
pub(super) fn lookup(lookup: &RuleLookup<'_>, service: &Service<'_>, client: &str) -> Vec<Reason> {
    let mut because = Vec::new();
    let Some(place) = lookup.place else {
        return vec![Reason::of(format!("no DestinationRule for {} is read from {client}", service.host))];
    };
    if place > Place::Client {
        because.push(Reason::of(format!("no DestinationRule for the host in the client's namespace {client}")));
    }
    for rule in &lookup.hidden_by {
        let text = format!("{} ends the lookup, though it does not select this client", rule.entry.title());
        because.push(Reason::at(rule.entry, rule.spec.host.span().unwrap_or_default(), text));
    }
    if let Some(rule) = &lookup.rule {
        because.extend(rule_found(rule, place));
    }
    because
}

fn rule_found(rule: &EffectiveRule<'_>, place: Place) -> Vec<Reason> {
    let from = match place {
        Place::Client => "the client's namespace",
        Place::Service => "the service's namespace",
        Place::Root => "the root namespace",
    };
    let found = rule.rules.iter().enumerate().map(|(position, one)| {
        let text = match position {
            0 => format!("{} of {from} applies", one.entry.title()),
            _ => format!("{} is merged into it", one.entry.title()),
        };
        Reason::at(one.entry, one.spec.host.span().unwrap_or_default(), text)
    });
    found.collect()
}

/// The block that applies.
pub(super) fn block(tls: &TlsBlock<'_>, port: u32, subset: Option<&str>) -> Reason {
    let subset = subset.unwrap_or("");
    let level = match (&tls.source, tls.level) {
        (TlsSource::BackendTls(_), _) => "its validation".to_owned(),
        (_, TlsLevel::Rule) => "trafficPolicy".to_owned(),
        (_, TlsLevel::Port) => format!("portLevelSettings for port {port}"),
        (_, TlsLevel::Subset) => format!("subset {subset}"),
        (_, TlsLevel::SubsetPort) => format!("subset {subset}, portLevelSettings for port {port}"),
    };
    Reason::at(tls.entry(), tls.mode_span(), format!("{}: {} by {level}", tls.entry().title(), tls.mode))
}

/// The rule says nothing about TLS here.
pub(super) fn no_tls(rule: &EffectiveRule<'_>, port: u32, subset: Option<&str>) -> Reason {
    let which = subset.map_or_else(String::new, |subset| format!(" and subset {subset}"));
    Reason::of(format!("{} sets no tls for port {port}{which}", rule.name().unwrap_or_default()))
}

/// Auto mTLS does not reach outside the mesh.
pub(super) fn external(service: &Service<'_>) -> Reason {
    let text = format!("{} is MESH_EXTERNAL: no auto mTLS", service.host);
    match service.source {
        Source::ServiceEntry(entry) => {
            let place = entry.spec.location.span().unwrap_or_else(|| entry.entry.resource.name_span());
            Reason::at(entry.entry, place, text)
        }
        _ => Reason::of(text),
    }
}

/// The namespace's policy turns auto mTLS off for its services.
pub(super) fn auto_mtls_disabled(accepted: Accepted<'_>, namespace: &str) -> Option<Reason> {
    let (policy, span) = accepted.decided?;
    let text = format!("{} is DISABLE for {namespace}: no auto mTLS to its services", policy.entry.title());
    Some(Reason::at(policy.entry, span, text))
}

/// The block by which istiod judges the endpoints though it configures no cluster.
pub(super) fn endpoint_block(tls: &TlsBlock<'_>) -> Reason {
    let text = format!("{}: {} still decides which endpoints get Istio mTLS", tls.entry().title(), tls.mode);
    Reason::at(tls.entry(), tls.mode_span(), text)
}

/// The endpoint has no sidecar and says nothing else.
pub(super) fn plain_endpoint(endpoint: &Endpoint<'_>) -> Reason {
    let text = format!("{} does not understand Istio mTLS", endpoint.name);
    endpoint
        .entry
        .map_or_else(|| Reason::of(text.clone()), |entry| Reason::at(entry, entry.resource.name_span(), text.clone()))
}

/// The endpoint's own policy refuses Istio mTLS.
pub(super) fn disabled_endpoint(endpoint: &Endpoint<'_>, accepted: Accepted<'_>) -> Option<Reason> {
    let (policy, span) = accepted.decided?;
    let text = format!("{} is DISABLE for port {} of {}", policy.entry.title(), endpoint.port, endpoint.name);
    Some(Reason::at(policy.entry, span, text))
}
