//! Typed resources of Istio, the Gateway API and Kubernetes, read from a YAML tree with the place of every field.
//!
//! [`read`] answers the resources of one document, those inside a `kind: List` included. Nothing here can fail: a field
//! that is malformed or templated says so in its [`Field`], and whoever reads it must cope.

pub mod delivery;
mod field;
pub mod gateway_api;
pub mod host;
pub mod istio;
mod kind;
pub mod kubernetes;
mod metadata;
mod namespaces;
mod placeholder;
pub mod protobuf;
mod protocol;
pub mod schema;
mod workload;

pub use field::{Anything, Field, IntOrString, List, Lower, Map, Spanned};
pub(crate) use field::{choice, object};
pub use kind::{Body, Kind, Typed};
pub use metadata::Metadata;
pub(crate) use placeholder::contains as holds_placeholder;
pub use protocol::Protocol;
use smol_str::SmolStr;
pub use workload::{GATEWAY_NAME, Workload};

use crate::text::Span;
use crate::yaml::{Document, Node};

/// One object of Kubernetes. All spans are relative to its document's text.
#[derive(Debug, Clone)]
pub struct Resource {
    /// What it is.
    pub kind: Kind,
    /// `apiVersion` as written.
    pub api_version: Spanned<SmolStr>,
    /// The whole object.
    pub span: Span,
    /// Where the word after `kind:` stands.
    pub kind_span: Span,
    /// Name, namespace, labels and annotations.
    pub metadata: Metadata,
    /// The namespaces that its fields may name, each once: more rather than too few.
    pub named_namespaces: Box<[SmolStr]>,
    /// The typed content.
    pub body: Body,
}

impl Resource {
    /// `metadata.name`; empty where it is not known.
    #[must_use]
    pub fn name(&self) -> &str {
        self.metadata.name.text().unwrap_or("")
    }

    /// The version in `apiVersion`.
    #[must_use]
    pub fn version(&self) -> &str {
        self.api_version.rsplit('/').next().unwrap_or("")
    }

    /// The typed content as `T`.
    #[must_use]
    pub fn as_kind<T: Typed>(&self) -> Option<&T> {
        T::of(&self.body)
    }

    /// Where a finding about the object as a whole stands: its name, else its kind.
    #[must_use]
    pub fn name_span(&self) -> Span {
        self.metadata.name.span().unwrap_or(self.kind_span)
    }

    /// The value of an annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&Spanned<SmolStr>> {
        self.metadata.annotations.under(key)
    }
}

/// The resources of `document`, in order. Objects of kinds that istio-ls does not know are left out.
#[must_use]
pub fn read(document: &Document) -> Vec<Resource> {
    let mut resources = Vec::new();
    if let Some(root) = &document.root {
        collect(root, 0, &mut resources);
    }
    resources
}

/// `kubectl` unwraps a List in a List; nobody nests them deeper than this.
const MAX_LIST_DEPTH: usize = 4;

fn collect(node: &Node, depth: usize, resources: &mut Vec<Resource>) {
    let kind = kind::field::<SmolStr>(node, "kind");
    let is_list = kind.text().is_some_and(|kind| kind.ends_with("List"));
    let items = node.get("items").and_then(Node::as_sequence);
    if let (true, Some(items), true) = (is_list, items, depth < MAX_LIST_DEPTH) {
        items.items.iter().for_each(|item| collect(item, depth + 1, resources));
    } else {
        resources.extend(object_of(node, &kind));
    }
}

fn object_of(node: &Node, kind: &Field<SmolStr>) -> Option<Resource> {
    let api_version = kind::field::<SmolStr>(node, "apiVersion").present()?.clone();
    let kind_field = kind.present()?;
    let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
    let kind = Kind::find(group, kind_field)?;
    Some(Resource {
        kind,
        kind_span: kind_field.span,
        span: node.span,
        metadata: kind::field::<Metadata>(node, "metadata").value().cloned().unwrap_or_default(),
        named_namespaces: namespaces::named(kind, node),
        body: kind.body(node),
        api_version,
    })
}
