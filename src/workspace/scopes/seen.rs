//! A document as a scope sees it: as it was written, or as the kustomizations above it leave it.

use std::path::Path;
use std::sync::Arc;

use super::plan::{Layers, Way, are_same};
use crate::helm::{self, Reading};
use crate::index::ResourceId;
use crate::kustomize::{self, Change};
use crate::resource::{self, Resource};
use crate::workspace::File;
use crate::workspace::file::DocumentContent;
use crate::yaml::Document;

/// A document of a file in one scope.
#[derive(Debug, Clone)]
pub(in crate::workspace) struct Seen {
    /// What was written.
    written: Arc<DocumentContent>,
    /// What it went through.
    pub(in crate::workspace) layers: Layers,
    /// What is known of its template.
    reading: Reading,
    /// What Helm made of it, where somebody asked.
    rendered: Option<Arc<Document>>,
    /// What patches did to it.
    pub(in crate::workspace) marks: Option<Arc<Marks>>,
    /// What came of it.
    outcome: Outcome,
    /// It came in by another way already, and is called the same there.
    is_repeated: bool,
    /// It is in the cluster already, and not applied with the scope.
    pub(in crate::workspace) is_context: bool,
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

/// A document that kustomizations or the values of a chart changed.
#[derive(Debug)]
pub(in crate::workspace) struct Variant {
    /// The text is that of the document as it was written, then those of `patches`.
    pub(in crate::workspace) yaml: Arc<Document>,
    /// The typed resources, in order.
    resources: Vec<Arc<Resource>>,
    /// The patches that took part.
    pub(in crate::workspace) patches: Vec<kustomize::Piece>,
    /// Values of a chart stand where the text has actions.
    pub(in crate::workspace) is_filled: bool,
    /// Helm itself put them there.
    pub(in crate::workspace) is_rendered: bool,
}

impl Seen {
    /// `file` as it comes by all its ways, way by way and document by document; what is among `before` is not worked out
    /// again. kustomize refuses what two ways leave the same name: it is seen once.
    pub(in crate::workspace) fn of_file(file: &File, ways: &[Way], before: &[Self]) -> Vec<Self> {
        let mut seen: Vec<Self> = Vec::new();
        for way in ways {
            for (number, mut document) in Self::of_way(file, way, before).into_iter().enumerate() {
                let mut others = seen.iter().skip(number).step_by(file.documents.len().max(1));
                document.is_repeated = others.any(|other| other.is_called_like(&document));
                seen.push(document);
            }
        }
        seen
    }

    fn is_called_like(&self, other: &Self) -> bool {
        let name =
            |one: &Resource| (one.kind, one.metadata.namespace.value().cloned(), one.metadata.name.value().cloned());
        let names: Vec<_> = other.content().iter().map(|resource| name(resource)).collect();
        self.content().iter().any(|resource| names.contains(&name(resource)))
    }

    fn of_way(file: &File, way: &Way, before: &[Self]) -> Vec<Self> {
        let readings = way.release.as_ref().map(|release| release.documents(file)).unwrap_or_default();
        let readings = readings.into_iter().chain(std::iter::repeat_with(Reading::default));
        let rendered = way.release.as_ref().and_then(|release| release.made_of(file)).into_iter().flatten();
        let rendered = rendered.map(|document| Some(Arc::new(document))).chain(std::iter::repeat(None));
        let documents = file.documents.iter().zip(readings.zip(rendered));
        documents.map(|(document, known)| Self::of(&document.content, way, known, before)).collect()
    }

    fn of(
        written: &Arc<DocumentContent>,
        way: &Way,
        (reading, rendered): (Reading, Option<Arc<Document>>),
        before: &[Self],
    ) -> Self {
        let mut seen = Self {
            written: written.clone(),
            layers: way.layers.clone(),
            reading,
            rendered,
            marks: None,
            outcome: Outcome::AsWritten,
            is_repeated: false,
            is_context: way.is_context,
            resources: Vec::new(),
        };
        let known = before.iter().find(|known| known.is_same(&seen));
        let known = known.map(|known| (known.outcome.clone(), known.marks.clone()));
        (seen.outcome, seen.marks) = known.unwrap_or_else(|| match &seen.rendered {
            Some(document) => (Outcome::rendered(document), None),
            None => Outcome::of(written, &way.layers, &seen.reading),
        });
        seen
    }

    /// Nothing that made `other` what it is differs.
    pub(in crate::workspace) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.written, &other.written)
            && are_same(&self.layers, &other.layers)
            && self.reading == other.reading
            && self.rendered.as_ref().map(Arc::as_ptr) == other.rendered.as_ref().map(Arc::as_ptr)
            && self.is_repeated == other.is_repeated
            && self.is_context == other.is_context
    }

    /// The resources as the scope sees them.
    pub(in crate::workspace) fn content(&self) -> &[Arc<Resource>] {
        match &self.outcome {
            _ if self.is_repeated => &[],
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
        let selected = self.marks.iter().flat_map(|marks| &marks.selected);
        selected.filter_map(|(layer, patch)| self.layers.get(*layer)?.kustomize.patches.get(*patch)).collect()
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

    /// The values of a chart leave out what stands at `offset`; none where no values are known.
    pub(in crate::workspace) fn leaves_out(&self, offset: usize) -> Option<bool> {
        (self.reading != Reading::default()).then(|| self.reading.leaves_out(offset))
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
    fn of(written: &DocumentContent, layers: &Layers, reading: &Reading) -> (Self, Option<Arc<Marks>>) {
        if *reading != Reading::default() {
            return (Self::filled(&written.yaml, reading), None);
        }
        if written.resources.is_empty() || layers.is_empty() {
            return (Self::AsWritten, None);
        }
        let applied = kustomize::apply(&written.yaml, layers.iter().map(|layer| &layer.kustomize));
        let marks = Marks { selected: applied.selected, defects: applied.defects };
        let is_marked = !marks.selected.is_empty() || !marks.defects.is_empty();
        let outcome = match applied.change {
            Change::None => Self::AsWritten,
            Change::Deleted => Self::Deleted,
            Change::Merged(merged) => Self::changed(merged.document, merged.pieces, false),
        };
        (outcome, is_marked.then(|| Arc::new(marks)))
    }

    /// What the values of a chart make of a template.
    fn filled(written: &Document, reading: &Reading) -> Self {
        match helm::fill(written, reading) {
            None => Self::AsWritten,
            Some(document) if document.root.is_none() => Self::Deleted,
            Some(document) => Self::changed(document, Vec::new(), true),
        }
    }

    /// What Helm made of a template.
    fn rendered(document: &Arc<Document>) -> Self {
        if document.root.is_none() {
            return Self::Deleted;
        }
        let resources = resource::read(document).into_iter().map(Arc::new).collect();
        let (yaml, patches) = (Arc::clone(document), Vec::new());
        Self::Changed(Arc::new(Variant { yaml, resources, patches, is_filled: true, is_rendered: true }))
    }

    fn changed(document: Document, patches: Vec<kustomize::Piece>, is_filled: bool) -> Self {
        let resources = resource::read(&document).into_iter().map(Arc::new).collect();
        let yaml = Arc::new(document);
        Self::Changed(Arc::new(Variant { yaml, resources, patches, is_filled, is_rendered: false }))
    }
}
