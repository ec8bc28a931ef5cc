//! Rules for the Gateway API.

pub(super) mod backend_tls_and_destination_rule;
pub(super) mod missing_reference_grant;
pub(super) mod route_kind_on_listener;
pub(super) mod unknown_certificate_ref;
