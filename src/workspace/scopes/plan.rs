//! What belongs to a scope, before anything is read of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use smol_str::SmolStr;

use super::call::ChartCall;
use super::layer::Layer;
use super::release::ChartRelease;
use crate::index::Nature;

/// What makes files one scope.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Nothing says what the files are for: what is left of the folder.
    #[default]
    Folder,
    /// A kustomization that no other includes.
    Kustomization,
    /// A Helm chart with its values.
    Chart,
    /// A Helm chart, whatever its values.
    Templates,
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
    /// The files, each with the ways that it comes in by.
    pub(in crate::workspace) members: BTreeMap<Arc<Path>, Ways>,
    /// How Helm renders it, where files say all that it needs.
    pub(in crate::workspace) call: Option<ChartCall>,
}

/// The ways of a file into a scope: one, but for a base that a kustomization takes in through several overlays, and for a
/// subchart that a chart takes in under several names.
pub(in crate::workspace) type Ways = Vec<Way>;

/// What is done to a file on its way into a scope; by default nothing.
#[derive(Debug, Clone, Default)]
pub(in crate::workspace) struct Way {
    /// The kustomizations that it goes through.
    pub(in crate::workspace) layers: Layers,
    /// The values that its templates are filled in with.
    pub(in crate::workspace) release: Option<Arc<ChartRelease>>,
    /// It is in the cluster already, as `context` of the settings says, and not applied with the scope.
    pub(in crate::workspace) is_context: bool,
}

/// The kustomizations that a file goes through, the innermost first; empty for a file that is taken as it is.
pub(in crate::workspace) type Layers = Arc<[Arc<Layer>]>;

impl Plan {
    /// What the scope is, for a person: `kustomization overlays/prod`.
    #[must_use]
    pub fn title(&self) -> String {
        let what = match self.origin {
            Origin::Folder => return "the folder".to_owned(),
            Origin::Kustomization => "kustomization",
            Origin::Chart | Origin::Templates => "chart",
            Origin::Delivery => "delivery of",
            Origin::Settings => "scope",
        };
        format!("{what} {}", self.name)
    }
}

impl Way {
    /// The way of what is in the cluster already.
    pub(in crate::workspace) fn of_context() -> Self {
        Self { is_context: true, ..Self::default() }
    }

    /// Nothing that makes this way what it is differs in the other.
    pub(in crate::workspace) fn is_same(&self, other: &Self) -> bool {
        self.is_context == other.is_context
            && are_same(&self.layers, &other.layers)
            && match (&self.release, &other.release) {
                (Some(one), Some(other)) => one.is_same(other),
                (one, other) => one.is_none() && other.is_none(),
            }
    }
}

impl From<Layers> for Way {
    fn from(layers: Layers) -> Self {
        Self { layers, ..Self::default() }
    }
}

/// Files that are applied as they are written.
pub(super) fn untouched<'f>(paths: impl Iterator<Item = &'f Arc<Path>>) -> BTreeMap<Arc<Path>, Ways> {
    paths.map(|path| (path.clone(), vec![Way::default()])).collect()
}

/// Both go through the same kustomizations.
pub(in crate::workspace) fn are_same(one: &Layers, other: &Layers) -> bool {
    one.len() == other.len() && one.iter().zip(other.iter()).all(|(one, other)| Arc::ptr_eq(one, other))
}
