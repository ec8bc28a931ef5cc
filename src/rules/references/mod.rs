//! References to resources that are not there.

mod destinations;
pub(super) mod host_outside_workspace;
pub(super) mod short_host_in_other_namespace;
pub(super) mod subset_outside_workspace;
pub(super) mod unknown_gateway;
pub(super) mod unknown_host;
pub(super) mod unknown_port;
pub(super) mod unknown_subset;
