//! What is wrong in `istio-ls.yaml` itself. The workspace reads the settings and reports what it finds under these rules.

pub(super) mod malformed_setting;
pub(super) mod unknown_setting;
pub(super) mod unmatched_path;
