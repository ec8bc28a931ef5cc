//! `Telemetry`: metrics, traces and access logs of workloads.

use smol_str::SmolStr;

use super::{TargetRef, WorkloadSelector};
use crate::resource::{Anything, List, object};

object! {
    /// The `spec` of a Telemetry.
    pub struct Telemetry {
        selector: WorkloadSelector = "selector",
        target_ref: TargetRef = "targetRef",
        target_refs: List<TargetRef> = "targetRefs",
        tracing: List<TelemetrySetting> = "tracing",
        metrics: List<TelemetrySetting> = "metrics",
        access_logging: List<TelemetrySetting> = "accessLogging",
    }

    /// One setting of tracing, metrics or access logging.
    pub struct TelemetrySetting {
        providers: List<ProviderReference> = "providers",
        disabled: bool = "disabled",
        overrides: Anything = "overrides",
        filter: Anything = "filter",
    }

    /// A provider of the mesh configuration.
    pub struct ProviderReference {
        name: SmolStr = "name",
    }
}
