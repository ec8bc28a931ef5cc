//! What the settings of roots are, what they name, and what follows when they change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Root, Roots};
use crate::workspace::{Settings, load, settings};
use crate::yaml;

impl Roots {
    /// The settings of a folder: its `istio-ls.yaml`, where it has a readable one, else the editor's.
    pub(super) fn settings_of(&self, root: &Path) -> Settings {
        let path = root.join(settings::FILE);
        let text = self.open.get(&path).cloned().or_else(|| Some(load::text(&path).ok()?.0));
        let Some(text) = text else { return self.settings.clone() };
        let settings = Settings::read(&yaml::parse(text.into()));
        // What else is run is the editor's to say.
        let Settings { yaml_language_server, render, .. } = self.settings;
        Settings { yaml_language_server, render, ..settings }
    }

    pub(in crate::workspace) fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
        let roots: Vec<PathBuf> = self.roots.keys().cloned().collect();
        roots.iter().for_each(|root| self.settings_are_saved(root));
        self.loose.set_settings(self.settings.clone());
    }

    /// While settings are typed, no disk is read for them.
    pub(super) fn settings_are_typed(&mut self, folder: &Path) {
        let settings = self.settings_of(folder);
        if let Some(root) = self.roots.get_mut(folder) {
            root.workspace.set_settings(settings);
        }
    }

    pub(super) fn settings_are_saved(&mut self, folder: &Path) {
        let has_settings = folder.join(settings::FILE).is_file();
        let exclude = self.settings_of(folder).exclude;
        match self.roots.get(folder) {
            Some(root) if root.has_settings == has_settings && root.exclude == exclude => {
                self.settings_are_typed(folder);
                self.read_named(folder);
            }
            None if !has_settings => {}
            _ => self.read_anew(folder),
        }
    }

    /// Which files belong to which root has changed at `folder`.
    pub(super) fn read_anew(&mut self, folder: &Path) {
        let concerned = |root: &Root| folder.starts_with(&root.top) || root.top.starts_with(folder);
        let (old, kept) = std::mem::take(&mut self.roots).into_iter().partition(|(_, root)| concerned(root));
        self.roots = kept;
        for root in BTreeMap::into_values(old) {
            self.gone.extend(root.workspace.snapshot().files().iter().map(|file| file.path.to_path_buf()));
        }
        self.arrange();
    }

    /// The settings of the root at `folder` name `path`, or something below it.
    pub(super) fn names(&self, folder: &Path, path: &Path) -> bool {
        let Some(root) = self.roots.get(folder) else { return false };
        let settings = root.workspace.settings();
        if settings.context.is_empty() && settings.mesh_config_file.is_none() && settings.scopes.is_empty() {
            return false;
        }
        let context = settings::Paths::new(folder, &settings.context);
        settings.mesh_files(folder).any(|file| file == path)
            || context.bases().any(|base| path.starts_with(base) || base.starts_with(path))
    }

    /// Where something stands besides the folders of the editor.
    pub(in crate::workspace) fn outside(&self) -> BTreeSet<PathBuf> {
        let of_root = |(folder, root): (&PathBuf, &Root)| {
            let settings = root.workspace.settings();
            let context = settings::Paths::new(folder, &settings.context);
            let named = context.bases().map(Path::to_owned).chain(settings.mesh_files(folder)).collect::<Vec<_>>();
            named.into_iter().chain([folder.clone()])
        };
        self.roots.iter().flat_map(of_root).filter(|path| !self.is_shown(path)).collect()
    }
}
