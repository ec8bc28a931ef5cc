//! What is known of the kustomizations of a workspace beyond what they do: what they name that is not there, circles, and
//! which of their patches selected something.

mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use imbl::{HashMap, OrdMap};

use super::scopes::layer::{Layer, resolve};
use super::scopes::plan::Plan;
use super::scopes::seen::Seen;
use super::{Snapshot, load};
use crate::index::ScopeId;
use crate::kustomize::{FILE_NAMES, Kustomization, is_remote};
use crate::resource::Spanned;
use crate::text::Span;
pub(super) use report::report;

/// A kustomization and what it rests on.
#[derive(Debug)]
pub(super) struct Kustomized {
    pub(super) layer: Arc<Layer>,
    /// What it names that is not there.
    pub(super) missing: Vec<Missing>,
    /// The entries that lead back to it.
    pub(super) circles: Vec<(Span, String)>,
    /// The scopes in which something goes through it.
    pub(super) scopes: BTreeSet<ScopeId>,
}

/// Something that a kustomization names and that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) span: Span,
    pub(super) path: String,
    /// The folder is there, but no kustomization in it.
    pub(super) is_folder: bool,
}

/// What patches did to the documents of all scopes.
#[derive(Debug, Clone, Default)]
pub(super) struct Patching {
    /// How many documents a patch of a kustomization selected.
    selected: HashMap<(Arc<Path>, usize), u32>,
    /// How many documents a patch could not be applied to: by its file and document, the place in it, and why.
    pub(super) broken: OrdMap<(Arc<Path>, usize, Span, String, ScopeId), u32>,
}

impl Patching {
    pub(super) fn add(&mut self, scope: ScopeId, seen: &Seen) {
        for patch in selected(seen) {
            *self.selected.entry(patch).or_default() += 1;
        }
        for broken in broken(scope, seen) {
            *self.broken.entry(broken).or_default() += 1;
        }
    }

    pub(super) fn take_off(&mut self, scope: ScopeId, seen: &Seen) {
        for patch in selected(seen) {
            match self.selected.get_mut(&patch) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(self.selected.remove(&patch)),
            }
        }
        for broken in broken(scope, seen) {
            match self.broken.get_mut(&broken) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(self.broken.remove(&broken)),
            }
        }
    }

    pub(super) fn selects(&self, kustomization: &Arc<Path>, patch: usize) -> bool {
        self.selected.contains_key(&(kustomization.clone(), patch))
    }
}

/// The same patches surely select both, and all can be applied.
pub(super) fn are_patched_alike<'s>(
    one: impl Iterator<Item = &'s Seen> + Clone,
    other: impl Iterator<Item = &'s Seen> + Clone,
) -> bool {
    let is_whole =
        |seen: &Seen| !seen.is_unmarked() && seen.marks.as_ref().is_none_or(|marks| marks.defects.is_empty());
    one.clone().chain(other.clone()).all(is_whole) && one.flat_map(selected).eq(other.flat_map(selected))
}

fn selected(seen: &Seen) -> impl Iterator<Item = (Arc<Path>, usize)> + '_ {
    let selected = seen.marks.iter().flat_map(|marks| &marks.selected);
    selected.filter_map(|(layer, patch)| Some((seen.layers.get(*layer)?.kustomize.source.path.clone(), *patch)))
}

fn broken(scope: ScopeId, seen: &Seen) -> impl Iterator<Item = (Arc<Path>, usize, Span, String, ScopeId)> + '_ {
    let defects = seen.marks.iter().flat_map(|marks| &marks.defects);
    defects.map(move |defect| {
        let source = &defect.source;
        (source.path.clone(), source.document, defect.span, defect.message.clone(), scope)
    })
}

/// Everything about the kustomizations of `now` whose layers are `layers`, by their files.
pub(super) fn of(
    layers: &BTreeMap<Arc<Path>, Arc<Layer>>,
    now: &Snapshot,
    plans: &BTreeMap<ScopeId, Arc<Plan>>,
) -> BTreeMap<Arc<Path>, Arc<Kustomized>> {
    let by_folder = layers.iter().filter_map(|(path, layer)| Some((path.parent()?, &**layer))).collect();
    let graph = Graph { by_folder, now };
    let mut scopes = scopes(plans);
    let about = |(path, layer): (&Arc<Path>, &Arc<Layer>)| {
        let folder = path.parent().unwrap_or(path);
        let what = &layer.kustomize.kustomization;
        // A template may choose other names than those that stand in it.
        let is_text = !layer.kustomize.source.yaml.templated;
        let missing = named(layer).filter(|_| is_text).filter_map(|entry| missing(entry, folder, &graph)).collect();
        let circles = entries(what).filter(|entry| graph.leads(&resolve(folder, entry), folder));
        let about = Kustomized {
            layer: layer.clone(),
            missing,
            circles: circles.map(|entry| (entry.span, entry.value.to_string())).collect(),
            scopes: scopes.remove(path).unwrap_or_default(),
        };
        (path.clone(), Arc::new(about))
    };
    layers.iter().map(about).collect()
}

/// The scopes that something goes through each kustomization in.
fn scopes(plans: &BTreeMap<ScopeId, Arc<Plan>>) -> BTreeMap<Arc<Path>, BTreeSet<ScopeId>> {
    let mut found: BTreeMap<Arc<Path>, BTreeSet<ScopeId>> = BTreeMap::new();
    for (scope, plan) in plans {
        let mut last = None;
        for way in plan.members.values().flatten() {
            // The files of one kustomization share their way.
            if last.is_none_or(|last| !Arc::ptr_eq(last, &way.layers)) {
                for layer in way.layers.iter() {
                    found.entry(layer.kustomize.source.path.clone()).or_default().insert(*scope);
                }
            }
            last = Some(&way.layers);
        }
    }
    found
}

fn entries(what: &Kustomization) -> impl Iterator<Item = &Spanned<smol_str::SmolStr>> {
    what.included().chain(what.components.items()).filter(|path| is_plain(path))
}

/// The paths that must be there, each with its place.
fn named(layer: &Layer) -> impl Iterator<Item = (Span, &str, bool)> {
    let patches =
        layer.kustomize.defects.iter().filter_map(|defect| Some((defect.span, defect.missing.as_deref()?, false)));
    let patches = patches.filter(|(_, path, _)| is_plain(path));
    entries(&layer.kustomize.kustomization).map(|entry| (entry.span, entry.value.as_str(), true)).chain(patches)
}

/// It leads nowhere else and nothing has to be filled in.
fn is_plain(path: &str) -> bool {
    !is_remote(path) && !path.contains("//") && !path.contains(['$', '{', '<', '?', '@', '\n']) && !path.is_empty()
}

fn missing((span, path, may_be_folder): (Span, &str, bool), folder: &Path, graph: &Graph<'_>) -> Option<Missing> {
    let target = resolve(folder, path);
    if graph.is_there(&target) {
        return None;
    }
    let is_read = |name: &str| graph.now.ids.contains_key(target.join(name).as_path());
    if FILE_NAMES.into_iter().any(|name| is_read(name) || load::is_there(&target.join(name))) {
        return None;
    }
    let is_folder = target.is_dir() && may_be_folder;
    let is_missing = !load::is_there(&target) && !load::has_origin(&target);
    (is_folder || is_missing).then(|| Missing { span, path: path.to_owned(), is_folder })
}

struct Graph<'a> {
    by_folder: BTreeMap<&'a Path, &'a Layer>,
    now: &'a Snapshot,
}

impl Graph<'_> {
    /// The folders that the kustomization in `folder` includes, `folder` itself and what they include.
    fn reached(&self, folder: &Path) -> BTreeSet<PathBuf> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![folder.to_owned()];
        while let Some(folder) = waiting.pop() {
            if let Some(layer) = self.by_folder.get(folder.as_path()).filter(|_| !reached.contains(&folder)) {
                waiting.extend(entries(&layer.kustomize.kustomization).map(|entry| resolve(&folder, entry)));
                reached.insert(folder);
            }
        }
        reached
    }

    /// The file or the kustomization at `path` has been read.
    fn is_there(&self, path: &Path) -> bool {
        self.now.ids.contains_key(path) || self.by_folder.contains_key(path)
    }

    fn leads(&self, from: &Path, to: &Path) -> bool {
        self.reached(from).contains(to)
    }
}
