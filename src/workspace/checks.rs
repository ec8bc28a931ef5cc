//! What was found about each resource, on which keys that rests, and what must be looked at again.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use imbl::HashMap as SharedMap;
use rayon::prelude::*;
use smallvec::SmallVec;

use super::{Settings, Snapshot};
use crate::index::{Key, Reads, ResourceId, ScopeId};
use crate::rules::{self, Checked};

/// Below this many checks, handing them to other threads costs more than it saves.
const WORTH_SHARING: usize = 32;

/// The checks of all scopes.
#[derive(Debug, Default)]
pub(super) struct Checks {
    pub(super) done: SharedMap<ResourceId, Arc<Checked>>,
    dependents: HashMap<u64, SmallVec<[ResourceId; 2]>>,
    dirty: BTreeSet<ResourceId>,
}

impl Checks {
    pub(super) fn mark(&mut self, resource: ResourceId) {
        self.dirty.insert(resource);
    }

    /// Whoever asked for one of these keys in `scope`, or in all scopes, is to be checked again.
    pub(super) fn touch(&mut self, scope: ScopeId, keys: &[Key]) {
        for hash in keys.iter().flat_map(|key| [Reads::hash(scope, key), Reads::anywhere(key)]) {
            if let Some(dependents) = self.dependents.get(&hash) {
                self.dirty.extend(dependents);
            }
        }
    }

    pub(super) fn forget(&mut self, resource: ResourceId) {
        self.dirty.remove(&resource);
        if let Some(checked) = self.done.remove(&resource) {
            self.depend(resource, &checked.reads, &Reads::default());
        }
    }

    pub(super) fn is_dirty(&self, resource: ResourceId) -> bool {
        self.dirty.contains(&resource)
    }

    /// Checks at most `budget` resources: those of `first` that need it, or, when there are none, others. Answers those
    /// whose findings changed.
    pub(super) fn run(
        &mut self,
        first: &[ResourceId],
        budget: usize,
        snapshot: &Snapshot,
        settings: &Settings,
    ) -> Vec<ResourceId> {
        let urgent = first.iter().copied().filter(|id| self.dirty.contains(id));
        let mut batch: Vec<ResourceId> = urgent.take(budget).collect();
        if batch.is_empty() {
            batch.extend(self.dirty.iter().take(budget));
        }
        let check = |id: &ResourceId| {
            let index = snapshot.index(id.scope)?;
            let checked = rules::check(index.entry(*id)?, index, snapshot, &|rule| settings.runs(rule));
            Some((*id, checked))
        };
        let results: Vec<_> = if batch.len() < WORTH_SHARING {
            batch.iter().filter_map(check).collect()
        } else {
            batch.par_iter().filter_map(check).collect()
        };
        for id in batch {
            self.dirty.remove(&id);
        }
        results.into_iter().filter_map(|(id, checked)| self.keep(id, checked).then_some(id)).collect()
    }

    /// Keeps the result; true when the findings are others than before.
    fn keep(&mut self, resource: ResourceId, checked: Checked) -> bool {
        let before = self.done.get(&resource).cloned();
        let none = Reads::default();
        self.depend(resource, before.as_ref().map_or(&none, |before| &before.reads), &checked.reads);
        let changed = before.map_or(!checked.findings.is_empty(), |before| before.findings != checked.findings);
        self.done.insert(resource, Arc::new(checked));
        changed
    }

    /// Replaces the keys that `resource` depends on; both lists are sorted.
    fn depend(&mut self, resource: ResourceId, before: &Reads, now: &Reads) {
        for key in before.0.iter().filter(|key| now.0.binary_search(key).is_err()) {
            if let Some(dependents) = self.dependents.get_mut(key) {
                if let Ok(at) = dependents.binary_search(&resource) {
                    dependents.remove(at);
                }
                if dependents.is_empty() {
                    self.dependents.remove(key);
                }
            }
        }
        for key in now.0.iter().filter(|key| before.0.binary_search(key).is_err()) {
            let dependents = self.dependents.entry(*key).or_default();
            if let Err(at) = dependents.binary_search(&resource) {
                dependents.insert(at, resource);
            }
        }
    }

    pub(super) fn mark_all(&mut self, resources: impl Iterator<Item = ResourceId>) {
        self.dirty.extend(resources);
    }

    pub(super) fn is_clean(&self) -> bool {
        self.dirty.is_empty()
    }
}
