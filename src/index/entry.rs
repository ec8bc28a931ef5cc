//! One resource of a scope, and typed views of it.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::resource::{Resource, Typed, Workload, host};
use crate::text::Span;

/// A file of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// What is applied together: one of the worlds that a workspace describes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u32);

/// A resource of a scope. It keeps its identity as long as the text of its document stays the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId {
    /// The scope.
    pub scope: ScopeId,
    /// Its number in the scope.
    pub number: u32,
}

/// A resource with its place in the workspace.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its identity; set by the index.
    pub id: ResourceId,
    /// What was written.
    pub resource: Arc<Resource>,
    /// Its namespace, filled in where the author left it out; empty for cluster-scoped kinds.
    pub namespace: SmolStr,
    /// The file.
    pub file: FileId,
    /// Where the file is. Resources that are found by one key stand in the order of paths and of the text, so that what is
    /// said of two that claim one name does not depend on which was read first.
    pub path: Arc<Path>,
    /// Which document of the file, from zero.
    pub document: u32,
}

impl Entry {
    /// `metadata.name`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.resource.name()
    }

    /// `Kind namespace/name`, or `Kind name` for cluster-scoped kinds.
    #[must_use]
    pub fn title(&self) -> String {
        if self.resource.kind.is_namespaced() {
            format!("{} {}/{}", self.resource.kind, self.namespace, self.name())
        } else {
            format!("{} {}", self.resource.kind, self.name())
        }
    }

    /// Its place among all resources: path, document, place in the document; of one that comes in by several ways, its name.
    pub(super) fn order(&self) -> (&Path, u32, Span, &str, &str) {
        (&self.path, self.document, self.resource.span, &self.namespace, self.name())
    }

    /// `namespace/name`.
    #[must_use]
    pub fn qualified_name(&self) -> String {
        format!("{}/{}", self.namespace, self.name())
    }

    /// The resource as a kind.
    #[must_use]
    pub fn as_kind<T: Typed>(&self) -> Option<Ref<'_, T>> {
        Some(Ref { entry: self, spec: self.resource.as_kind::<T>()? })
    }

    /// The resource as a workload.
    #[must_use]
    pub fn workload(&self) -> Option<Workload<'_>> {
        Workload::of(&self.resource)
    }

    /// The full host name of a Service.
    #[must_use]
    pub fn service_host(&self) -> String {
        host::service_fqdn(self.name(), &self.namespace)
    }

    /// Order of age as istiod compares it: creation time (none is oldest, as an equal time), then name, then namespace.
    #[must_use]
    pub fn age(&self) -> (&str, &str, &str) {
        (self.resource.metadata.creation_timestamp.text().unwrap_or(""), self.name(), &self.namespace)
    }
}

/// A resource of a known kind: its place and its typed content.
#[derive(Debug)]
pub struct Ref<'a, T> {
    /// The resource with its place.
    pub entry: &'a Entry,
    /// The typed content.
    pub spec: &'a T,
}

impl<T> Clone for Ref<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Ref<'_, T> {}

impl<T> Deref for Ref<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.spec
    }
}
