//! Patches of the proxy's own configuration.

pub(super) mod ignored_patch_operation;
pub(super) mod patch_without_fixed_order;
