//! Every rule. A test compares this list with the files of the folder.

use super::{Rule, gateway, mesh, references, schema};
use crate::resource::Kind;

/// The rules, in the order of their ids.
static RULES: &[&Rule] = &[
    &gateway::catch_all_passthrough::RULE,
    &schema::conflicting_fields::RULE,
    &gateway::conflicting_gateway_servers::RULE,
    &gateway::credential_without_ca::RULE,
    &schema::deprecated_api_version::RULE,
    &schema::deprecated_field::RULE,
    &mesh::double_tls::RULE,
    &gateway::double_tls_at_gateway::RULE,
    &schema::duplicate_item::RULE,
    &gateway::host_not_on_gateway::RULE,
    &gateway::http_route_on_passthrough_server::RULE,
    &gateway::ignored_server_certificate::RULE,
    &mesh::istio_mutual_to_external::RULE,
    &mesh::istio_mutual_to_plaintext_workload::RULE,
    &schema::malformed_value::RULE,
    &schema::missing_required_field::RULE,
    &gateway::mutual_host_behind_simple_wildcard::RULE,
    &schema::out_of_range::RULE,
    &gateway::plaintext_server_on_443::RULE,
    &mesh::plaintext_to_strict::RULE,
    &mesh::port_level_mtls_unknown_port::RULE,
    &gateway::redirect_loop::RULE,
    &gateway::redirect_on_tls_server::RULE,
    &schema::refused_combination::RULE,
    &gateway::route_kind_mismatch::RULE,
    &gateway::shared_certificate_across_servers::RULE,
    &references::short_host_in_other_namespace::RULE,
    &gateway::tls_route_on_terminating_server::RULE,
    &gateway::tls_settings_on_plaintext_server::RULE,
    &schema::unknown_api_version::RULE,
    &gateway::unknown_credential::RULE,
    &schema::unknown_enum_value::RULE,
    &schema::unknown_field::RULE,
    &references::unknown_gateway::RULE,
    &references::unknown_host::RULE,
    &references::unknown_port::RULE,
    &references::unknown_subset::RULE,
    &gateway::weak_tls_version::RULE,
    &schema::wrong_type::RULE,
];

/// Every rule, in the order of its id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied()
}

/// The rules that check resources of `kind`.
pub fn of_kind(kind: Kind) -> impl Iterator<Item = &'static Rule> {
    all().filter(move |rule| rule.kinds.contains(&kind))
}

/// The rule with this id or alias, without regard to case.
#[must_use]
pub fn find(id_or_alias: &str) -> Option<&'static Rule> {
    let same = |known: &&str| known.eq_ignore_ascii_case(id_or_alias);
    all().find(|rule| same(&rule.id)).or_else(|| all().find(|rule| rule.aliases.iter().any(&same)))
}
