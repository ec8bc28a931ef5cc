//! What belongs to a scope, before anything is read of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use smol_str::SmolStr;

use super::layer::Layer;
use crate::index::Nature;

/// What makes files one scope.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Nothing says what the files are for: what is left of the folder.
    #[default]
    Folder,
    /// A kustomization that no other includes.
    Kustomization,
    /// A Helm chart.
    Chart,
    /// An Application of Argo CD or a Kustomization of Flux.
    Delivery,
    /// `scopes` in `istio-ls.yaml`.
    Settings,
}

/// A scope: its name, and the files that are applied together, each with what is done to it on the way.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What makes it a scope.
    pub origin: Origin,
    /// How people call it: the folder, relative to the workspace.
    pub name: String,
    /// The namespace of resources that name none, where something says so.
    pub namespace: Option<SmolStr>,
    /// What is known of it as a whole.
    pub nature: Nature,
    /// The files, with the layers that they go through, the innermost first.
    pub(in crate::workspace) members: BTreeMap<Arc<Path>, Layers>,
}

/// The kustomizations that a file goes through, the innermost first; empty for a file that is taken as it is.
pub(in crate::workspace) type Layers = Arc<[Arc<Layer>]>;

impl Plan {
    /// What stands for resources without a namespace.
    #[must_use]
    pub fn default_namespace(&self) -> SmolStr {
        self.namespace.clone().unwrap_or_else(|| SmolStr::new_static("default"))
    }

    /// What the scope is, for a person: `kustomization overlays/prod`.
    #[must_use]
    pub fn title(&self) -> String {
        let what = match self.origin {
            Origin::Folder => return "the folder".to_owned(),
            Origin::Kustomization => "kustomization",
            Origin::Chart => "chart",
            Origin::Delivery => "delivery of",
            Origin::Settings => "scope",
        };
        format!("{what} {}", self.name)
    }
}

/// A file goes the same way through both.
pub(in crate::workspace) fn are_same(one: &Layers, other: &Layers) -> bool {
    one.len() == other.len() && one.iter().zip(other.iter()).all(|(one, other)| Arc::ptr_eq(one, other))
}
