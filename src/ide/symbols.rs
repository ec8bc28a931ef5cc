//! Symbols: the tree of a file's documents, and the resources of a workspace by what a person remembers of their names.

use std::path::{Path, PathBuf};

use super::Files;
use crate::index::{Entry, Index};
use crate::text::Span;
use crate::yaml::{Document, Node};

/// What a symbol is, as far as editors show different pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// A resource.
    Resource,
    /// A server, a route, a subset, a port, a listener.
    Part,
}

/// A node of the tree. Spans are bytes of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// What it is called.
    pub name: String,
    /// More about it: the kind of a resource, the field of a part.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub full: Span,
    /// Its name.
    pub select: Span,
    /// What lies inside.
    pub children: Vec<Symbol>,
}

/// The lists that are shown inside a resource, and the fields that name their items.
const LISTS: [(&str, &[&str]); 9] = [
    ("servers", &["name", "port"]),
    ("http", &["name", "match", "route"]),
    ("tls", &["match", "route"]),
    ("tcp", &["match", "route"]),
    ("subsets", &["name"]),
    ("ports", &["name", "port", "number"]),
    ("listeners", &["name"]),
    ("rules", &["name", "matches", "backendRefs"]),
    ("endpoints", &["address"]),
];

/// The documents of `file` with what lies in them; a List is shown as its items.
#[must_use]
pub fn document_symbols<'a>(documents: impl Iterator<Item = (&'a Document, usize)>) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    for (document, start) in documents {
        if let Some(root) = &document.root {
            objects(root, start, &mut symbols);
        }
    }
    symbols
}

fn objects(node: &Node, start: usize, symbols: &mut Vec<Symbol>) {
    if let Some(items) = node.get("items").and_then(Node::as_sequence) {
        items.items.iter().for_each(|item| objects(item, start, symbols));
        return;
    }
    let Some((kind, _)) = word(node, "kind") else { return };
    let metadata = node.get("metadata");
    let named = metadata.and_then(|metadata| word(metadata, "name"));
    let select = named.as_ref().map_or(node.span, |(_, span)| *span);
    let name = named.map_or_else(|| kind.clone(), |(name, _)| name);
    let namespace = metadata.and_then(|metadata| word(metadata, "namespace"));
    let detail = namespace.map_or_else(|| kind.clone(), |(namespace, _)| format!("{kind} in {namespace}"));
    let spec = node.get("spec");
    let lists = LISTS.iter().filter_map(|(field, names)| Some((*field, *names, spec?.get(field)?.as_sequence()?)));
    let children = lists.flat_map(|(field, names, list)| {
        list.items.iter().enumerate().map(move |(index, item)| part(field, names, index, item, start))
    });
    symbols.push(Symbol {
        name,
        detail,
        kind: SymbolKind::Resource,
        full: node.span.shifted(start),
        select: select.shifted(start),
        children: children.collect(),
    });
}

fn part(field: &str, names: &[&str], index: usize, item: &Node, start: usize) -> Symbol {
    let found = names.iter().find_map(|key| told(item.get(key)?));
    let (name, span) = found.unwrap_or_else(|| (format!("{field}[{index}]"), Span::at(item.span.start())));
    let select = if item.span.contains(span) { span } else { Span::at(item.span.start()) };
    Symbol {
        name,
        detail: field.to_owned(),
        kind: SymbolKind::Part,
        full: item.span.shifted(start),
        select: select.shifted(start),
        children: Vec::new(),
    }
}

/// The first single value in a node, the name of a port or the host of a destination where there is one.
fn told(node: &Node) -> Option<(String, Span)> {
    if let Some(scalar) = node.as_scalar() {
        return (!scalar.text.is_empty()).then(|| (scalar.text.to_string(), node.span));
    }
    if let Some(list) = node.as_sequence() {
        return list.items.iter().find_map(told);
    }
    let mapping = node.as_mapping()?;
    let named = mapping.entry("name").or_else(|| mapping.entry("host")).or(mapping.entries.first())?;
    told(&named.value)
}

fn word(node: &Node, key: &str) -> Option<(String, Span)> {
    let value = node.get(key)?;
    Some((value.as_scalar()?.text.to_string(), value.span)).filter(|(text, _)| !text.is_empty())
}

/// A resource of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name.
    pub name: String,
    /// Kind and namespace.
    pub detail: String,
    /// The file.
    pub path: PathBuf,
    /// Its name in the file.
    pub span: Span,
}

/// The resources of all `scopes` whose name, or `namespace/name`, has the letters of `query` in their order, the best first.
/// Words such as `kind:gateway` or `ns:shop` limit the search.
#[must_use]
pub fn workspace_symbols<F: Files>(scopes: &[F], query: &str, limit: usize) -> Vec<Resource> {
    let query = Query::of(query);
    let mut found: Vec<(u32, &Path, &F, &Entry)> = Vec::new();
    for scope in scopes {
        let rated = entries(scope.index()).filter_map(|entry| Some((query.rate(entry)?, &*entry.path, scope, entry)));
        found.extend(rated);
    }
    found.sort_by(|left, right| {
        let place = |entry: &Entry| (entry.document, entry.resource.span);
        (left.0, left.1, place(left.3)).cmp(&(right.0, right.1, place(right.3)))
    });
    // What several scopes take in stands at one place.
    found.dedup_by(|left, right| {
        left.1 == right.1 && (left.3.document, left.3.resource.span) == (right.3.document, right.3.resource.span)
    });
    let resource = |(_, _, files, entry): &(u32, &Path, &F, &Entry)| {
        let place = files.place_of(entry.id, entry.resource.name_span())?;
        let detail = match entry.namespace.as_str() {
            "" => entry.resource.kind.to_string(),
            namespace => format!("{} in {namespace}", entry.resource.kind),
        };
        Some(Resource { name: entry.name().to_owned(), detail, path: place.path, span: place.span })
    };
    found.iter().filter_map(resource).take(limit).collect()
}

fn entries(index: &Index) -> impl Iterator<Item = &Entry> {
    index.entries().map(|entry| &**entry)
}

/// What is looked for.
struct Query {
    kind: Option<String>,
    namespace: Option<String>,
    letters: String,
}

impl Query {
    fn of(text: &str) -> Self {
        let mut query = Self { kind: None, namespace: None, letters: String::new() };
        for word in text.to_lowercase().split_whitespace() {
            match word.split_once(':') {
                Some(("kind", kind)) => query.kind = Some(kind.to_owned()),
                Some(("ns" | "namespace", namespace)) => query.namespace = Some(namespace.to_owned()),
                _ => query.letters.push_str(word),
            }
        }
        query
    }

    /// How badly `entry` fits, from zero for the very name; none where it does not.
    fn rate(&self, entry: &Entry) -> Option<u32> {
        let kind = entry.resource.kind.as_str();
        if self.kind.as_deref().is_some_and(|wanted| !starts_with(kind, wanted)) {
            return None;
        }
        if self.namespace.as_deref().is_some_and(|wanted| entry.namespace != wanted) {
            return None;
        }
        if self.letters.contains('/') {
            return gaps(&entry.qualified_name(), &self.letters);
        }
        gaps(entry.name(), &self.letters)
    }
}

fn starts_with(text: &str, lower: &str) -> bool {
    text.get(..lower.len()).is_some_and(|start| start.eq_ignore_ascii_case(lower))
}

/// The number of letters of `text` that stand before or between those of `wanted`, plus those left at its end, each a
/// little; none where they do not all occur in order.
fn gaps(text: &str, wanted: &str) -> Option<u32> {
    if wanted.is_empty() {
        return Some(0);
    }
    let mut wanted = wanted.chars().peekable();
    let (mut gaps, mut run) = (0, 0);
    for letter in text.chars().flat_map(char::to_lowercase) {
        match wanted.peek() {
            Some(next) if *next == letter => {
                wanted.next();
                gaps += run * 4;
                run = 0;
            }
            Some(_) => run += 1,
            None => gaps += 1,
        }
    }
    wanted.peek().is_none().then_some(gaps)
}
