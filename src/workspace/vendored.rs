//! Charts that Helm fetched: `charts/NAME` where the chart above takes NAME from a repository. They are applied, but
//! nobody who reads about them can repair them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::File;
use crate::yaml::Node;

/// The files that say what is fetched.
pub(super) fn says_dependencies(path: &Path) -> bool {
    path.ends_with("Chart.yaml") || path.ends_with("requirements.yaml")
}

/// The folders of the charts that those of `files` fetch.
pub(super) fn folders<'f>(files: impl Iterator<Item = &'f Arc<File>>) -> Arc<[PathBuf]> {
    files.filter(|file| says_dependencies(&file.path)).flat_map(|file| fetched(file)).collect()
}

fn fetched(file: &File) -> Vec<PathBuf> {
    let root = file.documents.first().and_then(|document| document.content.yaml.root.as_ref());
    let dependencies = root.and_then(|root| root.get("dependencies")).and_then(Node::as_sequence);
    let name = |dependency: &Node| {
        let text = |key| Some(dependency.get(key)?.as_scalar()?.text.clone());
        // What comes from a folder of one's own is one's own.
        text("repository").filter(|from| !from.is_empty() && !from.starts_with("file://")).and_then(|_| text("name"))
    };
    let names = dependencies.into_iter().flat_map(|list| &list.items).filter_map(name);
    names.filter_map(|name| Some(file.path.parent()?.join("charts").join(name.as_str()))).collect()
}
