//! Every rule. A test compares this list with the files of the folder.

use super::{
    Rule, ambient, configuration, external, gateway, gateway_api, injection, mesh, ports, references, routing, schema,
    security, suppression, syntax, workloads,
};
use crate::resource::Kind;

/// The rules, in the order of their ids.
static RULES: &[&Rule] = &[
    &gateway_api::backend_tls_and_destination_rule::RULE,
    &gateway::catch_all_passthrough::RULE,
    &schema::conflicting_fields::RULE,
    &gateway::conflicting_gateway_servers::RULE,
    &routing::conflicting_mesh_hosts::RULE,
    &external::conflicting_port_protocols::RULE,
    &workloads::conflicting_sidecars::RULE,
    &workloads::conflicting_telemetries::RULE,
    &gateway::credential_without_ca::RULE,
    &schema::deprecated_api_version::RULE,
    &schema::deprecated_field::RULE,
    &ambient::destination_rule_tls_in_ambient::RULE,
    &ambient::disable_mtls_in_ambient::RULE,
    &mesh::double_tls::RULE,
    &gateway::double_tls_at_gateway::RULE,
    &mesh::dropped_tls_at_port_level::RULE,
    &mesh::dropped_wide_tls::RULE,
    &schema::duplicate_item::RULE,
    &mesh::duplicate_namespace_policy::RULE,
    &security::exact_host_without_port::RULE,
    &mesh::foreign_tls_to_strict::RULE,
    &gateway::gateway_without_workload::RULE,
    &gateway::host_not_on_gateway::RULE,
    &references::host_outside_workspace::RULE,
    &gateway::http_route_on_passthrough_server::RULE,
    &security::http_rule_on_tcp_port::RULE,
    &security::identity_without_mtls::RULE,
    &external::ignored_credential::RULE,
    &gateway::ignored_server_certificate::RULE,
    &injection::image_auto_without_injection::RULE,
    &routing::ineffective_match::RULE,
    &workloads::ineffective_selector::RULE,
    &external::insecure_skip_verify::RULE,
    &routing::internal_gateway_reference::RULE,
    &mesh::istio_mutual_to_external::RULE,
    &mesh::istio_mutual_to_plaintext_workload::RULE,
    &routing::jwt_claim_route_without_authentication::RULE,
    &schema::malformed_value::RULE,
    &syntax::malformed_yaml::RULE,
    &routing::missing_destination_port::RULE,
    &external::missing_egress_leg::RULE,
    &gateway_api::missing_reference_grant::RULE,
    &schema::missing_required_field::RULE,
    &gateway::mutual_host_behind_simple_wildcard::RULE,
    &injection::namespace_without_injection::RULE,
    &mesh::off_path_destination_rule::RULE,
    &schema::out_of_range::RULE,
    &ports::plaintext_backend_named_tls::RULE,
    &external::plaintext_protocol_on_tls_port::RULE,
    &gateway::plaintext_server_on_443::RULE,
    &mesh::plaintext_to_strict::RULE,
    &gateway::plaintext_to_tls_backend::RULE,
    &injection::pod_without_proxy::RULE,
    &workloads::policy_without_workload::RULE,
    &mesh::port_level_mtls_unknown_port::RULE,
    &mesh::port_level_mtls_without_selector::RULE,
    &gateway::redirect_loop::RULE,
    &gateway::redirect_on_tls_server::RULE,
    &schema::refused_combination::RULE,
    &gateway::route_kind_mismatch::RULE,
    &gateway_api::route_kind_on_listener::RULE,
    &workloads::selector_selects_nothing::RULE,
    &ports::server_first_protocol::RULE,
    &workloads::several_default_sidecars::RULE,
    &workloads::several_default_telemetries::RULE,
    &injection::several_injection_labels::RULE,
    &gateway::shared_certificate_across_servers::RULE,
    &references::short_host_in_other_namespace::RULE,
    &external::sni_host_mismatch::RULE,
    &security::strict_blocks_scrape::RULE,
    &references::subset_outside_workspace::RULE,
    &workloads::subset_selects_nothing::RULE,
    &external::tcp_port_capture::RULE,
    &configuration::telemetry_without_provider::RULE,
    &ports::tls_backend_named_plaintext::RULE,
    &gateway::tls_route_on_terminating_server::RULE,
    &gateway::tls_settings_on_plaintext_server::RULE,
    &external::tls_to_plaintext_port::RULE,
    &mesh::tls_to_plaintext_workload::RULE,
    &ports::undeclared_protocol::RULE,
    &schema::unknown_api_version::RULE,
    &gateway_api::unknown_certificate_ref::RULE,
    &gateway::unknown_credential::RULE,
    &schema::unknown_enum_value::RULE,
    &schema::unknown_field::RULE,
    &references::unknown_gateway::RULE,
    &references::unknown_host::RULE,
    &references::unknown_port::RULE,
    &workloads::unknown_source_namespace::RULE,
    &references::unknown_subset::RULE,
    &routing::unreachable_rule::RULE,
    &mesh::unreachable_subset_tls::RULE,
    &suppression::unused_suppression::RULE,
    &external::unverified_subject::RULE,
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
