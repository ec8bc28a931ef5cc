//! Moves a route of a VirtualService to a VirtualService of its own, to which the first then delegates.
//!
//! istiod puts the two together again (`mergeVirtualServicesIfNeeded`, `pilot/pkg/model/virtualservice.go`): the root keeps
//! what says which requests are meant, `name` and `match`; the delegate has the rest, no host and no match of its own. So
//! what happens to a call stays the same. The text moves as it was written, with its comments.

use std::path::Path;

use super::place::Cursor;
use super::refactor::{Refactoring, RefactoringKind};
use super::{DocumentAt, Files};
use crate::index::{Entry, View};
use crate::resource::host;
use crate::resource::istio::{HttpRoute, VirtualService};
use crate::text::{Span, TextEdit};
use crate::yaml::{self, CollectionStyle, Node, Value};

/// What stays with the root: which requests are meant.
const OF_ROOT: [&str; 2] = ["name", "match"];

/// Moves the HTTP route at byte `offset` of `file`, whose whole text is `text`; none where istiod would not put it together
/// again, or where the text cannot be taken apart.
pub(super) fn delegate(files: &dyn Files, file: &Path, text: &str, offset: usize) -> Option<Refactoring> {
    let cursor = Cursor::find(files, file, offset)?;
    let root = cursor.resource;
    let service = root.as_kind::<VirtualService>()?;
    let number = cursor.index_under("http")?;
    let route = service.spec.http.value()?.get(number)?.value()?;
    let is_root = service.spec.hosts.items().next().is_some() && service.spec.hosts.is_certain();
    if !is_root || !route.delegate.is_absent() {
        return None;
    }
    let DocumentAt { document, start, .. } = files.document_at(file, offset)?;
    let piece = yaml::split(text).into_iter().find(|piece| piece.start == start)?;
    let written = text.get(piece.clone())?;
    if document.templated || !is_called_as_written(root, written) {
        return None;
    }
    let (_, node) = cursor.nodes.iter().skip_while(|(_, node)| node.as_sequence().is_none()).nth(1)?;
    let name = free_name(&View::new(files.index()), root, route, number);
    let Parts { span, root: kept, delegate } = Parts::of(node, written, &name)?;
    let line_end = line_end(written);
    let open = if written.ends_with('\n') { "" } else { line_end };
    let metadata = match root.resource.metadata.namespace.span() {
        Some(span) if span.of(written).contains(root.namespace.as_str()) => {
            format!("name: {name}{line_end}  namespace: {}", root.namespace)
        }
        _ => format!("name: {name}"),
    };
    let head = format!("{open}---\napiVersion: {}\nkind: VirtualService\nmetadata:\n", root.resource.api_version.value);
    let added = format!("{head}  {metadata}\nspec:\n  http:\n");
    let added = added.replace("\r\n", "\n").replace('\n', line_end) + &delegate;
    Some(Refactoring {
        title: format!("move the route to a VirtualService {name} and delegate to it"),
        kind: RefactoringKind::Extract,
        changes: vec![
            Refactoring::edit(file, TextEdit::replace(span.shifted(start), kept)),
            Refactoring::edit(file, TextEdit::insert(piece.end, added)),
        ],
    })
}

/// Nothing puts a prefix around the names of the file: references of Istio would not follow it.
fn is_called_as_written(entry: &Entry, written: &str) -> bool {
    entry.resource.metadata.name.span().is_some_and(|span| span.of(written).trim_matches(['"', '\'']) == entry.name())
}

/// Named after the route, else after where it leads, else after its number.
fn free_name(view: &View<'_>, root: &Entry, route: &HttpRoute, number: usize) -> String {
    let first = route.route.items().next().and_then(|share| share.destination.value()?.host.text());
    let word = route.name.text().or(first.map(host_word));
    let word = word.filter(|word| !word.is_empty() && *word != root.name()).map(str::to_lowercase);
    let word = word.filter(|word| word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'));
    let name = format!("{}-{}", root.name(), word.unwrap_or_else(|| (number + 1).to_string()));
    let taken = |name: &str| view.named::<VirtualService>(&root.namespace, name).is_some();
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(name)
}

fn host_word(written: &str) -> &str {
    host::service_of_fqdn(written).map_or_else(|| written.split('.').next().unwrap_or(""), |(_, name)| name)
}

/// The text of a route, taken apart.
struct Parts {
    /// What the root's part replaces.
    span: Span,
    root: String,
    /// The delegate's list of routes.
    delegate: String,
}

impl Parts {
    /// Takes the route `node` apart, whose root then delegates to `name`.
    fn of(node: &Node, text: &str, name: &str) -> Option<Self> {
        let mapping = node.as_mapping()?;
        let stays = |key: &str| OF_ROOT.contains(&key);
        if !is_own(node) || mapping.entries.iter().all(|entry| stays(&entry.key)) || holds_anchor(node.span.of(text)) {
            return None;
        }
        if mapping.style == CollectionStyle::Flow {
            let (root, rest): (Vec<_>, Vec<_>) = mapping.entries.iter().partition(|entry| stays(&entry.key));
            let mut root: Vec<String> = root.into_iter().map(|entry| entry.span.of(text).to_owned()).collect();
            root.push(format!("delegate: {{name: {name}}}"));
            let rest: Vec<_> = rest.into_iter().map(|entry| format!("    {}", entry.span.of(text))).collect();
            let delegate = format!("  - {}{}", rest.join(line_end(text)).trim_start(), line_end(text));
            let single = !node.span.of(text).contains('\n');
            return single.then(|| Self { span: node.span, root: format!("{{{}}}", root.join(", ")), delegate });
        }
        let line_end = line_end(text);
        let column = node.span.start() - text.get(..node.span.start())?.rfind('\n').map_or(0, |at| at + 1);
        let (mut from, mut root, mut delegate) = (node.span.start(), String::new(), String::new());
        for entry in &mapping.entries {
            let end = line_after(text, entry.span.end());
            let lines = text.get(from..end)?;
            let part = if stays(&entry.key) { &mut root } else { &mut delegate };
            if from == node.span.start() {
                part.push_str(&" ".repeat(column));
            }
            part.push_str(lines);
            if !lines.ends_with('\n') {
                part.push_str(line_end);
            }
            from = end;
        }
        let pad = " ".repeat(column);
        let root = format!("{root}{pad}delegate:{line_end}{pad}  name: {name}{line_end}");
        let moved = delegate.split_inclusive('\n').map(|line| {
            let blanks = line.len() - line.trim_start_matches(' ').len();
            let line = line.get(blanks.min(column)..).unwrap_or(line);
            if line.trim().is_empty() { line.to_owned() } else { format!("    {line}") }
        });
        let delegate = moved.collect::<String>();
        let delegate = format!("  - {}", delegate.trim_start());
        Some(Self { span: Span::new(node.span.start(), from), root: root.get(column..)?.to_owned(), delegate })
    }
}

/// All of `node` is written in its place: nothing comes through an alias, a merge key or a patch.
fn is_own(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(_) => true,
        Value::Sequence(list) => list.items.iter().all(|item| node.span.contains(item.span) && is_own(item)),
        Value::Mapping(mapping) => mapping.entries.iter().all(|entry| {
            !entry.merged
                && node.span.contains(entry.span)
                && entry.span.contains(entry.value.span)
                && is_own(&entry.value)
        }),
    }
}

/// What others may repeat cannot leave the document.
fn holds_anchor(text: &str) -> bool {
    text.split_whitespace().any(|word| word.starts_with('&') && word.len() > 1)
}

/// The beginning of the line behind `offset`, unless that begins a line.
fn line_after(text: &str, offset: usize) -> usize {
    let begins = text.get(..offset).is_some_and(|head| head.ends_with('\n'));
    let rest = text.get(offset..).unwrap_or("");
    if begins { offset } else { offset + rest.find('\n').map_or(rest.len(), |at| at + 1) }
}

fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}
