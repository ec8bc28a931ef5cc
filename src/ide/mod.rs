//! Answers at a place of a file, as plain data: completion, hover, definition, references, rename, symbols, inlay hints
//! and lenses; and the map of all connections.

mod breaks;
mod brief;
mod calls;
mod completion;
mod connections;
mod definition;
mod extract;
mod field;
mod gateway_api;
mod governed;
mod hover;
mod implementation;
mod inlay;
mod kustomized;
mod lens;
mod links;
pub mod map;
mod moved;
mod names;
mod note;
mod patched;
mod place;
mod ranges;
mod refactor;
mod references;
mod rename;
mod rule_page;
mod selected;
mod servers;
mod split;
mod symbols;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use calls::{End, Node as CallNode, incoming_calls, outgoing_calls, prepare_calls};
pub use completion::{Completion, Item, ItemKind, about_host, completion, next_line};
pub use definition::{Target, definition, definition_in_patch};
pub use hover::{Hover, hover};
pub use implementation::implementations;
pub use inlay::{Inlay, inlays};
pub use lens::{Lens, LensKind, lens_title, lenses};
pub use links::{Link, TokenKind, links, tokens};
pub use moved::moved;
pub use patched::hover_patch;
pub use ranges::{Fold, folds, selections};
pub use refactor::{Change, Refactoring, RefactoringKind, refactorings};
pub use references::{Occurrence, highlights, references};
pub use rename::{Renamed, prepare_rename, rename};
pub use split::split;
pub use symbols::{Resource as ResourceSymbol, Symbol, SymbolKind, document_symbols, workspace_symbols};

use crate::index::{Entry, Index, ResourceId};
use crate::kustomize::{Layer, Touched};
use crate::text::Span;
use crate::yaml::Document;

/// The files behind an index, as the answers need them.
pub trait Files {
    /// All resources.
    fn index(&self) -> &Index;
    /// The document of `file` at a byte offset of the file.
    fn document_at(&self, file: &Path, offset: usize) -> Option<DocumentAt>;
    /// All documents of `file`, in order.
    fn documents(&self, file: &Path) -> Vec<DocumentAt>;
    /// The document that holds a resource.
    fn document(&self, entry: &Entry) -> Option<Arc<Document>>;
    /// Who put a resource that names no namespace, or another one, where it is; none where it says so itself.
    fn namespace_origin(&self, resource: ResourceId) -> Option<String>;
    /// The file of a resource, a span of its document as bytes of the file, and the line on which that begins, from zero.
    fn place_of(&self, resource: ResourceId, span: Span) -> Option<PlaceOf>;
    /// The kustomizations that a resource goes through, the innermost first.
    fn layers(&self, resource: ResourceId) -> Vec<&Layer>;
    /// The files of the scope.
    fn members(&self) -> Vec<Arc<Path>>;
    /// The resources that the patch at a byte offset of `file` changes, and what of them.
    fn patched_at(&self, file: &Path, offset: usize) -> Vec<Patched>;
}

/// A resource that a patch changes.
#[derive(Debug, Clone)]
pub struct Patched {
    /// The resource.
    pub resource: ResourceId,
    /// What the place in the patch changes of it.
    pub touched: Touched,
    /// Byte offset of the patch's document in its file.
    pub start: usize,
    /// What applies the patch, for a person.
    pub by: String,
    /// The document that the resource was written in, and the line of the file on which that begins, from zero.
    pub written: (Arc<Document>, usize),
}

/// A document of a file.
#[derive(Debug, Clone)]
pub struct DocumentAt {
    /// What was read.
    pub document: Arc<Document>,
    /// Byte offset of the document in its file.
    pub start: usize,
    /// Its resources, in order.
    pub resources: Vec<ResourceId>,
}

/// A span of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceOf {
    /// The file.
    pub path: PathBuf,
    /// Bytes of the file.
    pub span: Span,
    /// The line on which the span begins, from zero.
    pub line: usize,
}
