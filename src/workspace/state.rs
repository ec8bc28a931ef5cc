//! The writer's side: texts go in, the indexes are patched, what must be checked again is marked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::checks::Checks;
use super::file::DocumentContent;
use super::namespaces::Namespaces;
use super::scopes::call::{ChartCall, Renderings};
use super::scopes::layer::LayerCache;
use super::scopes::{charts, deliveries};
use super::{File, Origin, Settings, Snapshot, load, mesh_config, settings};
use crate::helm::Rendered;
use crate::index::{FileId, Index, Key, MeshConfig, ResourceId, ScopeId, World};
use crate::yaml;

/// The state of one workspace, owned by one writer. It reads no disk and starts no thread of its own beyond a call.
#[derive(Debug, Default)]
pub struct Workspace {
    pub(super) now: Snapshot,
    pub(super) checks: Checks,
    pub(super) world: World,
    pub(super) changed: BTreeSet<FileId>,
    removed: BTreeSet<PathBuf>,
    mesh_files: BTreeMap<PathBuf, MeshConfig>,
    next_file: u32,
    /// Every scope that ever was, by its title.
    pub(super) scope_ids: HashMap<String, ScopeId>,
    /// Something changed that says what belongs together.
    must_plan: bool,
    /// The files that say what belongs together.
    pub(super) built_on: BTreeSet<Arc<Path>>,
    /// The kustomizations.
    pub(super) layers: LayerCache,
    /// What Helm made of charts.
    pub(super) rendered: Renderings,
    /// What decides the mesh configuration of a scope may have changed.
    pub(super) mesh_is_stale: bool,
    /// Which namespaces each scope names.
    pub(super) namespaces: Namespaces,
    /// What paths in the settings are relative to.
    pub(super) settings_root: PathBuf,
    /// Files that the scopes have not seen yet.
    unseen: BTreeSet<FileId>,
    /// Keys under which resources came or went since the last [`Workspace::finish`].
    pub(super) touched: BTreeMap<ScopeId, Vec<Key>>,
}

impl Workspace {
    /// An empty workspace.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let mut workspace = Self::default();
        workspace.set_settings(settings);
        workspace
    }

    /// An empty workspace of a folder, which paths in the settings are relative to.
    #[must_use]
    pub fn at(root: &Path, settings: Settings) -> Self {
        let mut workspace = Self::default();
        workspace.now.root = Some(root.into());
        workspace.set_settings(settings);
        workspace
    }

    /// Puts other settings in force.
    pub fn set_settings(&mut self, settings: Settings) {
        if *self.now.settings == settings {
            return;
        }
        if !settings.render {
            self.rendered = Renderings::default();
        }
        self.now.settings = Arc::new(settings);
        let all = self.now.indexes.values().flat_map(Index::entries).map(|entry| entry.id);
        self.checks.mark_all(all);
        self.changed.extend(self.now.files.keys());
        self.must_plan = true;
        self.mesh_is_stale = true;
        self.finish();
    }

    /// Takes in the text of a file, new or changed. Documents whose text stayed the same keep what is known of them.
    pub fn set_text(&mut self, path: &Path, text: &str) {
        self.set_texts(vec![(path.to_owned(), text.to_owned())]);
    }

    /// Takes in many files at once; they are read in parallel.
    pub fn set_texts(&mut self, files: Vec<(PathBuf, String)>) {
        let now = &self.now;
        let read = |(path, text): (PathBuf, String)| {
            let contents = read_documents(&path, &text, now.file(&path));
            (path, text, contents)
        };
        let files: Vec<_> = files.into_par_iter().map(read).collect();
        for (path, text, contents) in files {
            self.place(&path, &text, contents);
        }
        self.finish();
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &Path) {
        let Some(id) = self.now.ids.remove(path) else { return };
        self.now.files.remove(&id);
        for scope in self.now.scopes_of.remove(&id).iter().flat_map(|scopes| scopes.iter()) {
            self.leave((*scope, id));
        }
        self.mesh_is_stale |= self.mesh_files.remove(path).is_some();
        self.rendered.forget(path);
        self.must_plan = true;
        self.changed.remove(&id);
        self.removed.insert(path.to_owned());
        self.finish();
    }

    /// The charts that Helm can render, each with its values: those that `are_wanted` and that it was not asked about since
    /// one of their files changed.
    pub fn take_chart_calls(&mut self, are_wanted: impl Fn(&ChartCall) -> bool) -> Vec<ChartCall> {
        let calls: BTreeSet<&ChartCall> = self.now.plans.values().filter_map(|plan| plan.call.as_ref()).collect();
        let wanted = calls.into_iter().filter(|call| are_wanted(call) && self.rendered.ask(call));
        wanted.cloned().collect()
    }

    /// Takes in what Helm made of charts. It stands for what is read of their templates until one of their files changes.
    pub fn set_rendered(&mut self, rendered: Vec<(ChartCall, Rendered)>) {
        rendered.into_iter().for_each(|(call, rendered)| self.rendered.keep(&call, rendered));
        self.must_plan = true;
        self.finish();
    }

    /// Checks at most `budget` resources, those of the files `first` before the others; true when nothing is left to do.
    pub fn check_some(&mut self, first: &[PathBuf], budget: usize) -> bool {
        let files = first.iter().filter_map(|path| self.now.file(path));
        let urgent: Vec<ResourceId> = files.flat_map(|file| self.now.resources_in(file.id)).collect();
        let settings = self.now.settings.clone();
        for id in self.checks.run(&urgent, budget, &self.now, &settings) {
            self.changed.extend(self.now.files_behind(id));
        }
        self.now.checked = self.checks.done.clone();
        self.checks.is_clean()
    }

    /// Checks everything that is left.
    pub fn check_all(&mut self) {
        while !self.check_some(&[], usize::MAX) {}
    }

    /// Every resource of the file has been checked since the last change that concerns it.
    #[must_use]
    pub fn is_checked(&self, path: &Path) -> bool {
        self.now.file(path).is_none_or(|file| !self.has_dirty(file.id))
    }

    /// Files whose findings, or whose text, changed since the last call and that are wholly checked; and files that are gone.
    pub fn take_changed(&mut self) -> Vec<PathBuf> {
        let (ready, waiting): (BTreeSet<_>, BTreeSet<_>) =
            self.changed.iter().copied().partition(|id| !self.has_dirty(*id));
        self.changed = waiting;
        let files = ready.iter().filter_map(|id| self.now.files.get(id)).map(|file| file.path.to_path_buf());
        let removed = std::mem::take(&mut self.removed).into_iter().filter(|path| !self.now.ids.contains_key(&**path));
        files.chain(removed).collect()
    }

    /// The settings in force.
    pub(super) fn settings(&self) -> &Settings {
        &self.now.settings
    }

    /// The file at `path` has been read.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.now.ids.contains_key(path)
    }

    /// What a reader sees now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.now.clone()
    }

    fn has_dirty(&self, file: FileId) -> bool {
        !self.checks.is_clean() && self.now.resources_in(file).any(|id| self.checks.is_dirty(id))
    }

    /// Puts the documents of a file in the place of the old ones.
    fn place(&mut self, path: &Path, text: &str, contents: Vec<Arc<DocumentContent>>) {
        let id = self.file_id(path);
        let file = Arc::new(File::of(id, path.into(), contents));
        self.mesh_is_stale |= self.is_named_for_mesh(path);
        if mesh_config::is_mesh_file(path) {
            self.read_mesh_file(path, text);
        }
        let is_new = self.now.files.insert(id, file.clone()).is_none();
        let says_plan = || deliveries::says_deliveries(&file) || charts::concerns_others(&file);
        self.must_plan |= is_new || self.rendered.forget(path) || self.built_on.contains(path) || says_plan();
        self.unseen.insert(id);
        self.changed.insert(id);
    }

    fn read_mesh_file(&mut self, path: &Path, text: &str) {
        // Resources may stand in a file of that name too.
        let is_resource = text.contains("apiVersion:");
        let mesh = if is_resource { None } else { mesh_config::parse(text, &path.display().to_string()) };
        match mesh {
            Some(mesh) => self.mesh_files.insert(path.to_owned(), mesh),
            None => self.mesh_files.remove(path),
        };
        self.mesh_is_stale = true;
    }

    /// Brings everything up to date with the files.
    fn finish(&mut self) {
        let mut work = if std::mem::take(&mut self.must_plan) { self.plan() } else { BTreeSet::new() };
        for file in std::mem::take(&mut self.unseen) {
            let scopes = self.now.scopes_of.get(&file).cloned();
            work.extend(scopes.iter().flat_map(|scopes| scopes.iter()).map(|scope| (*scope, file)));
        }
        self.see(&work);
        let touched = std::mem::take(&mut self.touched);
        self.show_world(touched.keys().copied());
        for (scope, keys) in &touched {
            self.checks.touch(*scope, keys);
        }
        let may_hold = |key: &Key| matches!(key, Key::All(kind) if mesh_config::may_hold(*kind));
        if std::mem::take(&mut self.mesh_is_stale) || touched.values().flatten().any(may_hold) {
            self.choose_mesh();
        }
        self.now.checked = self.checks.done.clone();
    }

    /// Shows every scope what the others hold; a scope that is alone needs to know of none.
    fn show_world(&mut self, touched: impl Iterator<Item = ScopeId>) {
        let is_shown = !self.world.is_empty();
        if self.now.indexes.len() < 2 && !is_shown {
            return;
        }
        let scopes: Vec<ScopeId> = self.now.indexes.keys().copied().collect();
        let changed: Vec<ScopeId> = if is_shown { touched.collect() } else { scopes.clone() };
        changed.iter().filter_map(|scope| self.now.indexes.get(scope)).for_each(|index| self.world.set(index));
        for scope in scopes {
            if let Some(index) = self.now.indexes.get_mut(&scope) {
                index.set_world(&self.world);
            }
        }
    }

    /// The mesh configuration in force: the scope's, else the settings', else a file's, else a resource's of the scope, else
    /// one of another scope, else istiod's defaults.
    fn choose_mesh(&mut self) {
        let settings = self.now.settings.clone();
        let of_settings = self.mesh_of(settings.mesh_config.as_ref(), settings.mesh_config_file.as_deref());
        let of_file = || self.mesh_files.iter().next().map(|(path, mesh)| (path.display().to_string(), mesh.clone()));
        let given = of_settings.map(|mesh| ("istio-ls.yaml".to_owned(), mesh)).or_else(of_file);
        let mut own: BTreeMap<ScopeId, Option<(String, MeshConfig)>> = BTreeMap::new();
        for (scope, index) in &self.now.indexes {
            let plan = self.now.plans.get(scope).filter(|plan| plan.origin == Origin::Settings);
            let listed = plan.and_then(|plan| settings.scopes.iter().find(|listed| listed.title() == plan.name));
            let of_scope =
                listed.and_then(|scope| self.mesh_of(scope.mesh_config.as_ref(), scope.mesh_config_file.as_deref()));
            let of_scope = of_scope.map(|mesh| ("istio-ls.yaml, for this scope".to_owned(), mesh));
            let of_resources = || {
                let mesh = mesh_config::of_resources(index, &self.now)?;
                Some(("a resource of the scope".to_owned(), mesh))
            };
            own.insert(*scope, of_scope.or_else(|| given.clone()).or_else(of_resources));
        }
        let of_others = own.values().flatten().next().map(|(_, mesh)| ("another scope".to_owned(), mesh.clone()));
        let fallback = of_others.unwrap_or_else(|| ("istiod's defaults".to_owned(), MeshConfig::default()));
        let mut origins = BTreeMap::new();
        for (scope, chosen) in own {
            let (origin, mesh) = chosen.unwrap_or_else(|| fallback.clone());
            let mut touched = Vec::new();
            if let Some(index) = self.now.indexes.get_mut(&scope) {
                index.set_mesh(mesh, &mut touched);
            }
            origins.insert(scope, origin);
            self.checks.touch(scope, &touched);
        }
        self.now.mesh_origins = Arc::new(origins);
    }

    /// The mesh configuration that settings hold or that stands in a file of the workspace which they name.
    fn mesh_of(&self, written: Option<&MeshConfig>, file: Option<&str>) -> Option<MeshConfig> {
        let path = file.map(|file| settings::resolve(&self.settings_root, file));
        let text = || Some(self.now.file(path.as_deref()?)?.text());
        written.cloned().or_else(|| match settings::mesh_config(&text()?) {
            Ok(mesh) => Some(mesh),
            Err(message) => {
                tracing::warn!("the mesh configuration of {} is not used: {message}", file.unwrap_or_default());
                None
            }
        })
    }

    /// The settings name the file at `path` as a mesh configuration.
    fn is_named_for_mesh(&self, path: &Path) -> bool {
        self.now.settings.mesh_files(&self.settings_root).any(|file| file == path)
    }

    fn file_id(&mut self, path: &Path) -> FileId {
        if let Some(id) = self.now.ids.get(path) {
            return *id;
        }
        let id = FileId(self.next_file);
        self.next_file += 1;
        self.now.ids.insert(path.into(), id);
        id
    }
}

/// The documents of `text`; those that stood in the file before are not read again.
fn read_documents(path: &Path, text: &str, before: Option<&Arc<File>>) -> Vec<Arc<DocumentContent>> {
    let documents = before.iter().flat_map(|file| &file.documents);
    let known: HashMap<&str, &Arc<DocumentContent>> =
        documents.map(|known| (&*known.content.yaml.text, &known.content)).collect();
    let piece = |range| {
        let text = text.get::<std::ops::Range<usize>>(range).unwrap_or("");
        known.get(text).map_or_else(|| Arc::new(DocumentContent::read(text)), |known| Arc::clone(known))
    };
    if load::is_included(path) {
        let same = known.get(text).map(|known| Arc::clone(known));
        return vec![same.unwrap_or_else(|| Arc::new(DocumentContent::included(text)))];
    }
    yaml::split(text).into_iter().map(piece).collect()
}
