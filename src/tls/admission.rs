//! Which resources reach istiod: what its validation refuses has no effect on TLS.
//!
//! Only what changes TLS is looked at; the rules of istio-ls report the rest. Fields that are not known count as right.

use smol_str::SmolStr;

use crate::index::Entry;
use crate::resource::istio::{
    ClientTls, DestinationRule, Gateway, PeerAuthentication, Resolution, Server, ServerTls, ServerTlsMode,
    ServiceEntry, TlsMode, TrafficPolicy, VirtualService,
};
use crate::resource::{Body, Field, Protocol, host};

/// `entry` reaches istiod as far as TLS goes.
#[must_use]
pub fn is_admitted(entry: &Entry) -> bool {
    match &entry.resource.body {
        Body::PeerAuthentication(policy) => accepts_policy(policy),
        Body::DestinationRule(rule) => accepts_rule(rule),
        Body::Gateway(gateway) => accepts_gateway(gateway),
        Body::VirtualService(service) => accepts_virtual_service(service),
        Body::ServiceEntry(service_entry) => accepts_service_entry(service_entry),
        _ => true,
    }
}

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

/// Servers that are whole, with different port names.
pub(super) fn accepts_gateway(gateway: &Gateway) -> bool {
    let mut names = Vec::new();
    let distinct = gateway.servers.items().all(|server| {
        let name = server.port.value().and_then(|port| port.name.text());
        let new = name.is_none_or(|name| !names.contains(&name));
        names.extend(name);
        new
    });
    distinct && gateway.servers.items().all(|server| accepts_server(server))
}

fn accepts_server(server: &Server) -> bool {
    let Some(port) = server.port.value() else { return server.port.is_uncertain() };
    let has_hosts = server.hosts.items().next().is_some() || !server.hosts.is_certain();
    let known = port.protocol.is_uncertain()
        || port.protocol.text().is_some_and(|word| Protocol::parse(word) != Protocol::Auto);
    if !has_hosts || !known || is_empty(&port.name) || !port.target_port.is_absent() {
        return false;
    }
    let protocol = Protocol::parse(port.protocol.text().unwrap_or(""));
    let Some(tls) = server.tls.value() else { return !(protocol.is_tls() && server.tls.is_absent()) };
    if protocol.is_http() {
        let files = [&tls.ca_certificates, &tls.private_key, &tls.server_certificate];
        return tls.effective_mode().is_none_or(is_passthrough) && files.into_iter().all(is_empty);
    }
    protocol.is_tls() && accepts_server_tls(tls)
}

fn is_passthrough(mode: ServerTlsMode) -> bool {
    matches!(mode, ServerTlsMode::Passthrough | ServerTlsMode::AutoPassthrough)
}

fn accepts_server_tls(tls: &ServerTls) -> bool {
    let Some(mode) = tls.effective_mode() else { return true };
    let credentials = !is_empty(&tls.credential_name) || !tls.credential_names.is_absent();
    let has_certificate = !is_empty(&tls.server_certificate) && !is_empty(&tls.private_key);
    let has_certificates = tls.tls_certificates.items().next().is_some();
    let sources =
        [!is_empty(&tls.credential_name), !tls.credential_names.is_absent(), has_certificate, has_certificates];
    match mode {
        ServerTlsMode::IstioMutual => {
            let files = [&tls.server_certificate, &tls.private_key, &tls.ca_certificates];
            !credentials && !has_certificates && files.into_iter().all(is_empty)
        }
        _ if sources.into_iter().filter(|source| *source).count() > 1 => false,
        mode if is_passthrough(mode) || credentials => true,
        ServerTlsMode::Simple => has_certificate || has_certificates,
        _ => (has_certificate || has_certificates) && !is_empty(&tls.ca_certificates),
    }
}

/// Endpoints where the resolution needs them, and nowhere else.
pub(super) fn accepts_service_entry(service_entry: &ServiceEntry) -> bool {
    if !service_entry.endpoints.is_certain() {
        return true;
    }
    let endpoints = service_entry.endpoints.items().count();
    let selects = service_entry.workload_selector.value().is_some_and(|selector| selector.pairs().next().is_some());
    let resolvable = || endpoints > 0 || !service_entry.hosts.items().any(|name| host::is_wildcard(name));
    match service_entry.effective_resolution() {
        _ if endpoints > 0 && selects => false,
        Some(Resolution::None | Resolution::DynamicDns) => endpoints == 0,
        Some(Resolution::Dns) => resolvable(),
        Some(Resolution::DnsRoundRobin) => resolvable() && endpoints <= 1,
        Some(Resolution::Static) | None => true,
    }
}

/// Server names that the hosts cover; a destination for what is not HTTP.
pub(super) fn accepts_virtual_service(service: &VirtualService) -> bool {
    let covered = |name: &str| service.hosts.items().any(|host| host::covers(host, name));
    let tls = service.tls.items().all(|rule| {
        let named = rule.matches.items().all(|one| {
            let mut names = one.sni_hosts.items().peekable();
            !one.sni_hosts.is_certain()
                || !service.hosts.is_certain()
                || (names.peek().is_some() && names.all(|name| covered(name)))
        });
        let has_matches = rule.matches.items().next().is_some() || !rule.matches.is_certain();
        named && has_matches && (rule.route.items().next().is_some() || !rule.route.is_certain())
    });
    let tcp = service.tcp.items().all(|rule| rule.route.items().next().is_some() || !rule.route.is_certain());
    tls && tcp
}

fn is_empty(field: &Field<SmolStr>) -> bool {
    field.is_absent() || field.text() == Some("")
}
