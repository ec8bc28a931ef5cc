//! One scope of a snapshot, with the files as it sees them.

use std::path::Path;
use std::sync::Arc;

use super::{PlacedDocument, Plan, Snapshot};
use crate::ide::{DocumentAt, Files, PlaceOf};
use crate::index::{Entry, Index, ResourceId, ScopeId};
use crate::text::{Encoding, Span};
use crate::yaml::Document;

/// A scope at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Scoped<'a> {
    snapshot: &'a Snapshot,
    scope: ScopeId,
    index: &'a Index,
}

impl<'a> Scoped<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, scope: ScopeId, index: &'a Index) -> Self {
        Self { snapshot, scope, index }
    }

    /// Its resources.
    #[must_use]
    pub fn index(&self) -> &'a Index {
        self.index
    }

    /// What belongs to it.
    #[must_use]
    pub fn plan(&self) -> Option<&'a Arc<Plan>> {
        self.snapshot.plans.get(&self.scope)
    }

    /// It has this name, or no name is asked for.
    #[must_use]
    pub fn is_called(&self, name: Option<&str>) -> bool {
        name.is_none_or(|name| self.plan().is_some_and(|plan| plan.name == name.trim_end_matches('/')))
    }

    /// What it is called, for a person; none for a workspace that is applied as a whole.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        Some(self.plan().filter(|plan| !plan.name.is_empty())?.title())
    }

    fn seen(&self, file: &Path, number: usize, placed: &PlacedDocument) -> DocumentAt {
        let seen = self.snapshot.ids.get(file).and_then(|file| self.snapshot.seen.get(&(self.scope, *file)));
        let seen = seen.and_then(|seen| seen.get(number));
        let variant = seen.and_then(|seen| seen.variant());
        let document = variant.map_or(&placed.content.yaml, |variant| &variant.yaml).clone();
        let resources = seen.map(|seen| seen.resources.clone()).unwrap_or_default();
        DocumentAt { document, start: placed.start, resources }
    }
}

impl Files for Scoped<'_> {
    fn index(&self) -> &Index {
        self.index
    }

    fn document_at(&self, file: &Path, offset: usize) -> Option<DocumentAt> {
        let (number, placed) = self.snapshot.file(file)?.document_at(offset)?;
        Some(self.seen(file, number, placed))
    }

    fn documents(&self, file: &Path) -> Vec<DocumentAt> {
        let documents = self.snapshot.file(file).map_or(&[][..], |file| &file.documents);
        documents.iter().enumerate().map(|(number, placed)| self.seen(file, number, placed)).collect()
    }

    fn document(&self, entry: &Entry) -> Option<Arc<Document>> {
        self.snapshot.document(entry)
    }

    fn namespace_origin(&self, resource: ResourceId) -> Option<String> {
        let entry = self.index.entry(resource).filter(|entry| entry.resource.kind.is_namespaced())?;
        let file = self.snapshot.file(&entry.path)?;
        let seen = self.snapshot.seen.get(&(self.scope, file.id))?.get(entry.document as usize)?;
        let at = seen.resources.iter().position(|other| *other == resource)?;
        let written = file.documents.get(entry.document as usize)?.content.resources.get(at)?;
        let namespace = &written.metadata.namespace;
        if namespace.is_uncertain() || namespace.text() == Some(entry.namespace.as_str()) {
            return None;
        }
        let plan = self.plan()?;
        let is_said = plan.namespace.is_some() || entry.resource.metadata.namespace.text().is_some();
        Some(if is_said { format!("{} puts it there", plan.title()) } else { "none is written".to_owned() })
    }

    fn place_of(&self, resource: ResourceId, span: Span) -> Option<PlaceOf> {
        let location = self.snapshot.locate(resource, span)?;
        let line = self.snapshot.file(&location.path)?.position(location.span.start(), Encoding::Utf8).line;
        Some(PlaceOf { path: location.path.to_path_buf(), span: location.span, line: line as usize })
    }
}
