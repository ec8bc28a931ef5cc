//! A folder read as one workspace, for an editor and for the command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::load::{self, Found, Unreadable};
use super::{Settings, Workspace};

/// A folder that was read.
#[derive(Debug)]
pub struct Read {
    /// Its files, and what its settings name besides.
    pub workspace: Workspace,
    /// What could not be read, or not as it is.
    pub unreadable: Vec<Unreadable>,
    /// Folders below that have settings of their own, the outermost; nothing of them is in the workspace.
    pub roots: Vec<PathBuf>,
}

/// Reads the folder `root`, in which `settings` are in force. What is `open` outside of it has the text that it has there.
#[must_use]
pub fn read(root: &Path, settings: Settings, open: &BTreeMap<PathBuf, String>) -> Read {
    let Found { texts, mut unreadable, roots } = load::below(root, &settings.exclude);
    let mut workspace = Workspace::at(root, settings);
    workspace.set_texts(texts);
    unreadable.extend(read_named(&mut workspace, root, open));
    Read { workspace, unreadable, roots }
}

/// Reads what the settings of the folder `root` name besides its own files.
pub(super) fn read_named(workspace: &mut Workspace, root: &Path, open: &BTreeMap<PathBuf, String>) -> Vec<Unreadable> {
    let now = workspace.snapshot();
    let is_known = |path: &Path| path.starts_with(root) && now.file(path).is_some();
    let Found { mut texts, unreadable, .. } = load::named(root, now.settings(), is_known);
    for (path, text) in &mut texts {
        if let Some(open) = open.get(path) {
            text.clone_from(open);
        }
    }
    let is_named = |path: &Path| texts.iter().any(|(named, _)| named == path);
    for file in now.files().into_iter().filter(|file| !file.path.starts_with(root) && !is_named(&file.path)) {
        workspace.remove(&file.path);
    }
    if !texts.is_empty() {
        workspace.set_texts(texts);
    }
    unreadable
}
