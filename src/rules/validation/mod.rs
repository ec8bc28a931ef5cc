//! What the validation of istiod refuses, or takes with a warning, beyond the schema: a rule is one sort of defect, with the
//! places where it can stand. Fields that are wrong only together are looked for kind by kind, in the files of that name,
//! for `refused-settings` and `ineffective-settings`.

mod authorization_policy;
mod cel;
mod client_tls;
mod destination_rule;
mod dns;
pub(super) mod duplicate_value;
mod envoy_filter;
mod exports;
mod gateway;
mod header_value;
pub(super) mod imprecise_duration;
pub(super) mod ineffective_settings;
pub(super) mod invalid_address;
pub(super) mod invalid_header;
pub(super) mod invalid_host;
pub(super) mod invalid_label;
pub(super) mod invalid_name;
pub(super) mod invalid_port_number;
pub(super) mod invalid_regex;
pub(super) mod legacy_gateway_name;
mod load_balancer;
pub(super) mod number_out_of_range;
mod peer_authentication;
mod places;
mod re2;
mod refusal;
pub(super) mod refused_authorization;
pub(super) mod refused_resolution;
pub(super) mod refused_settings;
mod request_authentication;
mod routes;
mod selectors;
mod server_tls;
mod service_entry;
mod sidecar;
mod sockets;
mod target_refs;
mod telemetry;
pub(super) mod unknown_keyword;
mod url;
mod virtual_service;
mod wasm_plugin;
mod workload_entry;
mod workload_group;
