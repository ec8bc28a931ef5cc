//! What istio-ls makes of a file: the scopes that it belongs to, and what is in force there.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Snapshot;

/// What is known of a file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The folder that the file is in the workspace of.
    pub root: Option<PathBuf>,
    /// The file that holds the settings in force; none: the editor's.
    pub settings: Option<PathBuf>,
    /// The scopes that it belongs to; none where nothing is applied of it by itself, as of a patch.
    pub scopes: Vec<ScopeStatus>,
    /// The version of Istio that is meant; none: the newest known.
    pub istio_version: Option<String>,
    /// Number of findings about the file.
    pub findings: usize,
}

/// What is known of a scope as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopeStatus {
    /// What it is: `kustomization overlays/prod`.
    pub title: String,
    /// Number of its files.
    pub files: usize,
    /// Number of its resources.
    pub resources: usize,
    /// The namespace of resources that name none.
    pub namespace: String,
    /// Where the mesh configuration in force comes from.
    pub mesh_config: String,
}

impl Snapshot {
    /// What is known of the file at `path`.
    #[must_use]
    pub fn status(&self, path: &Path) -> Status {
        let scopes = self.scopes_of(path).filter_map(|scope| {
            let (plan, index) = (scope.plan()?, scope.index());
            Some(ScopeStatus {
                title: plan.title(),
                files: plan.members.len(),
                resources: index.len(),
                namespace: self.namespace_of(index.scope()).to_string(),
                mesh_config: self.mesh_origins.get(&index.scope()).cloned().unwrap_or_default(),
            })
        });
        let istio_version = self.settings().istio_version.clone();
        let (root, settings) = (self.root().map(Path::to_owned), self.settings_file().map(Path::to_owned));
        Status { root, settings, scopes: scopes.collect(), istio_version, findings: self.findings(path).len() }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
        for scope in &self.scopes {
            let (files, resources) = (counted(scope.files, "file"), counted(scope.resources, "resource"));
            writeln!(out, "{}: {resources} in {files}", scope.title)?;
            writeln!(out, "  without a namespace: {}; mesh configuration: {}", scope.namespace, scope.mesh_config)?;
        }
        if self.scopes.is_empty() {
            writeln!(out, "nothing is applied of this file by itself")?;
        }
        let version = self.istio_version.as_deref().unwrap_or("the newest known");
        if let Some(root) = &self.root {
            let settings = self.settings.as_ref().map_or("the editor's".to_owned(), |file| file.display().to_string());
            writeln!(out, "root: {}; settings: {settings}", root.display())?;
        }
        write!(out, "Istio: {version}; {} in this file", counted(self.findings, "finding"))
    }
}
