//! The folders that the client has open, in its own words.

use std::path::PathBuf;

/// Workspace folders; the same one may be named twice by a client that adds it again.
#[derive(Debug, Default)]
pub(super) struct Folders {
    named: Vec<PathBuf>,
}

impl Folders {
    pub(super) fn set(&mut self, folders: Vec<PathBuf>) -> Vec<PathBuf> {
        self.named = folders;
        self.all()
    }

    pub(super) fn change(&mut self, added: Vec<PathBuf>, removed: &[PathBuf]) -> Vec<PathBuf> {
        self.named.retain(|folder| !removed.contains(folder));
        self.named.extend(added);
        self.all()
    }

    pub(super) fn all(&self) -> Vec<PathBuf> {
        self.named.clone()
    }
}
