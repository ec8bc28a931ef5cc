//! A document as a scope sees it: as it was written, or as the kustomizations above it leave it.

use std::path::Path;
use std::sync::Arc;

use super::plan::{Layers, are_same};
use crate::index::ResourceId;
use crate::kustomize::{self, Change};
use crate::resource::{self, Resource};
use crate::workspace::file::DocumentContent;
use crate::yaml::Document;

/// A document of a file in one scope.
#[derive(Debug, Clone)]
pub(in crate::workspace) struct Seen {
    /// What was written.
    written: Arc<DocumentContent>,
    /// What it went through.
    pub(in crate::workspace) layers: Layers,
    /// What patches did to it.
    pub(in crate::workspace) marks: Option<Arc<Marks>>,
    /// What came of it.
    outcome: Outcome,
    /// The resources, in order.
    pub(in crate::workspace) resources: Vec<ResourceId>,
}

/// What patches did to a document.
#[derive(Debug)]
pub(in crate::workspace) struct Marks {
    /// Those that selected something in it: the number of the layer and of its patch.
    pub(in crate::workspace) selected: Vec<(usize, usize)>,
    /// What could not be applied.
    pub(in crate::workspace) defects: Vec<kustomize::Defect>,
}

/// What kustomizations leave of a document.
#[derive(Debug, Clone)]
enum Outcome {
    AsWritten,
    Deleted,
    Changed(Arc<Variant>),
}

/// A document that kustomizations changed.
#[derive(Debug)]
pub(in crate::workspace) struct Variant {
    /// The text is that of the document as it was written, then those of `patches`.
    pub(in crate::workspace) yaml: Arc<Document>,
    /// The typed resources, in order.
    resources: Vec<Arc<Resource>>,
    /// The patches that took part.
    pub(in crate::workspace) patches: Vec<kustomize::Piece>,
}

impl Seen {
    /// `written` as it comes through `layers`; what is among `before` is not worked out again.
    pub(in crate::workspace) fn of(written: &Arc<DocumentContent>, layers: &Layers, before: &[Self]) -> Self {
        let mut seen = Self {
            written: written.clone(),
            layers: layers.clone(),
            marks: None,
            outcome: Outcome::AsWritten,
            resources: Vec::new(),
        };
        let known = before.iter().find(|known| known.is_same(&seen));
        let known = known.map(|known| (known.outcome.clone(), known.marks.clone()));
        (seen.outcome, seen.marks) = known.unwrap_or_else(|| Outcome::of(written, layers));
        seen
    }

    /// Nothing that made `other` what it is differs.
    pub(in crate::workspace) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.written, &other.written) && are_same(&self.layers, &other.layers)
    }

    /// The resources as the scope sees them.
    pub(in crate::workspace) fn content(&self) -> &[Arc<Resource>] {
        match &self.outcome {
            Outcome::AsWritten => &self.written.resources,
            Outcome::Deleted => &[],
            Outcome::Changed(variant) => &variant.resources,
        }
    }

    /// It holds nothing that rules read, so nobody has looked which patches select it.
    pub(in crate::workspace) fn is_unmarked(&self) -> bool {
        self.written.resources.is_empty() && !self.layers.is_empty()
    }

    /// The kustomizations and patches that selected it or may have, whether they could be applied or not.
    pub(in crate::workspace) fn patched_by(&self) -> impl Iterator<Item = &Arc<Path>> {
        let marks = self.marks.as_deref();
        let unmarked = self.layers.iter().filter(|layer| self.is_unmarked() && !layer.kustomize.patches.is_empty());
        let selected = marks.into_iter().flat_map(|marks| &marks.selected);
        let kustomizations = selected.filter_map(|(layer, _)| Some(&self.layers.get(*layer)?.kustomize.source.path));
        let kustomizations = kustomizations.chain(unmarked.map(|layer| &layer.kustomize.source.path));
        kustomizations.chain(marks.into_iter().flat_map(|marks| &marks.defects).map(|defect| &defect.source.path))
    }

    /// The document, where kustomizations changed it.
    pub(in crate::workspace) fn variant(&self) -> Option<&Arc<Variant>> {
        match &self.outcome {
            Outcome::Changed(variant) => Some(variant),
            Outcome::AsWritten | Outcome::Deleted => None,
        }
    }
}

impl Outcome {
    fn of(written: &DocumentContent, layers: &Layers) -> (Self, Option<Arc<Marks>>) {
        if written.resources.is_empty() || layers.is_empty() {
            return (Self::AsWritten, None);
        }
        let applied = kustomize::apply(&written.yaml, layers.iter().map(|layer| &layer.kustomize));
        let marks = Marks { selected: applied.selected, defects: applied.defects };
        let is_marked = !marks.selected.is_empty() || !marks.defects.is_empty();
        let outcome = match applied.change {
            Change::None => Self::AsWritten,
            Change::Deleted => Self::Deleted,
            Change::Merged(merged) => {
                let resources = resource::read(&merged.document).into_iter().map(Arc::new).collect();
                let yaml = Arc::new(merged.document);
                Self::Changed(Arc::new(Variant { yaml, resources, patches: merged.pieces }))
            }
        };
        (outcome, is_marked.then(|| Arc::new(marks)))
    }
}
