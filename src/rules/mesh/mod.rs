//! Client and server in the mesh: what one side sends and the other side expects.

mod copied;
pub(super) mod double_tls;
pub(super) mod dropped_tls_at_port_level;
pub(super) mod dropped_wide_tls;
pub(super) mod duplicate_namespace_policy;
pub(super) mod foreign_tls_to_strict;
pub(super) mod istio_mutual_to_external;
pub(super) mod istio_mutual_to_plaintext_workload;
pub(super) mod off_path_destination_rule;
pub(super) mod plaintext_to_strict;
pub(super) mod port_level_mtls_unknown_port;
pub(super) mod port_level_mtls_without_selector;
pub(in crate::rules) mod reach;
mod strict;
pub(super) mod tls_to_plaintext_workload;
pub(super) mod unreachable_subset_tls;
