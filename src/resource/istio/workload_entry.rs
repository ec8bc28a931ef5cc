//! `WorkloadEntry`: a workload outside Kubernetes; and the selectors that find workloads.

use smol_str::SmolStr;

use crate::resource::{Field, Map, Spanned, object};

object! {
    /// The `spec` of a WorkloadEntry, and an endpoint of a ServiceEntry.
    pub struct WorkloadEntry {
        address: SmolStr = "address",
        ports: Map<u32> = "ports",
        labels: Map<SmolStr> = "labels",
        network: SmolStr = "network",
        locality: SmolStr = "locality",
        weight: u32 = "weight",
        service_account: SmolStr = "serviceAccount",
    }

    /// The `spec` of a WorkloadGroup.
    pub struct WorkloadGroup {
        metadata: WorkloadGroupMetadata = "metadata",
        template: WorkloadEntry = "template",
    }

    /// What the WorkloadEntries of a group are labelled with.
    pub struct WorkloadGroupMetadata {
        labels: Map<SmolStr> = "labels",
        annotations: Map<SmolStr> = "annotations",
    }

    /// Workloads by labels. Networking kinds call the field `labels`, security kinds `matchLabels`.
    pub struct WorkloadSelector {
        labels: Map<SmolStr> = "labels",
        match_labels: Map<SmolStr> = "matchLabels",
    }
}

impl WorkloadSelector {
    /// The label pairs that a workload must carry; empty selects everything.
    pub fn pairs(&self) -> impl Iterator<Item = (&SmolStr, &Spanned<SmolStr>)> {
        self.labels.pairs().chain(self.match_labels.pairs())
    }

    /// Every pair is known.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.labels.is_certain() && self.match_labels.is_certain()
    }
}

impl Field<WorkloadSelector> {
    /// No label pair limits the selection: the field is left out or empty. An uncertain selector limits it.
    #[must_use]
    pub fn selects_all(&self) -> bool {
        match self.value() {
            Some(selector) => selector.is_certain() && selector.pairs().next().is_none(),
            None => self.is_absent(),
        }
    }
}
