//! Rules about workloads and the policies that are to select them.

pub(super) mod conflicting_sidecars;
pub(super) mod conflicting_telemetries;
pub(super) mod ineffective_selector;
pub(super) mod policy_without_workload;
mod selection;
pub(super) mod selector_outside_workspace;
pub(super) mod selector_selects_nothing;
pub(super) mod several_default_sidecars;
pub(super) mod several_default_telemetries;
pub(super) mod subset_selects_nothing;
pub(super) mod subset_without_workload;
pub(super) mod unknown_source_namespace;
