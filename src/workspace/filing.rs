//! Files resources in the indexes of the scopes that their files belong to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::kustomizations::{self, Kustomized};
use super::namespaces::is_bare;
use super::scopes::plan::{Plan, Way, Ways};
use super::scopes::plans::{self, Plans};
use super::scopes::seen::Seen;
use super::settings::Paths;
use super::{File, Workspace, vendored};
use crate::index::{Entry, FileId, Index, ResourceId, ScopeId};
use crate::resource::Resource;

/// Below this many files, handing them to other threads costs more than it saves.
const WORTH_SHARING: usize = 16;

/// A file in a scope.
pub(super) type Membership = (ScopeId, FileId);

impl Workspace {
    /// Works out anew which scopes there are. Answers the memberships that are new or that go another way than before.
    pub(super) fn plan(&mut self) -> BTreeSet<Membership> {
        let inside = self.now.files.values().filter(|file| !self.now.is_outside(&file.path));
        let mut plans = plans::of(inside, &self.now.settings, (&self.layers, &self.rendered), self.now.root());
        self.add_outside(&mut plans);
        // Its paths may name something else than before.
        self.changed.extend(self.now.settings_file().and_then(|path| self.now.ids.get(path)));
        self.built_on = plans.built_on;
        self.built_on.extend(self.now.ids.keys().filter(|path| vendored::says_dependencies(path)).cloned());
        self.now.vendored = vendored::folders(self.now.files.values());
        self.layers = plans.layers;
        self.settings_root = plans.settings_root;
        self.now.context = Arc::new(plans.context);
        let now: BTreeMap<ScopeId, Arc<Plan>> =
            plans.found.into_iter().map(|plan| (self.scope_id(&plan), Arc::new(plan))).collect();
        self.about_kustomizations(&now);
        let before = std::mem::replace(&mut self.now.plans, Arc::new(now.clone()));
        for (scope, plan) in before.iter() {
            self.close(*scope, plan, now.get(scope));
        }
        let known = Arc::new(self.now.settings.known.for_index());
        let mut fresh = BTreeSet::new();
        let mut scopes_of: BTreeMap<FileId, Vec<ScopeId>> = BTreeMap::new();
        for (scope, plan) in &now {
            if !self.now.indexes.contains_key(scope) {
                self.now.indexes.insert(*scope, Index::of_scope(*scope, plan.nature));
                self.mesh_is_stale = true;
            }
            if let Some(index) = self.now.indexes.get_mut(scope) {
                index.set_known(Arc::clone(&known));
            }
            for (path, ways) in &plan.members {
                let Some(file) = self.now.ids.get(path).copied() else { continue };
                scopes_of.entry(file).or_default().push(*scope);
                let old = before.get(scope).and_then(|before| before.members.get(path));
                if old.is_none_or(|old| !are_same(old, ways)) || !self.now.seen.contains_key(&(*scope, file)) {
                    fresh.insert((*scope, file));
                }
            }
        }
        self.now.scopes_of = scopes_of.into_iter().map(|(file, scopes)| (file, Arc::from(scopes))).collect();
        fresh
    }

    /// What `context` names outside the folder is in the cluster, whatever the scope.
    fn add_outside(&self, plans: &mut Plans) {
        let named = Paths::new(&plans.settings_root, &self.now.settings.context);
        let outside = self.now.ids.keys().filter(|path| self.now.is_outside(path) && named.holds(path));
        for path in outside {
            plans.context.insert(path.clone());
            for plan in &mut plans.found {
                plan.members.insert(path.clone(), vec![Way::of_context()]);
            }
        }
    }

    /// What is wrong with kustomizations hangs on all files.
    fn about_kustomizations(&mut self, plans: &BTreeMap<ScopeId, Arc<Plan>>) {
        let now = kustomizations::of(self.layers.all(), &self.now, plans);
        let before = std::mem::replace(&mut self.now.kustomizations, Arc::new(now.clone()));
        let is_same = |path: &Arc<Path>, about: &Kustomized| {
            before.get(path).is_some_and(|before| before.missing == about.missing && before.circles == about.circles)
        };
        let other = now.iter().filter(|(path, about)| !is_same(path, about)).map(|(path, _)| path);
        self.changed.extend(other.filter_map(|path| self.now.ids.get(path)));
    }

    fn scope_id(&mut self, plan: &Plan) -> ScopeId {
        let next = ScopeId(u32::try_from(self.scope_ids.len()).unwrap_or(u32::MAX));
        *self.scope_ids.entry(plan.title()).or_insert(next)
    }

    /// Takes out of a scope what does not belong to it any more; all of it where what holds for all of it changed.
    fn close(&mut self, scope: ScopeId, before: &Plan, now: Option<&Arc<Plan>>) {
        let stays = now.filter(|now| now.nature == before.nature && now.namespace == before.namespace);
        for path in before.members.keys().filter(|path| stays.is_none_or(|now| !now.members.contains_key(*path))) {
            if let Some(file) = self.now.ids.get(path).copied() {
                self.leave((scope, file));
            }
        }
        if stays.is_none() {
            self.now.indexes.remove(&scope);
            self.world.forget(scope);
            self.mesh_is_stale = true;
        }
    }

    /// Takes a file out of a scope.
    pub(super) fn leave(&mut self, membership: Membership) {
        let Some(seen) = self.now.seen.remove(&membership) else { return };
        self.namespaces.take(membership.0, &seen);
        seen.iter().for_each(|seen| self.drop(membership.0, seen));
        self.patches_changed(seen.iter());
    }

    /// What patches do to these documents is other than before.
    fn patches_changed<'s>(&mut self, seen: impl Iterator<Item = &'s Seen>) {
        self.changed.extend(seen.flat_map(Seen::patched_by).filter_map(|path| self.now.ids.get(path)));
    }

    /// Brings files in scopes up to date with what stands in them.
    pub(super) fn see(&mut self, memberships: &BTreeSet<Membership>) {
        let look = |membership: &Membership| Some((*membership, self.look(*membership)?));
        let seen: Vec<(Membership, Vec<Seen>)> = if memberships.len() < WORTH_SHARING {
            memberships.iter().filter_map(look).collect()
        } else {
            memberships.par_iter().filter_map(look).collect()
        };
        for (membership, seen) in &seen {
            self.count_namespaces(*membership, seen);
        }
        self.settle_namespaces();
        for (membership, seen) in seen {
            self.file(membership, seen);
        }
    }

    /// The documents of a file as a scope sees them, way by way, not yet filed.
    fn look(&self, (scope, file): Membership) -> Option<Vec<Seen>> {
        let plan = self.now.plans.get(&scope)?;
        let before = self.now.seen.get(&(scope, file)).map_or(&[][..], |seen| seen);
        let file = self.now.files.get(&file)?;
        let ways = plan.members.get(&file.path)?;
        Some(Seen::of_file(file, ways, before))
    }

    /// Puts the documents of a file in the place of those that the scope saw before.
    fn file(&mut self, membership: Membership, mut seen: Vec<Seen>) {
        let (scope, file) = membership;
        let documents = self.now.files.get(&file).map_or(1, |file| file.documents.len().max(1));
        let before = self.now.seen.get(&membership).cloned().unwrap_or_default();
        let mut before = before.iter();
        let mut gone = Vec::new();
        let mut fresh = Vec::new();
        for (number, document) in seen.iter_mut().enumerate() {
            // Documents that stay keep their order, which is the order of their resources in the index; one that moved
            // before another is filed anew.
            let Some(at) = before.as_slice().iter().position(|old| old.is_same(document)) else {
                fresh.push(number);
                continue;
            };
            gone.extend(before.by_ref().take(at));
            if let (Some(old), Some(index)) = (before.next(), self.now.indexes.get_mut(&scope)) {
                document.resources.clone_from(&old.resources);
                let number = u32::try_from(number % documents).unwrap_or(u32::MAX);
                document.resources.iter().for_each(|resource| index.relocate(*resource, number));
            }
        }
        gone.extend(before);
        let was_patched: Vec<Seen> = gone.iter().map(|gone| (*gone).clone()).collect();
        gone.into_iter().for_each(|gone| self.drop(scope, gone));
        for number in fresh.iter().copied() {
            if let (Some(document), Some(file)) = (seen.get_mut(number), self.now.files.get(&file).cloned()) {
                self.file_document(scope, &file, number % documents, document);
            }
        }
        let is_patched = || fresh.iter().filter_map(|number| seen.get(*number));
        if !kustomizations::are_patched_alike(was_patched.iter(), is_patched()) {
            self.patches_changed(was_patched.iter().chain(is_patched()));
        }
        self.now.seen.insert(membership, seen.into());
        self.changed.insert(file);
    }

    fn file_document(&mut self, scope: ScopeId, file: &File, number: usize, document: &mut Seen) {
        let bare = self.now.namespace_of(scope);
        let Some(index) = self.now.indexes.get_mut(&scope) else { return };
        let touched = self.touched.entry(scope).or_default();
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let mut resources = Vec::with_capacity(document.content().len());
        for resource in document.content() {
            let namespace = namespace_of(resource, &bare);
            let (id, path, resource) = (ResourceId::default(), file.path.clone(), resource.clone());
            let entry = Entry { id, resource, namespace, file: file.id, path, document: number };
            let id = index.insert(entry, touched);
            self.checks.mark(id);
            if let Some(variant) = document.variant() {
                self.now.variants.insert(id, variant.clone());
                for file in variant.patches.iter().filter_map(|patch| self.now.ids.get(&patch.source.path)) {
                    self.now.patched.entry(*file).or_default().insert(id);
                }
            }
            resources.push(id);
        }
        document.resources = resources;
        self.now.patching.add(scope, document);
    }

    /// Files the resources of a scope that name no namespace anew.
    pub(super) fn move_bare(&mut self, scope: ScopeId) {
        let members = self.now.plans.get(&scope).map(|plan| plan.members.keys().cloned().collect::<Vec<_>>());
        for path in members.into_iter().flatten() {
            let Some(file) = self.now.file(&path).cloned() else { continue };
            let membership = (scope, file.id);
            let Some(seen) = self.now.seen.get(&membership).cloned() else { continue };
            let is_bare = |seen: &Seen| seen.content().iter().any(|resource| is_bare(resource));
            if !seen.iter().any(is_bare) {
                continue;
            }
            let mut seen = seen.to_vec();
            for (number, document) in seen.iter_mut().enumerate().filter(|(_, document)| is_bare(document)) {
                self.drop(scope, document);
                self.file_document(scope, &file, number % file.documents.len().max(1), document);
            }
            self.now.seen.insert(membership, seen.into());
            self.changed.insert(file.id);
        }
    }

    fn drop(&mut self, scope: ScopeId, seen: &Seen) {
        self.now.patching.take_off(scope, seen);
        for id in &seen.resources {
            if let Some(index) = self.now.indexes.get_mut(&id.scope) {
                index.remove(*id, self.touched.entry(id.scope).or_default());
            }
            self.checks.forget(*id);
            let variant = self.now.variants.remove(id);
            let patches = variant.iter().flat_map(|variant| &variant.patches);
            for file in patches.filter_map(|patch| self.now.ids.get(&patch.source.path)) {
                self.changed.insert(*file);
                if let Some(patched) = self.now.patched.get_mut(file) {
                    patched.remove(id);
                }
            }
        }
    }
}

/// A file comes in by the same ways.
fn are_same(one: &Ways, other: &Ways) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other): (&Way, &Way)| one.is_same(other))
}

/// The namespace of a resource; `bare` where the author left it out.
fn namespace_of(resource: &Resource, bare: &SmolStr) -> SmolStr {
    if !resource.kind.is_namespaced() {
        return SmolStr::default();
    }
    resource.metadata.namespace.value().cloned().unwrap_or_else(|| bare.clone())
}
