//! A document as a scope sees it: as it was written, or as the kustomizations above it leave it.

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
    layers: Layers,
    /// What came of it.
    outcome: Outcome,
    /// The resources, in order.
    pub(in crate::workspace) resources: Vec<ResourceId>,
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
            outcome: Outcome::AsWritten,
            resources: Vec::new(),
        };
        let known = before.iter().find(|known| known.is_same(&seen)).map(|known| known.outcome.clone());
        seen.outcome = known.unwrap_or_else(|| Outcome::of(written, layers));
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

    /// The document as it was written.
    pub(in crate::workspace) fn written(&self) -> &Arc<Document> {
        &self.written.yaml
    }

    /// What it goes through, the innermost first.
    pub(in crate::workspace) fn layers(&self) -> impl Iterator<Item = &kustomize::Layer> {
        self.layers.iter().map(|layer| &layer.kustomize)
    }

    /// The patches that change the document, in their order.
    pub(in crate::workspace) fn patches(&self) -> Vec<&kustomize::Patch> {
        let applied = kustomize::apply(&self.written.yaml, self.layers());
        let patch = |(layer, patch): (usize, usize)| self.layers.get(layer)?.kustomize.patches.get(patch);
        applied.selected.into_iter().filter_map(patch).collect()
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
    fn of(written: &DocumentContent, layers: &Layers) -> Self {
        if written.resources.is_empty() || layers.is_empty() {
            return Self::AsWritten;
        }
        let applied = kustomize::apply(&written.yaml, layers.iter().map(|layer| &layer.kustomize));
        match applied.change {
            Change::None => Self::AsWritten,
            Change::Deleted => Self::Deleted,
            Change::Merged(merged) => {
                let resources = resource::read(&merged.document).into_iter().map(Arc::new).collect();
                let yaml = Arc::new(merged.document);
                Self::Changed(Arc::new(Variant { yaml, resources, patches: merged.pieces }))
            }
        }
    }
}
