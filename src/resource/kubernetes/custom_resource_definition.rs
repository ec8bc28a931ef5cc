//! `CustomResourceDefinition`: which kinds a cluster serves.

use smol_str::SmolStr;

use crate::resource::{List, object};

object! {
    /// The `spec` of a CustomResourceDefinition.
    pub struct CustomResourceDefinition {
        group: SmolStr = "group",
        names: CustomResourceNames = "names",
        versions: List<CustomResourceVersion> = "versions",
    }

    /// What the objects are called.
    pub struct CustomResourceNames {
        kind: SmolStr = "kind",
        plural: SmolStr = "plural",
    }

    /// One version of a definition.
    pub struct CustomResourceVersion {
        name: SmolStr = "name",
        served: bool = "served",
    }
}
