//! Files that move: the kustomizations that name them follow.

use std::path::{Component, Path, PathBuf};

use crate::kustomize;
use crate::text::Span;
use crate::yaml::{Document, Node, Value};

/// The edits of kustomizations that name one of `moved` (old and new path): file, bytes of the file, new text. A folder
/// that is named moves with its own name only.
#[must_use]
pub fn moved<'d>(
    documents: impl Iterator<Item = (&'d Path, &'d Document, usize)>,
    moved: &[(PathBuf, PathBuf)],
) -> Vec<(PathBuf, Span, String)> {
    let mut edits = Vec::new();
    for (path, document, start) in documents.filter(|(path, ..)| is_kustomization(path)) {
        let (Some(root), Some(folder)) = (&document.root, path.parent()) else { continue };
        let now = moved.iter().find(|(old, _)| old == path).map_or(path, |(_, new)| new);
        let Some(new_folder) = now.parent() else { continue };
        let mut named = Vec::new();
        scalars(root, &mut named);
        for (span, written) in named {
            let target = normal(&folder.join(written));
            let Some(new) = moved.iter().find(|(old, _)| *old == target).map(|(_, new)| new) else { continue };
            let place = span.of(&document.text).find(written);
            let Some((at, text)) = place.zip(relative(new_folder, new)) else { continue };
            let span = Span::new(span.start() + at, span.start() + at + written.len());
            edits.push((path.to_path_buf(), span.shifted(start), text));
        }
    }
    edits
}

/// The file is read as a kustomization.
pub(super) fn is_kustomization(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(kustomize::is_kustomization)
}

/// Every text of `node` with its place.
pub(super) fn scalars<'n>(node: &'n Node, found: &mut Vec<(Span, &'n str)>) {
    match &node.value {
        Value::Scalar(scalar) if !scalar.text.is_empty() => found.push((node.span, &scalar.text)),
        Value::Scalar(_) => {}
        Value::Sequence(list) => list.items.iter().for_each(|item| scalars(item, found)),
        Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| scalars(&entry.value, found)),
    }
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
