//! Rules about what ztunnels do not do.

pub(super) mod destination_rule_tls_in_ambient;
pub(super) mod disable_mtls_in_ambient;
pub(super) mod sidecar_in_ambient;
