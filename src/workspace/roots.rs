//! The folders of an editor: one workspace each, nested folders counting as part of the outer one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Settings, Snapshot, Workspace, load, settings};
use crate::yaml;

/// All workspaces, and what is open in the editor.
#[derive(Debug, Default)]
pub(super) struct Roots {
    folders: BTreeMap<PathBuf, Workspace>,
    /// Files outside all folders and documents without a file.
    loose: Workspace,
    open: BTreeMap<PathBuf, String>,
    settings: Settings,
    gone: BTreeSet<PathBuf>,
}

impl Roots {
    /// Reads the folders that are new and forgets those that are not named any more.
    pub(super) fn set_folders(&mut self, folders: &[PathBuf]) {
        let outermost = |folder: &&PathBuf| !folders.iter().any(|other| other != *folder && folder.starts_with(other));
        let wanted: BTreeSet<PathBuf> = folders.iter().filter(outermost).cloned().collect();
        let before = std::mem::take(&mut self.folders);
        for (root, workspace) in before {
            if wanted.contains(&root) {
                self.folders.insert(root, workspace);
            } else {
                self.gone.extend(workspace.snapshot().files().iter().map(|file| file.path.to_path_buf()));
            }
        }
        for root in wanted {
            if !self.folders.contains_key(&root) {
                let workspace = self.read_folder(&root);
                self.folders.insert(root, workspace);
            }
        }
        for (path, text) in self.open.clone() {
            self.loose.remove(&path);
            self.workspace(&path).set_text(&path, &text);
        }
    }

    fn read_folder(&self, root: &Path) -> Workspace {
        let settings = self.settings_of(root);
        let (texts, unreadable) = load::texts(root, &settings.exclude);
        for file in unreadable {
            tracing::warn!("{} is left out: {}", file.path.display(), file.message);
        }
        let mut workspace = Workspace::new(settings);
        workspace.set_texts(texts);
        workspace
    }

    /// The settings of a folder: its `istio-ls.yaml`, where it has a readable one, else the editor's.
    fn settings_of(&self, root: &Path) -> Settings {
        let path = root.join(settings::FILE);
        let text = self.open.get(&path).cloned().or_else(|| load::text(&path).ok().flatten());
        let Some(text) = text else { return self.settings.clone() };
        let settings = Settings::read(&yaml::parse(text.into()));
        // What else the editor runs is the editor's to say.
        Settings { yaml_language_server: self.settings.yaml_language_server, ..settings }
    }

    pub(super) fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
        let roots: Vec<PathBuf> = self.folders.keys().cloned().collect();
        roots.iter().for_each(|root| self.settings_changed(root));
        self.loose.set_settings(self.settings.clone());
    }

    fn settings_changed(&mut self, root: &Path) {
        let settings = self.settings_of(root);
        if let Some(workspace) = self.folders.get_mut(root) {
            workspace.set_settings(settings);
        }
    }

    /// A document of the editor has this text now.
    pub(super) fn open(&mut self, path: &Path, text: String) {
        self.workspace(path).set_text(path, &text);
        self.open.insert(path.to_owned(), text);
        self.look_at_settings(path);
    }

    /// What the disk holds counts again.
    pub(super) fn close(&mut self, path: &Path) {
        self.open.remove(path);
        self.read_again(path);
    }

    /// Reads a file, or everything below a folder, from disk again. What is open in the editor stays as it is there.
    pub(super) fn read_again(&mut self, path: &Path) {
        let below: Vec<PathBuf> = self.files_below(path);
        for file in below.into_iter().filter(|file| !file.exists()).collect::<Vec<_>>() {
            self.remove(&file);
        }
        if path.is_dir() {
            let (texts, _) = load::texts(path, &[]);
            for (file, text) in texts {
                self.disk_text(&file, &text);
            }
        } else if self.is_inside(path) && load::is_configuration(path) {
            match load::text(path) {
                Ok(Some(text)) => self.disk_text(path, &text),
                _ => self.remove(path),
            }
        } else {
            self.remove(path);
        }
        self.look_at_settings(path);
    }

    fn files_below(&mut self, path: &Path) -> Vec<PathBuf> {
        let snapshot = self.workspace(path).snapshot();
        let files = snapshot.files().into_iter().map(|file| file.path.to_path_buf());
        files.filter(|file| file != path && file.starts_with(path)).collect()
    }

    fn disk_text(&mut self, path: &Path, text: &str) {
        if !self.open.contains_key(path) {
            self.workspace(path).set_text(path, text);
        }
    }

    fn remove(&mut self, path: &Path) {
        if !self.open.contains_key(path) {
            self.workspace(path).remove(path);
        }
    }

    fn look_at_settings(&mut self, path: &Path) {
        if path.file_name().is_some_and(|name| name == settings::FILE)
            && let Some(root) = path.parent().map(Path::to_owned)
        {
            self.settings_changed(&root);
        }
    }

    fn is_inside(&self, path: &Path) -> bool {
        self.folders.keys().any(|root| path.starts_with(root))
    }

    fn workspace(&mut self, path: &Path) -> &mut Workspace {
        let found = self.folders.iter_mut().find(|(root, _)| path.starts_with(root));
        found.map_or(&mut self.loose, |(_, workspace)| workspace)
    }

    /// Checks a portion of every workspace; true when nothing is left.
    pub(super) fn check_some(&mut self, first: &[PathBuf], portion: usize) -> bool {
        let mut is_idle = true;
        for workspace in self.folders.values_mut().chain([&mut self.loose]) {
            is_idle &= workspace.check_some(first, portion);
        }
        is_idle
    }

    pub(super) fn is_checked(&mut self, path: &Path) -> bool {
        self.workspace(path).is_checked(path)
    }

    pub(super) fn take_changed(&mut self) -> Vec<PathBuf> {
        let mut changed: BTreeSet<PathBuf> = std::mem::take(&mut self.gone);
        for workspace in self.folders.values_mut().chain([&mut self.loose]) {
            changed.extend(workspace.take_changed());
        }
        changed.into_iter().collect()
    }

    /// One snapshot a folder, last that of the files outside.
    pub(super) fn snapshots(&self) -> Vec<(Option<PathBuf>, Snapshot)> {
        let folders = self.folders.iter().map(|(root, workspace)| (Some(root.clone()), workspace.snapshot()));
        folders.chain([(None, self.loose.snapshot())]).collect()
    }
}
