//! Kinds of which only the metadata is read: Namespace, ServiceAccount, Node.

use crate::resource::Lower;
use crate::yaml::Node;

/// The body of a kind of which istio-ls reads only the metadata.
#[derive(Debug, Clone, Copy, Default)]
pub struct MetadataOnly;

impl Lower for MetadataOnly {
    fn lower(_: &Node) -> Option<Self> {
        Some(Self)
    }
}
