//! Splits a file of several documents: each resource but the first gets a file of its own, and the kustomizations that
//! name the file name the new ones too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::governed::counted;
use super::moved::{is_kustomization, normal, paths};
use super::refactor::{Change, Refactoring, RefactoringKind};
use crate::text::{Span, TextEdit};
use crate::yaml::{self, CollectionStyle, Document, Node, Step};

/// Gives every resource of the file at `path`, whose whole text is `text`, a file of its own; the first keeps this one.
/// `documents` are all documents of the workspace with their files and where they begin in them. None where byte `offset`
/// is not on what names a resource, where a document is a template or no object, or where something other than
/// `resources` names the file.
#[must_use]
pub fn split<'d>(
    documents: impl Iterator<Item = (&'d Path, &'d Document, usize)> + Clone,
    path: &Path,
    text: &str,
    offset: usize,
) -> Option<Refactoring> {
    let mut taken: BTreeSet<PathBuf> = documents.clone().map(|(path, ..)| path.to_path_buf()).collect();
    let mut changes = Vec::new();
    let mut names = Vec::new();
    let (mut is_first, mut is_asked) = (true, false);
    for piece in yaml::split(text) {
        let written = text.get(piece.clone())?;
        let document = yaml::parse(written.into());
        let Some(root) = &document.root else { continue };
        let name = file_name(root).filter(|_| !document.templated)?;
        is_asked |= piece.contains(&offset) && is_on_name(&document, offset - piece.start);
        if std::mem::take(&mut is_first) {
            continue;
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let numbered = (2..).map(|number| format!("{name}-{number}.yaml"));
        let mut free = std::iter::once(format!("{name}.yaml")).chain(numbered);
        let name = free.find(|name| taken.insert(folder.join(name)))?;
        let own = written.strip_prefix("---\n").or(written.strip_prefix("---\r\n")).unwrap_or(written);
        changes.push(Refactoring::edit(path, TextEdit::delete(Span::new(piece.start, piece.end))));
        changes.push(Change::Create { path: folder.join(&name), text: own.to_owned() });
        names.push(name);
    }
    if names.is_empty() || !is_asked {
        return None;
    }
    for (kustomization, document, start) in documents.filter(|(path, ..)| is_kustomization(path)) {
        let (Some(root), Some(folder)) = (&document.root, kustomization.parent()) else { continue };
        let list = root.get("resources");
        let is_named = |written: &str| normal(&folder.join(written)) == path;
        for (span, written) in paths(root).into_iter().filter(|(_, written)| is_named(written)) {
            let list = list.filter(|list| list.span.contains(span))?;
            let edit = add(document, list, span, written, &names)?;
            let edit = TextEdit { span: edit.span.shifted(start), ..edit };
            changes.push(Refactoring::edit(kustomization, edit));
        }
    }
    let title = format!("give each resource a file of its own: {}", counted(names.len(), "new file"));
    Some(Refactoring { title, kind: RefactoringKind::Move, changes })
}

/// Kind, version, name or the space between them.
fn is_on_name(document: &Document, offset: usize) -> bool {
    match document.path_at(offset).steps.first() {
        Some(Step::Entry(entry)) => matches!(entry.key.as_str(), "apiVersion" | "kind" | "metadata"),
        Some(Step::Item { .. }) => false,
        None => true,
    }
}

/// Kind and name of an object, as files are called.
fn file_name(object: &Node) -> Option<String> {
    let text = |node: Option<&Node>| Some(node?.as_scalar()?.text.to_lowercase()).filter(|text| !text.is_empty());
    let kind = text(object.get("kind"))?;
    let name = text(object.get("metadata").and_then(|metadata| metadata.get("name")))?;
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
    name.chars().all(fits).then(|| format!("{name}-{kind}"))
}

/// Puts `names`, in the folder of the file that `written` at `span` names, behind that in `list`.
fn add(document: &Document, list: &Node, span: Span, written: &str, names: &[String]) -> Option<TextEdit> {
    let folder = written.rfind('/').map_or("", |at| written.get(..=at).unwrap_or(""));
    if list.style() == Some(CollectionStyle::Flow) {
        let quote = span.of(&document.text).chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let quote = quote.map(String::from).unwrap_or_default();
        let names: String = names.iter().map(|name| format!(", {quote}{folder}{name}{quote}")).collect();
        return Some(TextEdit::insert(span.end(), names));
    }
    let line = document.text.get(..span.start())?.rfind('\n').map_or(0, |at| at + 1);
    let dash = document.text.get(line..span.start()).filter(|head| head.trim_start().trim_end() == "-")?;
    let rest = document.text.get(span.end()..)?;
    let end = span.end() + rest.find(['\n', '\r']).unwrap_or(rest.len());
    let line_end = if document.text.contains("\r\n") { "\r\n" } else { "\n" };
    Some(TextEdit::insert(end, names.iter().map(|name| format!("{line_end}{dash}{folder}{name}")).collect::<String>()))
}
