//! `EnvoyFilter`: patches of the proxy's own configuration.

use smol_str::SmolStr;

use super::{TargetRef, WorkloadSelector};
use crate::resource::{List, object};
use crate::yaml::Node;

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
        matches: Node = "match",
        patch: Patch = "patch",
    }

    /// What a patch does.
    pub struct Patch {
        operation: SmolStr = "operation",
        value: Node = "value",
        filter_class: SmolStr = "filterClass",
    }
}

impl ConfigPatch {
    /// The name of the filter that the patch is about: of what it writes, else of the listener filter that it looks for.
    #[must_use]
    pub fn filter_name(&self) -> &str {
        let written = self.patch.value().and_then(|patch| patch.value.value());
        let written = written.and_then(|node| node.get("name")?.as_scalar()).map(|scalar| scalar.text.as_str());
        let listener = self.matches.value().and_then(|node| node.get("listener")?.get("filterChain")?.get("filter"));
        let sought = listener.and_then(|filter| filter.get("name")?.as_scalar()).map(|scalar| scalar.text.as_str());
        written.or(sought).unwrap_or("")
    }

    /// It is for proxies of certain versions only.
    #[must_use]
    pub fn matches_version(&self) -> bool {
        let proxy = self.matches.value().and_then(|node| node.get("proxy"));
        proxy.is_some_and(|proxy| proxy.get("proxyVersion").is_some())
    }
}
