//! The typed parts of the settings that tell what lies outside the workspace and what is applied together.

use std::collections::BTreeMap;

use serde::Deserialize;

use smol_str::SmolStr;

use crate::index::{self, MeshConfig};

/// What the cluster holds and the workspace does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Known {
    /// Hosts and wildcards of hosts.
    pub hosts: Vec<String>,
    /// Namespaces.
    pub namespaces: Vec<KnownNamespace>,
    /// Labels of gateway workloads.
    pub gateways: Vec<BTreeMap<String, String>>,
    /// Secrets.
    pub secrets: Vec<KnownSecret>,
}

impl Known {
    /// What rules ask for. A namespace without labels says nothing that the workspace does not.
    pub(in crate::workspace) fn for_index(&self) -> index::Known {
        let words = |labels: &BTreeMap<String, String>| {
            labels.iter().map(|(key, value)| (SmolStr::new(key), SmolStr::new(value))).collect()
        };
        index::Known {
            hosts: self.hosts.iter().map(SmolStr::new).collect(),
            secrets: self
                .secrets
                .iter()
                .map(|secret| (secret.namespace.as_ref().map(SmolStr::new), SmolStr::new(&secret.name)))
                .collect(),
            namespaces: self
                .namespaces
                .iter()
                .filter_map(|namespace| Some((SmolStr::new(&namespace.name), words(namespace.labels.as_ref()?))))
                .collect(),
            gateways: self.gateways.iter().map(words).collect(),
        }
    }
}

/// A namespace outside the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KnownNamespace {
    /// Its name.
    pub name: String,
    /// Its labels; none where they are not known.
    #[serde(default)]
    pub labels: Option<BTreeMap<String, String>>,
}

/// A Secret outside the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct KnownSecret {
    /// Its namespace; none: it is in every namespace.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

impl From<String> for KnownSecret {
    fn from(text: String) -> Self {
        match text.split_once('/') {
            Some((namespace, name)) => Self { namespace: Some(namespace.to_owned()), name: name.to_owned() },
            None => Self { namespace: None, name: text },
        }
    }
}

impl ScopeSettings {
    /// How findings call it.
    pub(in crate::workspace) fn title(&self) -> &str {
        let first = || self.paths.first().map_or("", |path| path.trim_end_matches('/'));
        self.name.as_deref().unwrap_or_else(first)
    }
}

/// What is applied together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopeSettings {
    /// How findings call it; none: by its first path.
    pub name: Option<String>,
    /// Folders, and globs of files.
    pub paths: Vec<String>,
    /// The namespace of resources that name none.
    pub namespace: Option<String>,
    /// The mesh configuration in the scope.
    pub mesh_config: Option<MeshConfig>,
    /// The file that holds the mesh configuration in the scope.
    pub mesh_config_file: Option<String>,
}
