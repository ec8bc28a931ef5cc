//! What is wrong with kustomizations: what kustomize refuses to build, and what surely has no effect. The workspace applies
//! the kustomizations and reports what it finds under these rules.

pub(super) mod broken_patch;
pub(super) mod kustomization_cycle;
pub(super) mod missing_kustomization_file;
pub(super) mod patch_without_target;
pub(super) mod unknown_kustomization_field;
