//! Finds the scopes of a workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::charts;
use super::kustomizations::Kustomizations;
use super::layer::LayerCache;
use super::plan::{Layers, Origin, Plan};
use crate::workspace::File;

/// The scopes that files make.
#[derive(Debug, Default)]
pub(in crate::workspace) struct Plans {
    /// In no order; every file with resources belongs to one at least.
    pub(in crate::workspace) found: Vec<Plan>,
    /// The files that say what belongs together; where one changes, the plans do.
    pub(in crate::workspace) built_on: BTreeSet<Arc<Path>>,
    /// The kustomizations among them.
    pub(in crate::workspace) layers: LayerCache,
    /// What all paths begin with.
    root: PathBuf,
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

/// Reads off `files` which scopes there are; `before` are the kustomizations as they were.
pub(in crate::workspace) fn of<'a>(files: impl Iterator<Item = &'a Arc<File>>, before: &LayerCache) -> Plans {
    let files: Files<'a> = files.map(|file| (file.path.clone(), file)).collect();
    let mut plans = Plans { root: root_of(&files), ..Plans::default() };
    charts::find(&files, &mut plans);
    Kustomizations::read(&files, before, &mut plans).find(&mut plans);
    let claimed: BTreeSet<Arc<Path>> = plans.found.iter().flat_map(|plan| plan.members.keys().cloned()).collect();
    let untouched: Layers = Arc::new([]);
    let left = files.into_keys().filter(|path| !claimed.contains(path) && !plans.built_on.contains(path));
    let members = left.map(|path| (path, untouched.clone())).collect();
    plans.found.push(Plan { origin: Origin::Folder, members, ..Plan::default() });
    plans
}

/// The deepest folder that holds all files: the first and the last path have no longer beginning in common than all have.
fn root_of(files: &Files<'_>) -> PathBuf {
    let folder = |path: Option<&Arc<Path>>| path.and_then(|path| path.parent()).unwrap_or(Path::new("")).to_owned();
    let (first, last) = (folder(files.keys().next()), folder(files.keys().next_back()));
    let same = first.components().zip(last.components()).take_while(|(one, other)| one == other);
    same.map(|(component, _)| component).collect()
}
