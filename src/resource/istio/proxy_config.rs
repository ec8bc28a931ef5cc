//! `ProxyConfig`: settings of the proxies of some workloads.

use smol_str::SmolStr;

use super::WorkloadSelector;
use crate::resource::{Anything, Map, object};

object! {
    /// The `spec` of a ProxyConfig.
    pub struct ProxyConfig {
        selector: WorkloadSelector = "selector",
        concurrency: i64 = "concurrency",
        environment_variables: Map<SmolStr> = "environmentVariables",
        image: Anything = "image",
    }
}
