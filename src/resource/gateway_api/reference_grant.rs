//! `ReferenceGrant`: which references into its namespace are allowed.

use smol_str::SmolStr;

use super::ObjectReference;
use crate::resource::{List, object};

object! {
    /// The `spec` of a ReferenceGrant.
    pub struct ReferenceGrant {
        from: List<GrantFrom> = "from",
        to: List<ObjectReference> = "to",
    }

    /// Who may refer.
    pub struct GrantFrom {
        group: SmolStr = "group",
        kind: SmolStr = "kind",
        namespace: SmolStr = "namespace",
    }
}
