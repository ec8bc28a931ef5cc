//! Hover in the patches of kustomizations: which resources the place changes, what stood there, what stands there then,
//! and what is on the wire with it.

use std::path::Path;

use super::place::{Cursor, Way};
use super::{Files, Hover, Patched, field, hover, names};
use crate::index::Entry;
use crate::kustomize::follow;
use crate::yaml::{Node, Value};

/// At most so many resources are listed.
const MAX_LISTED: usize = 8;

/// What byte `offset` of `file`, where a patch stands, does in any of `scopes`; none where no patch stands.
#[must_use]
pub fn hover_patch<F: Files>(scopes: &[F], file: &Path, offset: usize) -> Option<Hover> {
    let mut targets: Vec<(String, Vec<String>)> = Vec::new();
    let mut about = None;
    let mut span = None;
    for scope in scopes {
        for patched in scope.patched_at(file, offset) {
            let Some(entry) = scope.index().entry(patched.resource) else { continue };
            span.get_or_insert(patched.touched.span.shifted(patched.start));
            let line = line(scope, entry, &patched);
            match targets.iter_mut().find(|(known, _)| *known == line) {
                Some((_, by)) if by.contains(&patched.by) => {}
                Some((_, by)) => by.push(patched.by.clone()),
                None => targets.push((line, vec![patched.by.clone()])),
            }
            about = about.or_else(|| after(scope, entry, &patched));
        }
    }
    let more = targets.len().saturating_sub(MAX_LISTED);
    let listed = targets.iter().take(MAX_LISTED).map(|(line, by)| format!("- {line} ({})", by.join(", ")));
    let mut markdown = format!("Patches\n{}", listed.collect::<Vec<_>>().join("\n"));
    if more > 0 {
        markdown.push_str(&format!("\n- and {more} more"));
    }
    markdown.extend(about.map(|about| format!("\n\n---\n\n{about}")));
    let plain = markdown.replace("**", "").replace('`', "");
    Some(Hover { markdown, plain, span: span?.range() })
}

/// The resource, what was written there and what stands there after all patches.
fn line(files: &dyn Files, entry: &Entry, patched: &Patched) -> String {
    let title = format!("**{}**", entry.title());
    let way = &patched.touched.way;
    if way.is_empty() {
        return title;
    }
    let (written, first_line) = &patched.written;
    let before = written.root.as_ref().and_then(|root| of_object(root, entry));
    let before = before.and_then(|root| follow(root, way)?.last().map(|(_, node)| *node));
    let was = match before {
        Some(node) => {
            let line = written.lines.line_of(node.span.start()) + first_line + 1;
            format!("{} ({}:{line})", shown(node), short(&entry.path))
        }
        None => "nothing".to_owned(),
    };
    let document = files.document(entry);
    let root = document.as_ref().and_then(|document| names::object(document.root.as_ref()?, entry.resource.span));
    let now = root.and_then(|root| follow(root, way)?.last().map(|(_, node)| shown(node)));
    format!("{title}: `{}`: {was} → {}", way.join("."), now.unwrap_or_else(|| "nothing".to_owned()))
}

/// What is on the wire with the patch, and what the field is.
fn after(files: &dyn Files, entry: &Entry, patched: &Patched) -> Option<String> {
    let document = files.document(entry)?;
    let root = names::object(document.root.as_ref()?, entry.resource.span)?;
    let steps = follow(root, &patched.touched.way)?;
    let named = patched.touched.way.iter().zip(&steps);
    let nodes: Vec<_> = named
        .map(|(step, (number, node))| (number.map_or_else(|| Way::Key(step.to_string()), Way::Index), (*node).clone()))
        .collect();
    let keys = nodes.iter().filter_map(|(way, _)| match way {
        Way::Key(key) => Some(key.clone()),
        Way::Index(_) => None,
    });
    let (_, last) = steps.last()?;
    let cursor = Cursor {
        resource: entry,
        keys: keys.collect(),
        span: patched.touched.span,
        on_key: patched.touched.on_key,
        value: last.as_scalar().map(|scalar| scalar.text.to_string()),
        start: patched.start,
        nodes,
    };
    let wire = hover::text(files, &cursor).filter(|text| !text.is_empty());
    let field = field::describe(&cursor).filter(|_| cursor.on_key || wire.is_none());
    let both: Vec<_> = [wire, field].into_iter().flatten().collect();
    (!both.is_empty()).then(|| both.join("\n\n---\n\n"))
}

/// The object as it was written: it has the kind, and the name before any prefix, of `entry`.
fn of_object<'n>(root: &'n Node, entry: &Entry) -> Option<&'n Node> {
    let is_of_kind = |node: &&Node| {
        let kind = node.get("kind").and_then(Node::as_scalar);
        kind.is_some_and(|kind| kind.text == entry.resource.kind.as_str())
    };
    let name = |node: &&Node| node.get("metadata")?.get("name")?.as_scalar().map(|name| name.text.to_string());
    let Some(items) = root.get("items").and_then(Node::as_sequence).filter(|_| !is_of_kind(&root)) else {
        return Some(root);
    };
    items.items.iter().filter(is_of_kind).find(|node| name(node).is_some_and(|name| entry.name().contains(&name)))
}

/// A value in a few words.
fn shown(node: &Node) -> String {
    match &node.value {
        _ if node.templated => "what a template says".to_owned(),
        Value::Scalar(scalar) => format!("`{}`", scalar.text),
        Value::Sequence(list) => match list.items.len() {
            1 => "a list of 1 item".to_owned(),
            number => format!("a list of {number} items"),
        },
        Value::Mapping(mapping) => {
            let keys: Vec<_> = mapping.entries.iter().map(|entry| entry.key.as_str()).collect();
            format!("`{{{}}}`", keys.join(", "))
        }
    }
}

/// The last two parts of a path.
fn short(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.iter().skip(parts.len().saturating_sub(2)).map(|part| &**part).collect::<Vec<_>>().join("/")
}
