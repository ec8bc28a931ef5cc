//! Client and server in the mesh: what one side sends and the other side expects.

pub(super) mod double_tls;
pub(super) mod istio_mutual_to_external;
pub(super) mod istio_mutual_to_plaintext_workload;
pub(super) mod plaintext_to_strict;
pub(super) mod port_level_mtls_unknown_port;
pub(in crate::rules) mod reach;
