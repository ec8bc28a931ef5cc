//! `EnvoyFilter`: patches of the proxy's own configuration.

use smol_str::SmolStr;

use super::{TargetRef, WorkloadSelector};
use crate::resource::{Anything, List, object};

object! {
    /// The `spec` of an EnvoyFilter.
    pub struct EnvoyFilter {
        workload_selector: WorkloadSelector = "workloadSelector",
        target_refs: List<TargetRef> = "targetRefs",
        config_patches: List<ConfigPatch> = "configPatches",
        priority: i64 = "priority",
    }

    /// One patch.
    pub struct ConfigPatch {
        apply_to: SmolStr = "applyTo",
        matches: Anything = "match",
        patch: Patch = "patch",
    }

    /// What a patch does.
    pub struct Patch {
        operation: SmolStr = "operation",
        value: Anything = "value",
        filter_class: SmolStr = "filterClass",
    }
}
