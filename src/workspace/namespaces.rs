//! The namespace of resources that name none, where nothing says it: the only one that the others of the scope name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::filing::Membership;
use super::scopes::seen::Seen;
use super::{Origin, Plan, Workspace};
use crate::index::ScopeId;
use crate::resource::Resource;

/// How many resources of each scope name a namespace.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    named: BTreeMap<ScopeId, BTreeMap<SmolStr, usize>>,
    /// The scopes whose numbers changed.
    touched: BTreeSet<ScopeId>,
}

impl Namespaces {
    pub(super) fn add(&mut self, scope: ScopeId, seen: &[Seen]) {
        let of_scope = self.named.entry(scope).or_default();
        for namespace in named(seen) {
            *of_scope.entry(namespace.clone()).or_default() += 1;
        }
        self.touched.insert(scope);
    }

    pub(super) fn take(&mut self, scope: ScopeId, seen: &[Seen]) {
        let of_scope = self.named.entry(scope).or_default();
        for namespace in named(seen) {
            let left = of_scope.get(namespace).map_or(0, |number| number.saturating_sub(1));
            match of_scope.get_mut(namespace) {
                Some(number) if left > 0 => *number = left,
                _ => drop(of_scope.remove(namespace)),
            }
        }
        self.touched.insert(scope);
    }

    /// The only namespace that is named in a scope. One of the platform is no place for others.
    fn only(&self, scope: ScopeId) -> Option<SmolStr> {
        let named = self.named.get(&scope)?;
        let (only, _) = named.first_key_value().filter(|_| named.len() == 1)?;
        (only != "istio-system" && !only.starts_with("kube-")).then(|| only.clone())
    }
}

fn named(seen: &[Seen]) -> impl Iterator<Item = &SmolStr> {
    // What is in the cluster already says nothing of where the rest is applied.
    let applied = seen.iter().filter(|seen| !seen.is_context);
    let resources = applied.flat_map(Seen::content).filter(|resource| resource.kind.is_namespaced());
    resources.filter_map(|resource| resource.metadata.namespace.value())
}

/// The resource is in the namespace that stands for none.
pub(super) fn is_bare(resource: &Resource) -> bool {
    resource.kind.is_namespaced() && resource.metadata.namespace.value().is_none()
}

impl Workspace {
    /// Notes what a scope sees of a file in the place of what it saw before.
    pub(super) fn count_namespaces(&mut self, membership: Membership, seen: &[Seen]) {
        if let Some(before) = self.now.seen.get(&membership) {
            self.namespaces.take(membership.0, before);
        }
        self.namespaces.add(membership.0, seen);
    }

    /// Moves resources without a namespace where the only one of their scope changed.
    pub(super) fn settle_namespaces(&mut self) {
        for scope in std::mem::take(&mut self.namespaces.touched) {
            let may_have = |plan: &&Arc<Plan>| {
                plan.namespace.is_none()
                    && matches!(plan.origin, Origin::Folder | Origin::Kustomization | Origin::Settings)
            };
            let now = self.now.plans.get(&scope).filter(may_have).and_then(|_| self.namespaces.only(scope));
            if self.now.only_namespaces.get(&scope) == now.as_ref() {
                continue;
            }
            let only = Arc::make_mut(&mut self.now.only_namespaces);
            match now {
                Some(now) => drop(only.insert(scope, now)),
                None => drop(only.remove(&scope)),
            }
            self.move_bare(scope);
        }
    }
}
