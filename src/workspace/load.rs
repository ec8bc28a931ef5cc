//! The files of a folder: the only place that reads disks for the workspace.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;
use rayon::prelude::*;

/// Larger files are no configuration; they would only cost memory.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// A file that could not be read, and why, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub message: String,
}

/// The texts of the YAML and JSON files below `root` (or of `root` itself, if it is a file), in the order of their paths,
/// without those that git ignores or a glob of `exclude` names; and what could not be read.
#[must_use]
pub fn texts(root: &Path, exclude: &[String]) -> (Vec<(PathBuf, String)>, Vec<Unreadable>) {
    let mut walk = WalkBuilder::new(root);
    let mut globs = OverrideBuilder::new(root);
    for glob in exclude {
        // In an override a glob selects; with `!` in front it leaves out.
        if let Err(error) = globs.add(&format!("!{glob}")) {
            tracing::warn!("`exclude: {glob}` is not used: {error}");
        }
    }
    if let Ok(globs) = globs.build() {
        walk.overrides(globs);
    }
    let found =
        walk.standard_filters(true).require_git(false).filter_entry(|entry| entry.file_name() != "node_modules");
    let mut paths: Vec<PathBuf> = found
        .build()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .filter(|path| path == root || is_configuration(path))
        .collect();
    paths.sort();
    let read: Vec<_> = paths.into_par_iter().filter_map(|path| Some((text(&path).transpose()?, path))).collect();
    let (mut texts, mut unreadable) = (Vec::new(), Vec::new());
    for (result, path) in read {
        match result {
            Ok(text) => texts.push((path, text)),
            Err(message) => unreadable.push(Unreadable { path, message }),
        }
    }
    (texts, unreadable)
}

/// The file's name says that it is YAML or JSON.
#[must_use]
pub fn is_configuration(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "json")
}

/// The text of one file; nothing for one that is no regular file or is too large to be configuration. A byte that is not
/// UTF-8 is shown as the replacement character.
///
/// # Errors
/// The system's message when the file cannot be read.
pub fn text(path: &Path) -> Result<Option<String>, String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    // A FIFO or device would hang the reader.
    if !metadata.is_file() || metadata.len() > MAX_BYTES {
        return Ok(None);
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    Ok(Some(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())))
}
