//! All resources of one scope, looked up by key.
//!
//! An [`Index`] is a value: cloning it is cheap and shares everything, so a reader keeps the one it has while the writer
//! goes on. It is filed like a library: every resource stands under each [`Key`] that somebody may look it up by
//! ([`keys::of`] says which). Readers go through the one door, [`View`], which notes each key that was asked for, misses
//! included; when a later edit touches a key, exactly those who asked for it have to look again.

mod entry;
pub mod keys;
pub mod known;
mod mesh;
mod view;
mod visibility;
mod world;

use std::sync::Arc;

pub use entry::{Entry, FileId, Ref, ResourceId, ScopeId};
use imbl::{HashMap, OrdMap};
pub use keys::Key;
pub use known::Known;
pub use mesh::MeshConfig;
use smol_str::SmolStr;
pub use view::{HostProvider, Lookup, Reads, View};
pub use visibility::Exported;
use world::Shelves;
pub use world::World;

use crate::resource::Kind;

/// The resources of one scope.
#[derive(Debug, Clone, Default)]
pub struct Index {
    scope: ScopeId,
    nature: Nature,
    known: Arc<Known>,
    world: World,
    entries: HashMap<ResourceId, Arc<Entry>>,
    shelves: Shelves,
    /// Each namespace with workloads, and their number.
    populated: OrdMap<SmolStr, usize>,
    /// Each folder with variants of a resource in several files, and the number of such pairs.
    variants: HashMap<Key, usize>,
    mesh: Arc<MeshConfig>,
    next_id: u32,
}

/// What is known of a scope as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nature {
    /// Something says that all of it is applied together: a kustomization, a chart, a delivery, the settings. A plain
    /// folder may hold lessons and variants side by side.
    pub is_declared: bool,
    /// What it takes in that the workspace does not show.
    pub opening: Opening,
}

/// What a scope takes in that the workspace does not show; each takes in those before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Opening {
    /// Nothing.
    #[default]
    Nothing,
    /// ConfigMaps and Secrets that are generated.
    Secrets,
    /// More objects of any kind: a remote base, a chart.
    Objects,
    /// And what is seen may be changed on its way: by a plugin, by a patch that is not there.
    Everything,
}

impl Opening {
    /// A resource that the key finds may be taken in.
    fn may_hold(self, key: &Key) -> bool {
        match self {
            Self::Nothing => false,
            Self::Secrets => matches!(key.kind(), Some(Kind::Secret | Kind::ConfigMap)),
            Self::Objects | Self::Everything => true,
        }
    }
}

impl Index {
    /// The empty index of a scope.
    #[must_use]
    pub fn of_scope(scope: ScopeId, nature: Nature) -> Self {
        Self { scope, nature, ..Self::default() }
    }

    /// The scope.
    #[must_use]
    pub fn scope(&self) -> ScopeId {
        self.scope
    }

    /// What is known of the scope as a whole.
    #[must_use]
    pub fn nature(&self) -> Nature {
        self.nature
    }

    /// Says what the cluster holds besides; it counts for what is checked from now on.
    pub fn set_known(&mut self, known: Arc<Known>) {
        self.known = known;
    }

    /// Says what all scopes of the workspace hold.
    pub fn set_world(&mut self, world: &World) {
        self.world = world.clone();
    }

    /// Files a resource and answers its identity; `touched` gains every key that now finds it.
    pub fn insert(&mut self, mut entry: Entry, touched: &mut Vec<Key>) -> ResourceId {
        let id = ResourceId { scope: self.scope, number: self.next_id };
        self.next_id += 1;
        entry.id = id;
        self.count_variants(&entry, touched, usize::saturating_add);
        for key in keys::of(&entry) {
            let shelf = Arc::make_mut(self.shelves.entry(key.clone()).or_default());
            let entries = &self.entries;
            let is_before = |other: &ResourceId| entries.get(other).is_some_and(|other| other.order() < entry.order());
            shelf.insert(shelf.partition_point(is_before), id);
            touched.push(key);
        }
        if entry.workload().is_some() {
            *self.populated.entry(entry.namespace.clone()).or_default() += 1;
        }
        self.entries.insert(id, Arc::new(entry));
        id
    }

    /// Takes a resource out; `touched` gains every key that found it.
    pub fn remove(&mut self, id: ResourceId, touched: &mut Vec<Key>) {
        let Some(entry) = self.entries.remove(&id) else { return };
        self.count_variants(&entry, touched, usize::saturating_sub);
        for key in keys::of(&entry) {
            if let Some(shelf) = self.shelves.get_mut(&key) {
                Arc::make_mut(shelf).retain(|other| *other != id);
                if shelf.is_empty() {
                    self.shelves.remove(&key);
                }
            }
            touched.push(key);
        }
        if entry.workload().is_some()
            && let Some(number) = self.populated.get_mut(&entry.namespace)
        {
            *number -= 1;
            if *number == 0 {
                self.populated.remove(&entry.namespace);
            }
        }
    }

    /// Counts the resource among the variants of its folder, or no longer.
    fn count_variants(&mut self, entry: &Entry, touched: &mut Vec<Key>, count: fn(usize, usize) -> usize) {
        let named = Key::Named(entry.resource.kind, entry.namespace.clone(), entry.name().into());
        let folder = entry.path.parent();
        let is_variant = |other: &&Arc<Entry>| other.file != entry.file && other.path.parent() == folder;
        let found = self.shelf(&named).iter().filter_map(|id| self.entries.get(id)).filter(is_variant).count();
        let Some(folder) = folder.filter(|_| found > 0 && !entry.name().is_empty()) else { return };
        let key = Key::variants(folder);
        let before = self.variants.remove(&key).unwrap_or_default();
        let after = count(before, found);
        if after > 0 {
            self.variants.insert(key.clone(), after);
        }
        if (before > 0) != (after > 0) {
            touched.push(key);
        }
    }

    /// Notes that an unchanged resource now stands in another document of its file. No key is touched: whatever was
    /// said about the resource holds, since its spans count from the start of its document.
    pub fn relocate(&mut self, id: ResourceId, document: u32) {
        if let Some(entry) = self.entries.get_mut(&id)
            && entry.document != document
        {
            Arc::make_mut(entry).document = document;
        }
    }

    /// Puts another mesh configuration in force; `touched` gains [`Key::Mesh`] if it differs.
    pub fn set_mesh(&mut self, mesh: MeshConfig, touched: &mut Vec<Key>) {
        if *self.mesh != mesh {
            self.mesh = Arc::new(mesh);
            touched.push(Key::Mesh);
        }
    }

    /// The resource with this identity.
    #[must_use]
    pub fn entry(&self, id: ResourceId) -> Option<&Arc<Entry>> {
        self.entries.get(&id)
    }

    /// Every resource, in no order.
    pub fn entries(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.values()
    }

    /// Number of resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// No resource is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn holds_variants(&self, key: &Key) -> bool {
        self.variants.contains_key(key)
    }

    fn shelf(&self, key: &Key) -> &[ResourceId] {
        self.shelves.get(key).map_or(&[], |shelf| shelf.as_slice())
    }
}
