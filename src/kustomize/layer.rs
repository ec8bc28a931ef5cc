//! One kustomization that documents go through, its patches read.

use super::inline;
use super::merged::Source;
use super::patch::{Patch, Terms};
use super::replace::Replaced;
use super::target::Target;
use super::{Defect, Kustomization, PatchEntry, Selector};
use crate::resource::{Field, Spanned};
use crate::text::Span;
use crate::yaml::Node;

/// A kustomization with its patches.
#[derive(Debug)]
pub struct Layer {
    /// The file.
    pub source: Source,
    /// What it says.
    pub kustomization: Kustomization,
    /// Its patches in the order in which kustomize applies them.
    pub patches: Vec<Patch>,
    /// What is wrong with it already now.
    pub defects: Vec<Defect>,
    /// So many of `patches` come before namespace, names and labels are set.
    pub(super) early: usize,
    pub(super) replaced: Vec<Replaced>,
}

impl Layer {
    /// The layer that the kustomization in `source` is. `load` answers the documents of the file at a path relative to
    /// it, none where there is no such file.
    #[must_use]
    pub fn of(source: Source, load: &mut dyn FnMut(&str) -> Option<Vec<Source>>) -> Option<Self> {
        let kustomization = Kustomization::read(&source.yaml)?;
        let mut reader = Reader { source: &source, load, patches: Vec::new(), defects: Vec::new() };
        for patch in kustomization.patches_strategic_merge.items() {
            reader.strategic_merge(patch);
        }
        kustomization.patches.items().for_each(|entry| reader.entry(entry));
        let early = reader.patches.len();
        kustomization.patches_json6902.items().for_each(|entry| reader.entry(entry));
        let Reader { patches, defects, .. } = reader;
        let replaced = Replaced::of(&kustomization);
        Some(Self { source, kustomization, patches, defects, early, replaced })
    }

    /// What there is to say of a patch that selected nothing in all that came through the layer.
    #[must_use]
    pub fn selects_nothing(&self, patch: &Patch) -> Defect {
        let message = if patch.must_select {
            "the patch selects nothing: no object has its kind, name and namespace; kustomize refuses to build"
        } else {
            "the patch selects nothing: no object fits its `target`"
        };
        Defect { source: self.source.clone(), span: patch.place, message: message.to_owned(), missing: None }
    }
}

/// Reads patches.
struct Reader<'a> {
    source: &'a Source,
    load: &'a mut dyn FnMut(&str) -> Option<Vec<Source>>,
    patches: Vec<Patch>,
    defects: Vec<Defect>,
}

impl Reader<'_> {
    /// An item of `patchesStrategicMerge`: the patch itself or the path of its file.
    fn strategic_merge(&mut self, item: &Spanned<smol_str::SmolStr>) {
        let terms = Terms { place: item.span, target: None, may_rename: false, may_change_kind: false };
        if item.value.contains(['\n', '{']) {
            self.inline(item.span, &terms);
        } else {
            self.file(&item.value, item.span, &terms);
        }
    }

    /// An item of `patches` or `patchesJson6902`.
    fn entry(&mut self, entry: &Spanned<PatchEntry>) {
        let place = entry.path.span().or(entry.patch.span()).unwrap_or(entry.span);
        let target = match &entry.target {
            Field::Present(selector) => self.target(selector),
            Field::Absent => Ok(None),
            Field::Malformed(_) | Field::Unknown(_) => Ok(Some(Target::unknown())),
        };
        let Ok(target) = target else { return };
        let may = |field: fn(&super::PatchOptions) -> &Field<bool>| {
            entry.options.value().and_then(|options| field(options).copied()).unwrap_or(false)
        };
        let (may_rename, may_change_kind) = (may(|it| &it.allow_name_change), may(|it| &it.allow_kind_change));
        let terms = Terms { place, target, may_rename, may_change_kind };
        match (&entry.path, &entry.patch) {
            (Field::Present(_), Field::Present(patch)) => {
                self.defect(patch.span, "`patch` and `path` cannot stand together: kustomize refuses to build");
            }
            (Field::Present(path), _) => self.file(&path.value, path.span, &terms),
            (_, Field::Present(patch)) => self.inline(patch.span, &terms),
            (Field::Absent, Field::Absent) => {
                self.defect(entry.span, "the patch is missing: write it in `patch`, or name its file in `path`");
            }
            _ => {}
        }
    }

    fn target(&mut self, selector: &Spanned<Selector>) -> Result<Option<Target>, ()> {
        Target::of(selector).map(Some).map_err(|message| self.defect(selector.span, &message))
    }

    fn file(&mut self, path: &str, place: Span, terms: &Terms) {
        let Some(sources) = (self.load)(path) else {
            let (source, missing) = (self.source.clone(), Some(path.to_owned()));
            let message = format!("no file `{path}` is there: kustomize refuses to build");
            return self.defects.push(Defect { source, span: place, message, missing });
        };
        for source in sources {
            if let Some(root) = &source.yaml.root {
                self.add(root, &source, terms);
            }
        }
    }

    fn inline(&mut self, place: Span, terms: &Terms) {
        let Some(node) = self.source.yaml.root.as_ref().and_then(|root| node_at(root, place)) else { return };
        for root in inline::roots(&self.source.yaml, node) {
            self.add(&root, self.source, terms);
        }
    }

    fn add(&mut self, root: &Node, source: &Source, terms: &Terms) {
        match Patch::of(root, source, terms) {
            Ok(patch) => self.patches.push(patch),
            Err(defect) => self.defects.push(defect),
        }
    }

    fn defect(&mut self, span: Span, message: &str) {
        self.defects.push(Defect { source: self.source.clone(), span, message: message.to_owned(), missing: None });
    }
}

/// The scalar of the tree whose place is `span`.
fn node_at(node: &Node, span: Span) -> Option<&Node> {
    match node {
        _ if node.as_scalar().is_some() => (node.span == span).then_some(node),
        _ => {
            let entries = node.as_mapping().into_iter().flat_map(|mapping| &mapping.entries);
            let items = node.as_sequence().into_iter().flat_map(|sequence| &sequence.items);
            entries
                .map(|entry| &entry.value)
                .chain(items)
                .filter(|inner| inner.span.contains(span))
                .find_map(|inner| node_at(inner, span))
        }
    }
}
