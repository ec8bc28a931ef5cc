//! One scope of a snapshot, with the files as it sees them.

use std::path::Path;
use std::sync::Arc;

use super::{Origin, PlacedDocument, Plan, Snapshot};
use crate::ide::{DocumentAt, Files, Patched, PlaceOf};
use crate::index::{Entry, Index, ResourceId, ScopeId};
use crate::kustomize::{Layer, Patch, Touched};
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

    /// It has this name, or is the chart of this name with some values, or no name is asked for.
    #[must_use]
    pub fn is_called(&self, name: Option<&str>) -> bool {
        let Some(name) = name.map(|name| name.trim_end_matches('/')) else { return true };
        let rest = self.plan().and_then(|plan| plan.name.strip_prefix(name));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" with "))
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

/// At most so many resources of a patch are looked at.
const MOST_PATCHED: usize = 100;

impl Scoped<'_> {
    /// What byte `offset` of document `number` of `file`, where a patch stands, changes of `resource`.
    fn patched_by(
        &self,
        resource: ResourceId,
        file: &Path,
        number: usize,
        offset: usize,
        start: usize,
    ) -> Vec<Patched> {
        let found = || {
            let entry = self.index.entry(resource)?;
            let seen = self.snapshot.seen_with(entry)?;
            let written = self.snapshot.file(&entry.path)?.documents.get(entry.document as usize)?;
            let is_here = |patch: &&Patch| *patch.source.path == *file && patch.source.document == number;
            let by = self.plan()?.title().trim_end().to_owned();
            let patched = |touched: Touched| Patched {
                resource,
                touched,
                start,
                by: by.clone(),
                written: (seen.written().clone(), written.first_line),
            };
            let patches = seen.patches().into_iter().filter(is_here);
            Some(patches.filter_map(|patch| patch.touched(offset)).map(patched).collect())
        };
        found().unwrap_or_default()
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
        let seen = self.snapshot.seen_with(entry)?;
        let at = seen.resources.iter().position(|other| *other == resource)?;
        let written = file.documents.get(entry.document as usize)?.content.resources.get(at)?;
        let namespace = &written.metadata.namespace;
        if namespace.is_uncertain() || namespace.text() == Some(entry.namespace.as_str()) {
            return None;
        }
        let plan = self.plan()?;
        let is_said = plan.namespace.is_some() || entry.resource.metadata.namespace.text().is_some();
        let only = || self.snapshot.only_namespaces.get(&self.scope).is_some_and(|only| *only == entry.namespace);
        Some(match plan.origin {
            _ if is_said => format!("{} puts it there", plan.title()),
            Origin::Folder if only() => {
                "none is written, and it is the only one that others of the folder name".to_owned()
            }
            _ if only() => format!("none is written, and it is the only one that others of {} name", plan.title()),
            _ => "none is written".to_owned(),
        })
    }

    fn layers(&self, resource: ResourceId) -> Vec<&Layer> {
        let seen = self.index.entry(resource).and_then(|entry| self.snapshot.seen_with(entry));
        seen.map_or_else(Vec::new, |seen| seen.layers().collect())
    }

    fn members(&self) -> Vec<Arc<Path>> {
        self.plan().map_or_else(Vec::new, |plan| plan.members.keys().cloned().collect())
    }

    fn patched_at(&self, file: &Path, offset: usize) -> Vec<Patched> {
        let found = || {
            let (number, placed) = self.snapshot.file(file)?.document_at(offset)?;
            let patched = self.snapshot.patched.get(self.snapshot.ids.get(file)?)?;
            let own = patched.iter().filter(|id| id.scope == self.scope).take(MOST_PATCHED);
            let of = |id: &ResourceId| self.patched_by(*id, file, number, offset - placed.start, placed.start);
            Some(own.flat_map(of).collect())
        };
        found().unwrap_or_default()
    }

    fn place_of(&self, resource: ResourceId, span: Span) -> Option<PlaceOf> {
        let location = self.snapshot.locate(resource, span)?;
        let line = self.snapshot.file(&location.path)?.position(location.span.start(), Encoding::Utf8).line;
        Some(PlaceOf { path: location.path.to_path_buf(), span: location.span, line: line as usize })
    }
}
