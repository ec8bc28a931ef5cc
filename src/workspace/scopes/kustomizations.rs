//! Kustomizations: what one that no other includes gathers is applied together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::layer::{Layer, LayerCache, resolve};
use super::plan::{Layers, Origin, Plan, Way, Ways};
use super::plans::{Files, Plans};
use crate::index::{Nature, Opening};
use crate::kustomize::{self, is_kustomization, is_remote};

/// The kustomizations of a workspace by their folders.
pub(super) struct Kustomizations<'a> {
    files: &'a Files<'a>,
    layers: BTreeMap<&'a Path, Arc<Layer>>,
}

/// What a kustomization gathers.
#[derive(Default)]
struct Gathered {
    members: BTreeMap<Arc<Path>, Ways>,
    /// What is not seen of it.
    opening: Opening,
    /// The folders that are being gathered, so that a circle ends.
    within: Vec<PathBuf>,
}

impl<'a> Kustomizations<'a> {
    /// Reads those of `files`; what did not change since `before` is taken from there.
    pub(super) fn read(files: &'a Files<'a>, before: &LayerCache, plans: &mut Plans) -> Self {
        let named =
            files.keys().filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_kustomization));
        let mut layers = BTreeMap::new();
        for path in named {
            if let (Some(folder), Some(layer)) = (path.parent(), plans.layers.layer(path, files, before)) {
                let patches = layer.patches().filter_map(|patch| Some(files.get_key_value(patch)?.0.clone()));
                plans.changes.extend(patches.chain([path.clone()]));
                layers.insert(folder, layer);
            }
        }
        Self { files, layers }
    }

    /// Adds a scope for every kustomization that no other includes.
    pub(super) fn find(&self, plans: &mut Plans) {
        let included: BTreeSet<PathBuf> =
            self.layers.iter().flat_map(|(folder, layer)| included(folder, layer)).collect();
        for folder in self.layers.keys().filter(|folder| !included.contains(**folder)) {
            if let Some(plan) = self.plan(folder, Origin::Kustomization, plans) {
                plans.found.push(plan);
            }
        }
    }

    /// The folders that have one.
    pub(super) fn folders(&self) -> impl Iterator<Item = &'a Path> + '_ {
        self.layers.keys().copied()
    }

    /// The scope that the kustomization in `folder` makes; none where there is none.
    pub(super) fn plan(&self, folder: &Path, origin: Origin, plans: &Plans) -> Option<Plan> {
        let layer = self.layers.get(folder)?;
        let mut gathered = Gathered::default();
        if layer.kustomize.kustomization.is_component() {
            gathered.opening = Opening::Everything;
        }
        self.gather(folder, &[], &mut gathered);
        let nature = Nature { is_declared: true, opening: gathered.opening };
        Some(Plan { origin, name: plans.name_of(folder), nature, members: gathered.members, ..Plan::default() })
    }

    /// Gathers what the kustomization in `folder` includes; all of it goes through `above` in the end.
    fn gather(&self, folder: &Path, above: &[Arc<Layer>], gathered: &mut Gathered) {
        let Some(layer) = self.layers.get(folder).filter(|_| !gathered.within.iter().any(|within| within == folder))
        else {
            gathered.opening = gathered.opening.max(Opening::Objects);
            return;
        };
        gathered.within.push(folder.to_owned());
        let what = &layer.kustomize.kustomization;
        gathered.opening = gathered.opening.max(opening(&layer.kustomize));
        let components: Vec<PathBuf> = what.components.items().map(|path| resolve(folder, path)).collect();
        // What a component does concerns all that was gathered before it.
        let mut way: Vec<Arc<Layer>> = [layer.clone()].into_iter().chain(above.iter().cloned()).collect();
        for component in components.iter().rev() {
            if !self.layers.contains_key(component.as_path()) {
                gathered.opening = Opening::Everything;
            }
            self.gather(component, &way, gathered);
            way = self.through(component, 0).into_iter().chain(way).collect();
        }
        let layers: Layers = way.into();
        for path in what.included().filter(|path| !is_remote(path)) {
            let target = resolve(folder, path);
            match self.files.get_key_value(target.as_path()) {
                Some((file, _)) => gathered.add(file, &layers),
                None => self.gather(&target, &layers, gathered),
            }
        }
        gathered.within.pop();
    }

    /// The layers that a component stands for: those of its own components, then its own.
    fn through(&self, component: &Path, depth: usize) -> Vec<Arc<Layer>> {
        const DEEPEST: usize = 16;
        let Some(layer) = self.layers.get(component).filter(|_| depth < DEEPEST) else { return Vec::new() };
        let inner = layer.kustomize.kustomization.components.items();
        let inner = inner.flat_map(|path| self.through(&resolve(component, path), depth + 1));
        inner.chain([layer.clone()]).collect()
    }
}

impl Gathered {
    /// A file that comes in on two ways is there twice.
    fn add(&mut self, file: &Arc<Path>, layers: &Layers) {
        let ways = self.members.entry(file.clone()).or_default();
        let way = Way::from(layers.clone());
        if !ways.iter().any(|known| known.is_same(&way)) {
            ways.push(way);
        }
    }
}

/// What a kustomization takes in that is not seen.
fn opening(layer: &kustomize::Layer) -> Opening {
    let what = &layer.kustomization;
    if what.changes_unseen() || !layer.defects.is_empty() {
        Opening::Everything
    } else if what.adds_unseen() {
        Opening::Objects
    } else if !what.secret_generator.is_absent() || !what.config_map_generator.is_absent() {
        Opening::Secrets
    } else {
        Opening::Nothing
    }
}

fn included<'f>(folder: &'f Path, layer: &'f Layer) -> impl Iterator<Item = PathBuf> + 'f {
    let what = &layer.kustomize.kustomization;
    what.included().chain(what.components.items()).filter(|path| !is_remote(path)).map(|path| resolve(folder, path))
}
