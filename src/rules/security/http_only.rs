//! Rules of policies that ask for what only HTTP has.

use super::first_written::first_written;
use crate::resource::Protocol;
use crate::resource::istio::{AuthorizationOperation, AuthorizationRule, AuthorizationSource};
use crate::text::Span;

/// The first field that only HTTP has.
pub(super) fn http_field(operation: &AuthorizationOperation) -> Option<(&'static str, Span)> {
    first_written([
        ("hosts", &operation.hosts),
        ("notHosts", &operation.not_hosts),
        ("methods", &operation.methods),
        ("notMethods", &operation.not_methods),
        ("paths", &operation.paths),
        ("notPaths", &operation.not_paths),
    ])
}

/// The rule says what is done, and for which ports nowhere.
pub(super) fn names_no_port(rule: &AuthorizationRule) -> bool {
    let mut operations = rule.to.items().filter_map(|to| to.operation.value()).peekable();
    operations.peek().is_some()
        && operations.all(|operation| operation.ports.is_absent() && operation.not_ports.is_absent())
}

/// The first field that only HTTP has, in a rule that asks for nothing of a connection: neither for a port nor, where it is for all
/// operations, for a source that a connection shows.
pub(super) fn http_only(rule: &AuthorizationRule) -> Option<Span> {
    if names_no_port(rule) && is_under_http_conditions(rule) {
        let mut operations = rule.to.items().filter_map(|to| to.operation.value());
        return operations.find_map(http_field).map(|(_, key)| key);
    }
    http_sources(rule).map(|(_, key)| key)
}

/// What a rule for all operations asks of its sources, where a connection shows nothing of it.
pub(super) fn http_sources(rule: &AuthorizationRule) -> Option<(&'static str, Span)> {
    let asks = |source: &AuthorizationSource| {
        let fields = [
            ("requestPrincipals", &source.request_principals),
            ("notRequestPrincipals", &source.not_request_principals),
        ];
        fields.into_iter().find_map(|(name, field)| Some((name, field.key()?))).filter(|_| !shows(source))
    };
    let sources = rule.from.items().filter_map(|from| from.source.value());
    let asked: Option<Vec<_>> = sources.map(asks).collect();
    asked.filter(|_| rule.to.is_absent() && is_under_http_conditions(rule))?.first().copied()
}

/// Whatever stands in `when` is about requests.
fn is_under_http_conditions(rule: &AuthorizationRule) -> bool {
    let is_of_request = |key: &str| key.starts_with("request.");
    rule.when.is_certain() && rule.when.items().all(|condition| condition.value.key.text().is_some_and(is_of_request))
}

/// The source asks for something that a connection shows.
fn shows(source: &AuthorizationSource) -> bool {
    [
        &source.principals,
        &source.not_principals,
        &source.namespaces,
        &source.not_namespaces,
        &source.ip_blocks,
        &source.not_ip_blocks,
        &source.remote_ip_blocks,
        &source.not_remote_ip_blocks,
        &source.service_accounts,
        &source.not_service_accounts,
    ]
    .into_iter()
    .any(|field| !field.is_absent())
}

/// Requests are not seen on a port of this protocol.
pub(super) fn is_tcp(protocol: Protocol) -> bool {
    !protocol.is_http() && !matches!(protocol, Protocol::Auto | Protocol::Udp)
}
