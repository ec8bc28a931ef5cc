//! Gateways and the VirtualServices bound to them.

mod bound_server;
pub(super) mod double_tls_at_gateway;
pub(super) mod host_not_on_gateway;
pub(super) mod http_route_on_passthrough_server;
mod route_edits;
pub(super) mod route_kind_mismatch;
pub(super) mod tls_route_on_terminating_server;
