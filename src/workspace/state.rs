//! The writer's side: texts go in, the index is patched, what must be checked again is marked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::checks::Checks;
use super::file::DocumentContent;
use super::{File, PlacedDocument, Settings, Snapshot, mesh_config};
use crate::index::{Entry, FileId, Key, MeshConfig, ResourceId};
use crate::resource::{Kind, Resource};
use crate::yaml;

/// The state of one workspace, owned by one writer. It reads no disk and starts no thread of its own beyond a call.
#[derive(Debug, Default)]
pub struct Workspace {
    now: Snapshot,
    checks: Checks,
    changed: BTreeSet<FileId>,
    removed: BTreeSet<PathBuf>,
    mesh_files: BTreeMap<PathBuf, MeshConfig>,
    next_file: u32,
}

impl Workspace {
    /// An empty workspace.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let mut workspace = Self::default();
        workspace.set_settings(settings);
        workspace
    }

    /// Puts other settings in force.
    pub fn set_settings(&mut self, settings: Settings) {
        if *self.now.settings == settings {
            return;
        }
        self.now.settings = Arc::new(settings);
        self.checks.mark_all(self.now.index.entries().map(|entry| entry.id));
        self.changed.extend(self.now.files.keys());
        self.choose_mesh();
    }

    /// Takes in many files at once; they are read in parallel.
    pub fn set_texts(&mut self, files: Vec<(PathBuf, String)>) {
        let read = |(path, text): (PathBuf, String)| {
            let contents = read_documents(&text, &HashMap::new());
            (path, text, contents)
        };
        let files: Vec<_> = files.into_par_iter().map(read).collect();
        let mut touched = Vec::new();
        for (path, text, contents) in files {
            self.place(&path, &text, contents, &mut touched);
        }
        self.finish(&touched);
    }

    /// Takes in the text of a file, new or changed. Documents whose text stayed the same keep what is known of them.
    pub fn set_text(&mut self, path: &Path, text: &str) {
        let known: HashMap<&str, Arc<DocumentContent>> = self
            .now
            .file(path)
            .map(|file| file.documents.iter().map(|known| (&*known.content.yaml.text, known.content.clone())).collect())
            .unwrap_or_default();
        let contents = read_documents(text, &known);
        let mut touched = Vec::new();
        self.place(path, text, contents, &mut touched);
        self.finish(&touched);
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &Path) {
        let Some(id) = self.now.ids.remove(path) else { return };
        let mut touched = Vec::new();
        if let Some(file) = self.now.files.remove(&id) {
            file.documents.iter().flat_map(|document| &document.resources).for_each(|id| self.drop(*id, &mut touched));
        }
        self.mesh_files.remove(path);
        self.changed.remove(&id);
        self.removed.insert(path.to_owned());
        touched.push(Key::Mesh);
        self.finish(&touched);
    }

    /// Checks at most `budget` resources, those of the files `first` before the others; true when nothing is left to do.
    pub fn check_some(&mut self, first: &[PathBuf], budget: usize) -> bool {
        let files = first.iter().filter_map(|path| self.now.file(path));
        let urgent: Vec<ResourceId> =
            files.flat_map(|file| &file.documents).flat_map(|document| &document.resources).copied().collect();
        let settings = self.now.settings.clone();
        self.changed.extend(self.checks.run(&urgent, budget, &self.now, &settings));
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
        self.now.file(path).is_none_or(|file| !self.has_dirty(file))
    }

    /// Files whose findings, or whose text, changed since the last call and that are wholly checked; and files that are gone.
    pub fn take_changed(&mut self) -> Vec<PathBuf> {
        let ready = |id: &FileId| self.now.files.get(id).is_none_or(|file| !self.has_dirty(file));
        let (ready, waiting): (BTreeSet<_>, BTreeSet<_>) = self.changed.iter().copied().partition(ready);
        self.changed = waiting;
        let files = ready.iter().filter_map(|id| self.now.files.get(id)).map(|file| file.path.to_path_buf());
        let removed = std::mem::take(&mut self.removed).into_iter().filter(|path| !self.now.ids.contains_key(&**path));
        files.chain(removed).collect()
    }

    /// What a reader sees now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.now.clone()
    }

    fn has_dirty(&self, file: &File) -> bool {
        file.documents.iter().flat_map(|document| &document.resources).any(|id| self.checks.is_dirty(*id))
    }

    /// Puts the documents of a file in the place of the old ones.
    fn place(&mut self, path: &Path, text: &str, contents: Vec<Arc<DocumentContent>>, touched: &mut Vec<Key>) {
        let id = self.file_id(path);
        let mut before = self.now.files.get(&id).map(|file| file.documents.clone()).unwrap_or_default().into_iter();
        let mut gone = Vec::new();
        let mut documents = Vec::with_capacity(contents.len());
        let (mut start, mut first_line) = (0, 0);
        let mut fresh = Vec::new();
        for content in contents {
            let number = documents.len();
            // Documents that stay keep their order, which is the order of their resources in the index; one that moved
            // before another is filed anew.
            let at = before.as_slice().iter().position(|old| Arc::ptr_eq(&old.content, &content));
            let resources = at.and_then(|at| {
                gone.extend(before.by_ref().take(at));
                before.next().map(|old| old.resources)
            });
            if let Some(resources) = &resources {
                let number = u32::try_from(number).unwrap_or(u32::MAX);
                resources.iter().for_each(|resource| self.now.index.relocate(*resource, number));
            } else {
                fresh.push(number);
            }
            let (length, lines) = (content.yaml.text.len(), content.yaml.lines.line_ends());
            documents.push(PlacedDocument { start, first_line, content, resources: resources.unwrap_or_default() });
            start += length;
            first_line += lines;
        }
        gone.extend(before);
        gone.iter().flat_map(|gone| &gone.resources).for_each(|resource| self.drop(*resource, touched));
        let path: Arc<Path> = path.into();
        for number in fresh {
            if let Some(document) = documents.get_mut(number) {
                document.resources = self.file_resources(id, &path, number, &document.content.resources, touched);
            }
        }
        if mesh_config::is_mesh_file(&path) {
            self.read_mesh_file(&path, text);
            touched.push(Key::Mesh);
        }
        self.now.files.insert(id, Arc::new(File { id, path, documents }));
        self.changed.insert(id);
    }

    fn file_resources(
        &mut self,
        file: FileId,
        path: &Arc<Path>,
        document: usize,
        resources: &[Arc<Resource>],
        touched: &mut Vec<Key>,
    ) -> Vec<ResourceId> {
        let document = u32::try_from(document).unwrap_or(u32::MAX);
        let file_one = |resource: &Arc<Resource>| {
            let namespace = namespace_of(resource);
            let entry =
                Entry { id: ResourceId(0), resource: resource.clone(), namespace, file, path: path.clone(), document };
            let id = self.now.index.insert(entry, touched);
            self.checks.mark(id);
            id
        };
        resources.iter().map(file_one).collect()
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

    fn drop(&mut self, resource: ResourceId, touched: &mut Vec<Key>) {
        self.now.index.remove(resource, touched);
        self.checks.forget(resource);
    }

    fn read_mesh_file(&mut self, path: &Path, text: &str) {
        // Resources may stand in a file of that name too.
        let is_resource = text.contains("apiVersion:");
        let mesh = if is_resource { None } else { mesh_config::parse(text, &path.display().to_string()) };
        match mesh {
            Some(mesh) => self.mesh_files.insert(path.to_owned(), mesh),
            None => self.mesh_files.remove(path),
        };
    }

    fn finish(&mut self, touched: &[Key]) {
        self.checks.touch(touched);
        let mesh_may_change = touched.iter().any(|key| match key {
            Key::Mesh => true,
            Key::All(kind) => mesh_config::may_hold(*kind),
            _ => false,
        });
        if mesh_may_change {
            self.choose_mesh();
        }
        self.now.checked = self.checks.done.clone();
    }

    /// The mesh configuration in force: the settings', else a file's, else a resource's, else istiod's defaults.
    fn choose_mesh(&mut self) {
        let set = self.now.settings.mesh_config.clone();
        let of_file = || self.mesh_files.values().next().cloned();
        let mesh = set.or_else(of_file).or_else(|| mesh_config::of_resources(&self.now.index, &self.now));
        let mut touched = Vec::new();
        self.now.index.set_mesh(mesh.unwrap_or_default(), &mut touched);
        self.checks.touch(&touched);
    }
}

/// The documents of `text`; those in `known` are not read again.
fn read_documents(text: &str, known: &HashMap<&str, Arc<DocumentContent>>) -> Vec<Arc<DocumentContent>> {
    let piece = |range| {
        let text = text.get::<std::ops::Range<usize>>(range).unwrap_or("");
        known.get(text).cloned().unwrap_or_else(|| Arc::new(DocumentContent::read(text)))
    };
    yaml::split(text).into_iter().map(piece).collect()
}

/// The namespace of a resource; `default` where the author left it out, as `kubectl` fills it in.
fn namespace_of(resource: &Resource) -> SmolStr {
    match resource.kind {
        kind if !Kind::is_namespaced(kind) => SmolStr::default(),
        _ => resource.metadata.namespace.value().cloned().unwrap_or_else(|| SmolStr::new_static("default")),
    }
}
