//! `EnvoyFilter`: patches of the proxy's own configuration.

use smol_str::SmolStr;

use super::{TargetRef, WorkloadSelector};
use crate::resource::{List, object};

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
        matches: EnvoyMatch = "match",
        patch: Patch = "patch",
    }

    /// Which part of which proxies a patch is for; only what patches are told apart by is read.
    pub struct EnvoyMatch {
        context: SmolStr = "context",
        proxy: ProxyMatch = "proxy",
        listener: ListenerMatch = "listener",
    }

    /// Which proxies a patch is for.
    pub struct ProxyMatch {
        proxy_version: SmolStr = "proxyVersion",
    }

    /// Which listener a patch is for.
    pub struct ListenerMatch {
        filter_chain: FilterChainMatch = "filterChain",
    }

    /// Which filter chain a patch is for.
    pub struct FilterChainMatch {
        filter: FilterMatch = "filter",
    }

    /// Which filter a patch is for.
    pub struct FilterMatch {
        name: SmolStr = "name",
    }

    /// What a patch does.
    pub struct Patch {
        operation: SmolStr = "operation",
        value: PatchValue = "value",
        filter_class: SmolStr = "filterClass",
    }

    /// What a patch puts in; of Envoy's own configuration only the name is read.
    pub struct PatchValue {
        name: SmolStr = "name",
    }
}
