//! Finds the scopes of a workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::call::Renderings;
use super::kustomizations::Kustomizations;
use super::layer::LayerCache;
use super::plan::{Origin, Plan, Way, untouched};
use super::{charts, deliveries, listed};
use crate::workspace::settings::{self, Paths};
use crate::workspace::{File, Settings};

/// The scopes that files make.
#[derive(Debug, Default)]
pub(in crate::workspace) struct Plans {
    /// In no order; every file that is applied belongs to one at least.
    pub(in crate::workspace) found: Vec<Plan>,
    /// The files that say what belongs together; where one changes, the plans do.
    pub(in crate::workspace) built_on: BTreeSet<Arc<Path>>,
    /// Kustomizations and their patches: nothing is applied of them by themselves.
    pub(super) changes: BTreeSet<Arc<Path>>,
    /// The kustomizations.
    pub(in crate::workspace) layers: LayerCache,
    /// What Helm made of charts.
    pub(super) rendered: Renderings,
    /// What all paths begin with.
    pub(super) root: PathBuf,
    /// What paths in `istio-ls.yaml` are relative to.
    pub(in crate::workspace) settings_root: PathBuf,
    /// What the cluster holds besides, and nobody wants to hear about.
    pub(in crate::workspace) context: BTreeSet<Arc<Path>>,
}

impl Plans {
    /// How people call a folder.
    pub(super) fn name_of(&self, folder: &Path) -> String {
        let inside = folder.strip_prefix(&self.root).unwrap_or(folder);
        let name =
            if inside.as_os_str().is_empty() { folder.file_name().map(Path::new).unwrap_or(inside) } else { inside };
        name.to_string_lossy().replace('\\', "/")
    }
}

/// The files of a workspace by their paths.
pub(super) type Files<'a> = BTreeMap<Arc<Path>, &'a Arc<File>>;

/// Reads off `files` which scopes there are; `before` are the kustomizations as they were, `rendered` is what Helm made, `folder` the one that paths in
/// the settings are relative to, else that of `istio-ls.yaml`.
pub(in crate::workspace) fn of<'a>(
    files: impl Iterator<Item = &'a Arc<File>>,
    settings: &Settings,
    (before, rendered): (&LayerCache, &Renderings),
    folder: Option<&Path>,
) -> Plans {
    let files: Files<'a> = files.map(|file| (file.path.clone(), file)).collect();
    let root = root_of(&files);
    let settings_root = folder.or_else(|| settings_root(&files)).unwrap_or(&root).to_owned();
    let named = Paths::new(&settings_root, &settings.context);
    let context = files.keys().filter(|path| !settings.context.is_empty() && named.holds(path)).cloned().collect();
    let mut plans = Plans { root, settings_root, context, rendered: rendered.clone(), ..Plans::default() };
    charts::find(&files, &mut plans);
    let kustomizations = Kustomizations::read(&files, before, &mut plans);
    kustomizations.find(&mut plans);
    deliveries::find(&files, &kustomizations, &mut plans);
    listed::find(&settings.scopes, &files, &kustomizations, &mut plans);
    let claimed: BTreeSet<Arc<Path>> = plans.found.iter().flat_map(|plan| plan.members.keys().cloned()).collect();
    let left = files.keys().filter(|path| !claimed.contains(*path) && !plans.changes.contains(*path));
    let members = untouched(left);
    let shared: Vec<Arc<Path>> = plans.context.iter().cloned().collect();
    plans.built_on.extend(plans.changes.iter().cloned());
    plans.found.push(Plan { origin: Origin::Folder, members, ..Plan::default() });
    for plan in &mut plans.found {
        plan.members.extend(shared.iter().map(|path| (path.clone(), vec![Way::of_context()])));
    }
    plans
}

/// The folder of `istio-ls.yaml`.
fn settings_root<'f>(files: &'f Files<'_>) -> Option<&'f Path> {
    let settings = files.keys().filter(|path| path.file_name().is_some_and(|name| name == settings::FILE));
    settings.min_by_key(|path| path.components().count())?.parent()
}

/// The deepest folder that holds all files: the first and the last path have no longer beginning in common than all have.
fn root_of(files: &Files<'_>) -> PathBuf {
    let folder = |path: Option<&Arc<Path>>| path.and_then(|path| path.parent()).unwrap_or(Path::new("")).to_owned();
    let (first, last) = (folder(files.keys().next()), folder(files.keys().next_back()));
    let same = first.components().zip(last.components()).take_while(|(one, other)| one == other);
    same.map(|(component, _)| component).collect()
}
