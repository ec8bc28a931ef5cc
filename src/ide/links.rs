//! Links from names to what they name, and the meaning of each name for its colour.

use std::path::{Path, PathBuf};

use super::Files;
use super::names::{self, Name};
use crate::index::View;
use crate::text::Span;

/// A name that leads to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The name, as bytes of the file that was asked about.
    pub span: Span,
    /// The file of what it names.
    pub path: PathBuf,
    /// The line there, from zero.
    pub line: usize,
    /// What it is.
    pub title: String,
}

/// The names in `file` that mean exactly one thing, which stands elsewhere.
#[must_use]
pub fn links(files: &dyn Files, file: &Path) -> Vec<Link> {
    let view = View::new(files.index());
    let mut links = Vec::new();
    for document in files.documents(file) {
        for entry in document.resources.iter().filter_map(|id| files.index().entry(*id)) {
            let mentions = names::mentions(&view, entry, &document.document);
            for mention in mentions.iter().filter(|mention| !mention.defines && mention.selector.is_none()) {
                let found = names::definitions(files, &view, mention);
                let [only] = found.as_slice() else { continue };
                let Some(place) = files.place_of(only.entry.id, only.mention.span) else { continue };
                let (span, title) = (mention.span.shifted(document.start), mention.name.title());
                links.push(Link { span, path: place.path, line: place.line, title });
            }
        }
    }
    links
}

/// What a word means, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenKind {
    /// A namespace.
    Namespace,
    /// A host.
    Host,
    /// A subset, a port, a listener, a label.
    Part,
    /// Another resource.
    Resource,
    /// A mode of TLS.
    Mode,
}

impl TokenKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Namespace, Self::Host, Self::Part, Self::Resource, Self::Mode];
}

/// The words of `file` that mean something, in order; none overlaps another.
#[must_use]
pub fn tokens(files: &dyn Files, file: &Path) -> Vec<(Span, TokenKind)> {
    let view = View::new(files.index());
    let mut tokens = Vec::new();
    for document in files.documents(file) {
        for entry in document.resources.iter().filter_map(|id| files.index().entry(*id)) {
            let mentions = names::mentions(&view, entry, &document.document);
            let meant = mentions.iter().map(|mention| (mention.span.shifted(document.start), token(&mention.name)));
            tokens.extend(meant);
        }
        if let Some(root) = document.document.root.as_ref().filter(|_| !document.resources.is_empty()) {
            modes(root, document.start, &mut tokens);
        }
    }
    tokens.sort_unstable();
    tokens.dedup_by(|next, known| next.0.start < known.0.end);
    tokens
}

fn token(name: &Name) -> TokenKind {
    match name {
        Name::Host(_) => TokenKind::Host,
        Name::Namespace(_) => TokenKind::Namespace,
        Name::Subset(..) | Name::Port(..) | Name::Listener(..) | Name::Label(..) => TokenKind::Part,
        Name::Resource(..) | Name::Provider(_) => TokenKind::Resource,
    }
}

/// The values of `mode` under `tls`, `mtls` and the ports of a policy.
fn modes(node: &crate::yaml::Node, start: usize, tokens: &mut Vec<(Span, TokenKind)>) {
    use crate::yaml::Value;
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(list) => list.items.iter().for_each(|item| modes(item, start, tokens)),
        Value::Mapping(mapping) => {
            for entry in mapping.entries.iter().filter(|entry| !entry.merged) {
                if entry.key == "mode" && entry.value.as_scalar().is_some_and(|mode| !mode.text.is_empty()) {
                    tokens.push((entry.value.span.shifted(start), TokenKind::Mode));
                }
                modes(&entry.value, start, tokens);
            }
        }
    }
}
