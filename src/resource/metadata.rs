//! The `metadata` of an object.

use smol_str::SmolStr;

use super::{Map, object};

object! {
    /// Name, namespace, labels and annotations of an object.
    pub struct Metadata {
        name: SmolStr = "name",
        generate_name: SmolStr = "generateName",
        namespace: SmolStr = "namespace",
        labels: Map<SmolStr> = "labels",
        annotations: Map<SmolStr> = "annotations",
        creation_timestamp: SmolStr = "creationTimestamp",
    }
}
