//! Gateways and the VirtualServices bound to them.

pub(in crate::rules) mod bound_server;
pub(super) mod catch_all_passthrough;
pub(super) mod conflicting_gateway_servers;
pub(in crate::rules) mod credential;
pub(super) mod credential_outside_workspace;
pub(super) mod credential_without_ca;
pub(super) mod double_tls_at_gateway;
pub(super) mod gateway_port_not_on_service;
pub(super) mod gateway_without_workload;
pub(super) mod host_not_on_gateway;
pub(super) mod host_on_several_gateways;
pub(super) mod http_route_on_passthrough_server;
pub(super) mod ignored_server_certificate;
pub(super) mod mutual_host_behind_simple_wildcard;
mod neighbours;
pub(super) mod plaintext_server_on_443;
pub(super) mod plaintext_to_tls_backend;
pub(super) mod redirect_loop;
pub(super) mod redirect_on_tls_server;
mod route_edits;
pub(super) mod route_kind_mismatch;
pub(super) mod shared_certificate_across_servers;
pub(super) mod tls_route_on_terminating_server;
pub(super) mod tls_settings_on_plaintext_server;
pub(super) mod unknown_credential;
pub(super) mod unusable_credential;
pub(super) mod weak_tls_version;
