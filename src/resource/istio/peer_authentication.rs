//! `PeerAuthentication`: which mTLS workloads accept.

use super::WorkloadSelector;
use crate::resource::{Map, choice, object};

object! {
    /// The `spec` of a PeerAuthentication.
    pub struct PeerAuthentication {
        selector: WorkloadSelector = "selector",
        mtls: MutualTls = "mtls",
        port_level_mtls: Map<MutualTls> = "portLevelMtls",
    }

    /// The mode of a level.
    pub struct MutualTls {
        mode: MtlsMode = "mode",
    }
}

choice! {
    /// Which connections a workload accepts.
    pub enum MtlsMode {
        Unset = "UNSET",
        Disable = "DISABLE",
        Permissive = "PERMISSIVE",
        Strict = "STRICT",
    }
}

impl MutualTls {
    /// The mode that counts: without one, UNSET. None while the value is not known.
    #[must_use]
    pub fn effective_mode(&self) -> Option<MtlsMode> {
        if self.mode.is_absent() { Some(MtlsMode::Unset) } else { self.mode.copied() }
    }
}
