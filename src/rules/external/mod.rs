//! Rules about hosts outside the mesh and the way to them.

pub(super) mod conflicting_port_protocols;
pub(super) mod ignored_credential;
pub(super) mod insecure_skip_verify;
pub(super) mod missing_egress_leg;
pub(super) mod plaintext_protocol_on_tls_port;
pub(super) mod sni_host_mismatch;
mod subject;
pub(super) mod tcp_port_capture;
pub(super) mod tcp_port_without_addresses;
pub(super) mod tls_to_plaintext_port;
pub(super) mod unverified_server;
pub(super) mod unverified_subject;
