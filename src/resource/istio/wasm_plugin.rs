//! `WasmPlugin` and `TrafficExtension`: code that runs in the proxies.

use smol_str::SmolStr;

use super::{TargetRef, WorkloadSelector};
use crate::resource::{Anything, List, object};

object! {
    /// The `spec` of a WasmPlugin.
    pub struct WasmPlugin {
        selector: WorkloadSelector = "selector",
        target_ref: TargetRef = "targetRef",
        target_refs: List<TargetRef> = "targetRefs",
        url: SmolStr = "url",
        phase: SmolStr = "phase",
        plugin_config: Anything = "pluginConfig",
    }

    /// The `spec` of a TrafficExtension.
    pub struct TrafficExtension {
        selector: WorkloadSelector = "selector",
        target_refs: List<TargetRef> = "targetRefs",
        phase: SmolStr = "phase",
        wasm: Anything = "wasm",
        lua: Anything = "lua",
    }
}
