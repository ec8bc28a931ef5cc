//! What the scopes of a workspace hold together.

use std::sync::Arc;

use imbl::{HashMap, OrdMap};

use super::{Index, Key, ResourceId, ScopeId};

/// The shelves of every scope: a reference that leads out of its scope may be meant so.
#[derive(Debug, Clone, Default)]
pub struct World {
    scopes: OrdMap<ScopeId, Shelves>,
}

/// Which resources stand under which key.
pub(super) type Shelves = HashMap<Key, Arc<Vec<ResourceId>>>;

impl World {
    /// Takes in what a scope holds now.
    pub fn set(&mut self, index: &Index) {
        self.scopes.insert(index.scope, index.shelves.clone());
    }

    /// No scope is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scopes.is_empty()
    }

    /// Forgets a scope.
    pub fn forget(&mut self, scope: ScopeId) {
        self.scopes.remove(&scope);
    }

    /// The resources under `key` in other scopes than `scope`.
    pub(super) fn beside<'a>(&'a self, scope: ScopeId, key: &'a Key) -> impl Iterator<Item = ResourceId> + 'a {
        let others = self.scopes.iter().filter(move |(other, _)| **other != scope);
        others.filter_map(|(_, shelves)| shelves.get(key)).flat_map(|shelf| shelf.iter().copied())
    }
}
