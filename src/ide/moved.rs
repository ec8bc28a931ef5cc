//! Files and folders that move: the kustomizations that name them, and those that move themselves, follow.

use std::path::{Component, Path, PathBuf};

use crate::kustomize::{self, is_remote};
use crate::text::Span;
use crate::yaml::{Document, Node, Value};

/// Fields of a kustomization that hold paths; items take no step of their own.
const PATHS: [&[&str]; 24] = [
    &["resources"],
    &["bases"],
    &["components"],
    &["crds"],
    &["configurations"],
    &["generators"],
    &["transformers"],
    &["validators"],
    &["patches", "path"],
    &["patchesStrategicMerge"],
    &["patchesJson6902", "path"],
    &["replacements", "path"],
    &["openapi", "path"],
    &["configMapGenerator", "files"],
    &["configMapGenerator", "envs"],
    &["configMapGenerator", "env"],
    &["secretGenerator", "files"],
    &["secretGenerator", "envs"],
    &["secretGenerator", "env"],
    &["helmGlobals", "chartHome"],
    &["helmCharts", "valuesFile"],
    &["helmCharts", "additionalValuesFiles"],
    &["helmChartInflationGenerator", "values"],
    &["helmChartInflationGenerator", "chartHome"],
];

/// The edits of kustomizations when files or folders move (`moved`: old and new path): file, bytes of the file, new text.
#[must_use]
pub fn moved<'d>(
    documents: impl Iterator<Item = (&'d Path, &'d Document, usize)>,
    moved: &[(PathBuf, PathBuf)],
) -> Vec<(PathBuf, Span, String)> {
    let destination = |path: &Path| {
        let within = |(old, new): &(PathBuf, PathBuf)| Some(new.join(path.strip_prefix(old).ok()?));
        let new = moved.iter().find_map(within).unwrap_or_else(|| path.to_owned());
        // A joined empty path leaves a slash behind.
        new.components().collect::<PathBuf>()
    };
    let mut edits = Vec::new();
    for (path, document, start) in documents.filter(|(path, ..)| is_kustomization(path)) {
        let (Some(root), Some(folder)) = (&document.root, path.parent()) else { continue };
        let now = destination(path);
        let Some(new_folder) = now.parent() else { continue };
        for (span, written) in paths(root) {
            let target = normal(&folder.join(written));
            let new = destination(&target);
            if new == target && new_folder == folder {
                continue;
            }
            let place = span.of(&document.text).find(written);
            let Some((at, text)) = place.zip(respelt(written, folder, new_folder, &new)) else { continue };
            if text != written {
                let span = Span::new(span.start() + at, span.start() + at + written.len());
                edits.push((path.to_path_buf(), span.shifted(start), text));
            }
        }
    }
    edits
}

/// The file is read as a kustomization.
pub(super) fn is_kustomization(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(kustomize::is_kustomization)
}

/// Every local path that a kustomization names, with its place; of `key=path` the path.
pub(super) fn paths(root: &Node) -> Vec<(Span, &str)> {
    let mut found = Vec::new();
    for fields in PATHS {
        scalars(root, fields, &mut found);
    }
    let is_path = |written: &&str| !written.contains(['\n', '{']) && !is_remote(written) && !written.starts_with('/');
    let own = |(span, written): (Span, _)| (span, str::rsplit(written, '=').next().unwrap_or(written));
    found.into_iter().map(own).filter(|(_, written)| is_path(written)).collect()
}

fn scalars<'n>(node: &'n Node, fields: &[&str], found: &mut Vec<(Span, &'n str)>) {
    match (&node.value, fields.split_first()) {
        (Value::Sequence(list), _) => list.items.iter().for_each(|item| scalars(item, fields, found)),
        (Value::Mapping(_), Some((field, rest))) => {
            node.get(field).into_iter().for_each(|inner| scalars(inner, rest, found));
        }
        (Value::Scalar(scalar), None) if !scalar.text.is_empty() && !node.templated => {
            found.push((node.span, &scalar.text));
        }
        _ => {}
    }
}

/// `new` as seen from `new_folder`, spelt as `written` was: with `./` before it, with a slash behind it.
fn respelt(written: &str, folder: &Path, new_folder: &Path, new: &Path) -> Option<String> {
    let same = normal(&folder.join(written));
    if relative(folder, &same) == relative(new_folder, new) {
        return Some(written.to_owned());
    }
    let path = relative(new_folder, new)?;
    let dot = if written.starts_with("./") && !path.starts_with("..") { "./" } else { "" };
    let slash = if written.ends_with('/') { "/" } else { "" };
    Some(format!("{dot}{path}{slash}"))
}

/// `path` without `.` and `..`.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}

/// `path` as seen from `folder`, with `/` between its parts.
fn relative(folder: &Path, path: &Path) -> Option<String> {
    let shared = folder.components().zip(path.components()).take_while(|(left, right)| left == right).count();
    let up = folder.components().skip(shared).map(|_| Some(".."));
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_str());
    Some(up.chain(down).collect::<Option<Vec<_>>>()?.join("/"))
}
