//! The files of a folder: the only place that reads disks for the workspace.

use std::path::{Path, PathBuf};

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};
use rayon::prelude::*;

use super::{Settings, settings};

/// Larger files are no configuration; they would only cost memory.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// A file that could not be read as it is, and why, for a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unreadable {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub message: String,
}

/// What stands on a disk.
#[derive(Debug, Default)]
pub struct Found {
    /// The texts in the order of their paths.
    pub texts: Vec<(PathBuf, String)>,
    /// What could not be read, or not as it is.
    pub unreadable: Vec<Unreadable>,
    /// Folders below that have settings of their own, the outermost; nothing of them is among the texts.
    pub roots: Vec<PathBuf>,
}

/// The YAML and JSON files below `root` (or `root` itself, if it is a file), without those that git ignores or a glob of
/// `exclude` names.
#[must_use]
pub fn below(root: &Path, exclude: &[String]) -> Found {
    within(root, exclude, root)
}

/// The same, only `part`: a file or a folder.
#[must_use]
pub fn within(root: &Path, exclude: &[String], part: &Path) -> Found {
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(true).require_git(false);
    if let Some(excluded) = excluded(root, exclude) {
        walk.overrides(excluded);
    }
    let wanted = part.to_owned();
    walk.filter_entry(move |entry| {
        let is_on_way = wanted.starts_with(entry.path()) || entry.path().starts_with(&wanted);
        is_on_way && entry.file_name() != "node_modules"
    });
    let (paths, unreadable) = files(&walk);
    let is_wanted = |path: &PathBuf| path.starts_with(part) && (path == root || is_configuration(path));
    let mut found = read(paths.into_iter().filter(is_wanted).collect());
    found.unreadable.extend(unreadable);
    let settings = found.texts.iter().filter(|(path, _)| path.ends_with(settings::FILE));
    for folder in settings.filter_map(|(path, _)| path.parent()).filter(|folder| *folder != root) {
        found.roots.push(folder.to_owned());
    }
    let all = found.roots.clone();
    found.roots.retain(|root| !all.iter().any(|outer| outer != root && root.starts_with(outer)));
    found.texts.retain(|(path, _)| !found.roots.iter().any(|root| path.starts_with(root)));
    found
}

/// What `settings` name that is not read as a part of their folder: files outside of it, and files that git ignores. Those
/// that are `known` are not read again.
#[must_use]
pub fn named(root: &Path, settings: &Settings, known: impl Fn(&Path) -> bool) -> Found {
    let context = settings::Paths::new(root, &settings.context);
    let mut paths: Vec<PathBuf> = settings.mesh_files(root).filter(|path| path.is_file()).collect();
    let mut unreadable = Vec::new();
    for base in context.bases().filter(|base| base.exists()) {
        let (below, refused) = files(WalkBuilder::new(base).standard_filters(false));
        let is_named = |path: &PathBuf| (path == base || is_configuration(path)) && context.holds(path);
        paths.extend(below.into_iter().filter(is_named).filter(|path| !path.ends_with(settings::FILE)));
        unreadable.extend(refused);
    }
    paths.retain(|path| !known(path));
    paths.sort();
    paths.dedup();
    let mut found = read(paths);
    found.unreadable.extend(unreadable);
    found
}

/// The folder of the nearest `istio-ls.yaml` upwards from `path`, not beyond the repository that it is in.
#[must_use]
pub fn settings_above(path: &Path) -> Option<PathBuf> {
    for folder in path.ancestors() {
        if folder.join(settings::FILE).is_file() {
            return Some(folder.to_owned());
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    None
}

/// `folder` is a checkout of a git repository, or lies in one: what its files name is there, too.
#[must_use]
pub fn is_checked_out(folder: &Path) -> bool {
    folder.ancestors().any(|folder| folder.join(".git").exists())
}

/// Something is there, whatever it is.
#[must_use]
pub fn is_there(path: &Path) -> bool {
    path.exists()
}

/// Something beside `path` is called so with another ending behind (`web.yaml.tmpl`), from which it may be made.
#[must_use]
pub fn has_origin(path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return false;
    };
    let beside = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    beside.into_iter().any(|entry| {
        let other = entry.file_name();
        other.to_str().and_then(|other| other.strip_prefix(name)).is_some_and(|rest| rest.starts_with('.'))
    })
}

fn excluded(root: &Path, exclude: &[String]) -> Option<Override> {
    let mut globs = OverrideBuilder::new(root);
    for glob in exclude {
        // In an override a glob selects; with `!` in front it leaves out.
        if let Err(error) = globs.add(&format!("!{glob}")) {
            tracing::warn!("`exclude: {glob}` is not used: {error}");
        }
    }
    globs.build().ok()
}

/// The files that a walk finds, and what it cannot look into. Links are not followed, so that a loop of them ends.
fn files(walk: &WalkBuilder) -> (Vec<PathBuf>, Vec<Unreadable>) {
    let (mut paths, mut unreadable) = (Vec::new(), Vec::new());
    for entry in walk.build() {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => paths.push(DirEntry::into_path(entry)),
            Ok(_) => {}
            Err(error) => unreadable.extend(refused(&error)),
        }
    }
    paths.sort();
    (paths, unreadable)
}

/// What a walk could not look into; a rule of a `.gitignore` that is none concerns no file.
fn refused(error: &ignore::Error) -> Option<Unreadable> {
    match error {
        ignore::Error::WithPath { path, err } => {
            err.io_error().map(|io| Unreadable { path: path.clone(), message: io.to_string() })
        }
        ignore::Error::WithDepth { err, .. } => refused(err),
        _ => None,
    }
}

fn read(paths: Vec<PathBuf>) -> Found {
    let read: Vec<_> = paths.into_par_iter().map(|path| (text(&path), path)).collect();
    let mut found = Found::default();
    for (text, path) in read {
        let message = match text {
            Ok((text, flaw)) => {
                found.texts.push((path.clone(), text));
                flaw
            }
            Err(message) => Some(message),
        };
        found.unreadable.extend(message.map(|message| Unreadable { path, message }));
    }
    found
}

/// The file's name says that it is YAML or JSON, or that templates include it.
#[must_use]
pub fn is_configuration(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "json") || is_included(path)
}

/// The file holds what templates of a chart include, and nothing that is applied.
#[must_use]
pub fn is_included(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "tpl") && path.iter().any(|folder| folder == "templates")
}

/// The text of one file. A byte that is not UTF-8 is shown as the replacement character, and a message says so. Settings are
/// read whatever is in them, NUL bytes as that character too: what is wrong in them is a finding.
///
/// # Errors
/// Why it is left out: it cannot be read, or it is no text that a person writes.
pub fn text(path: &Path) -> Result<(String, Option<String>), String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    // A FIFO or device would hang the reader.
    if !metadata.is_file() {
        return Err("it is no regular file".to_owned());
    }
    if metadata.len() > MAX_BYTES {
        let (tenths, most) = (metadata.len() * 10 / 1024 / 1024, MAX_BYTES / 1024 / 1024);
        let size = format!("{}.{} MiB", tenths / 10, tenths % 10);
        return Err(format!(
            "it has {size}, and more than {most} MiB are no configuration; name it in `exclude` of {} if it is none",
            settings::FILE
        ));
    }
    let mut bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let line_of = |bytes: &[u8], at: usize| bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
    if path.ends_with(settings::FILE) {
        // A byte that UTF-8 does not have.
        bytes.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = 0xff);
    } else if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let line = line_of(&bytes, at);
        return Err(format!(
            "it is binary, or text in another encoding than UTF-8 (line {line} has a NUL byte): save it as UTF-8"
        ));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            (
                text,
                Some(format!(
                    "line {line} is not UTF-8, so Kubernetes refuses the file; it is read without those bytes"
                )),
            )
        }
    })
}
