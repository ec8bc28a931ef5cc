//! The workspaces of an editor. A file belongs to the folder of the nearest `istio-ls.yaml` upwards, else to the folder
//! that the editor has open.

mod charts;
mod configured;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::load::{self, Unreadable};
use super::{Settings, Snapshot, Workspace, folder, settings};

/// All workspaces, and what is open in the editor.
#[derive(Debug, Default)]
pub(super) struct Roots {
    /// What the editor names.
    folders: BTreeSet<PathBuf>,
    roots: BTreeMap<PathBuf, Root>,
    /// Files outside all roots and documents without a file.
    loose: Workspace,
    open: BTreeMap<PathBuf, String>,
    settings: Settings,
    gone: BTreeSet<PathBuf>,
    unreadable: BTreeSet<Unreadable>,
}

/// A folder that is a workspace.
#[derive(Debug)]
struct Root {
    workspace: Workspace,
    /// The outermost root that it was found in.
    top: PathBuf,
    /// It has an `istio-ls.yaml`.
    has_settings: bool,
    /// What was left out when it was read.
    exclude: Vec<String>,
}

impl Roots {
    /// Reads the folders that are new and forgets those that are not named any more.
    pub(super) fn set_folders(&mut self, folders: &[PathBuf]) {
        self.folders = folders.iter().cloned().collect();
        self.arrange();
    }

    /// Reads what is not there yet and forgets what nobody names any more.
    fn arrange(&mut self) {
        let tops = self.tops();
        for (folder, root) in std::mem::take(&mut self.roots) {
            if tops.contains(&root.top) {
                self.roots.insert(folder, root);
            } else {
                self.gone.extend(root.workspace.snapshot().files().iter().map(|file| file.path.to_path_buf()));
            }
        }
        for top in tops {
            if !self.roots.contains_key(&top) {
                self.read(&top, &top);
            }
        }
        for (path, text) in self.open.clone() {
            self.loose.remove(&path);
            self.workspace(&path).set_text(&path, &text);
        }
    }

    /// The outermost roots of what the editor has open.
    fn tops(&self) -> BTreeSet<PathBuf> {
        let of_folders =
            self.folders.iter().map(|folder| load::settings_above(folder).unwrap_or_else(|| folder.clone()));
        let loose = self.open.keys().filter(|path| path.is_absolute() && !self.is_shown(path));
        let all: BTreeSet<PathBuf> = of_folders.chain(loose.filter_map(|path| load::settings_above(path))).collect();
        let outermost = |top: &&PathBuf| !all.iter().any(|other| other != *top && top.starts_with(other));
        all.iter().filter(outermost).cloned().collect()
    }

    /// Reads the root at `folder` and those in it.
    fn read(&mut self, top: &Path, folder: &Path) {
        let settings = self.settings_of(folder);
        let exclude = settings.exclude.clone();
        let folder::Read { workspace, unreadable, roots } = folder::read(folder, settings, &self.open);
        self.unreadable.extend(unreadable);
        let has_settings = folder.join(settings::FILE).is_file();
        self.roots.insert(folder.to_owned(), Root { workspace, top: top.to_owned(), has_settings, exclude });
        for inner in roots {
            self.read(top, &inner);
        }
    }

    /// Reads what the settings of a root name besides its own files.
    fn read_named(&mut self, folder: &Path) {
        let Some(root) = self.roots.get_mut(folder) else { return };
        self.unreadable.extend(folder::read_named(&mut root.workspace, folder, &self.open));
    }

    /// A document of the editor has this text now.
    pub(super) fn open(&mut self, path: &Path, text: String) {
        let is_new = self.open.insert(path.to_owned(), text.clone()).is_none();
        if is_new && self.root_of(path).is_none() {
            self.arrange();
        }
        self.set_text(path, &text);
        if let Some(folder) = path.parent().filter(|_| path.ends_with(settings::FILE)) {
            self.settings_are_typed(folder);
        }
    }

    /// What the disk holds counts again.
    pub(super) fn close(&mut self, path: &Path) {
        self.open.remove(path);
        self.read_again(path);
        if !self.is_shown(path) {
            self.gone.insert(path.to_owned());
            self.arrange();
        }
    }

    /// Reads a file, or everything below a folder, from disk again. What is open in the editor stays as it is there.
    pub(super) fn read_again(&mut self, path: &Path) {
        if path.ends_with(settings::FILE) {
            path.parent().into_iter().for_each(|folder| self.settings_are_saved(folder));
        }
        let others = self.roots.keys().filter(|folder| !path.starts_with(folder));
        let naming: Vec<PathBuf> = others.filter(|folder| self.names(folder, path)).cloned().collect();
        naming.iter().for_each(|folder| self.read_named(folder));
        let Some(folder) = self.root_of(path).cloned() else {
            if !self.open.contains_key(path) {
                self.loose.remove(path);
            }
            return;
        };
        let exclude = self.roots.get(&folder).map(|root| root.exclude.clone()).unwrap_or_default();
        let mut found = load::within(&folder, &exclude, path);
        if found.roots.iter().any(|inner| !self.roots.contains_key(inner)) {
            return self.read_anew(&folder);
        }
        if self.names(&folder, path) && found.texts.is_empty() {
            found.texts.extend(load::text(path).ok().map(|(text, _)| (path.to_owned(), text)));
        }
        for gone in self.files_below(path) {
            if !found.texts.iter().any(|(path, _)| *path == gone) {
                self.remove(&gone);
            }
        }
        for (file, text) in found.texts {
            if !self.open.contains_key(&file) {
                self.set_text(&file, &text);
            }
        }
        self.unreadable.extend(found.unreadable);
    }

    fn files_below(&mut self, path: &Path) -> Vec<PathBuf> {
        let snapshot = self.workspace(path).snapshot();
        if snapshot.file(path).is_some() {
            return vec![path.to_owned()];
        }
        let files = snapshot.files().into_iter().map(|file| file.path.to_path_buf());
        files.filter(|file| file.starts_with(path)).collect()
    }

    fn remove(&mut self, path: &Path) {
        if !self.open.contains_key(path) {
            self.workspace(path).remove(path);
        }
    }

    fn set_text(&mut self, path: &Path, text: &str) {
        let root_of = self.root_of(path).cloned();
        for (_, root) in self.roots.iter_mut().filter(|(folder, _)| root_of.as_ref() != Some(folder)) {
            // What the settings of another root name.
            if root.workspace.holds(path) {
                root.workspace.set_text(path, text);
            }
        }
        let is_named = || self.roots.values().any(|root| root.workspace.holds(path));
        if root_of.is_some() || !is_named() {
            self.workspace(path).set_text(path, text);
        }
    }

    /// The editor shows findings about `path`, whether it is open or not.
    fn is_shown(&self, path: &Path) -> bool {
        self.folders.iter().any(|folder| path.starts_with(folder))
    }

    /// The innermost root that `path` is in.
    fn root_of(&self, path: &Path) -> Option<&PathBuf> {
        self.roots.keys().rev().find(|root| path.starts_with(root))
    }

    /// The workspace that `path` belongs to: that of its root, else one that names it.
    fn workspace(&mut self, path: &Path) -> &mut Workspace {
        let named = || self.roots.iter().find(|(_, root)| root.workspace.holds(path)).map(|(folder, _)| folder);
        let folder = self.root_of(path).or_else(named).cloned();
        let found = folder.and_then(|folder| self.roots.get_mut(&folder));
        found.map_or(&mut self.loose, |root| &mut root.workspace)
    }

    fn workspaces(&mut self) -> impl Iterator<Item = &mut Workspace> {
        self.roots.values_mut().map(|root| &mut root.workspace).chain([&mut self.loose])
    }

    /// Checks a portion of every workspace; true when nothing is left.
    pub(super) fn check_some(&mut self, first: &[PathBuf], portion: usize) -> bool {
        let mut is_idle = true;
        for workspace in self.workspaces() {
            is_idle &= workspace.check_some(first, portion);
        }
        is_idle
    }

    pub(super) fn is_checked(&mut self, path: &Path) -> bool {
        self.workspace(path).is_checked(path)
    }

    /// The files of which there is something new to show.
    pub(super) fn take_changed(&mut self) -> Vec<PathBuf> {
        let changed: BTreeSet<PathBuf> = self.workspaces().flat_map(Workspace::take_changed).collect();
        let shown = changed.into_iter().filter(|path| self.is_shown(path) || self.open.contains_key(path));
        let shown: BTreeSet<PathBuf> = shown.collect();
        shown.into_iter().chain(std::mem::take(&mut self.gone)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What could not be read since the last call.
    pub(super) fn take_unreadable(&mut self) -> BTreeSet<Unreadable> {
        std::mem::take(&mut self.unreadable)
    }

    /// One snapshot a root, the inner ones first, last that of the files outside.
    pub(super) fn snapshots(&self) -> Vec<(Option<PathBuf>, Snapshot)> {
        let roots = self.roots.iter().rev().map(|(root, inside)| (Some(root.clone()), inside.workspace.snapshot()));
        roots.chain([(None, self.loose.snapshot())]).collect()
    }
}
