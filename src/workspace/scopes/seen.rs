//! A document as a scope sees it: as it was written, or as the kustomizations above it leave it.

use std::sync::Arc;

use super::plan::Layers;
use crate::index::{FileId, ResourceId};
use crate::resource::Resource;
use crate::text::Span;
use crate::workspace::file::DocumentContent;
use crate::yaml::Document;

/// A document of a file in one scope.
#[derive(Debug, Clone)]
pub(in crate::workspace) struct Seen {
    /// What was written.
    written: Arc<DocumentContent>,
    /// What came of it; none where nothing is done to it.
    pub(in crate::workspace) variant: Option<Arc<Variant>>,
    /// The resources, in order.
    pub(in crate::workspace) resources: Vec<ResourceId>,
}

/// What kustomizations made of a document.
#[derive(Debug)]
pub(in crate::workspace) struct Variant {
    /// The text is that of all pieces, one after the other.
    pub(in crate::workspace) yaml: Arc<Document>,
    /// The typed resources, in order.
    pub(in crate::workspace) resources: Vec<Arc<Resource>>,
    /// Where the text comes from, in order; the first is the document itself.
    pub(in crate::workspace) pieces: Vec<Piece>,
}

/// A part of the text of a [`Variant`]: a whole document of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::workspace) struct Piece {
    /// Its first byte in the text.
    pub(in crate::workspace) start: usize,
    /// The file.
    pub(in crate::workspace) file: FileId,
    /// Which document of the file, from zero.
    pub(in crate::workspace) document: usize,
}

impl Seen {
    /// `written` as it comes through `layers`; what is among `before` is not worked out again.
    pub(in crate::workspace) fn of(written: &Arc<DocumentContent>, _layers: &Layers, _before: &[Self]) -> Self {
        Self { written: written.clone(), variant: None, resources: Vec::new() }
    }

    /// Nothing that made `other` what it is differs.
    pub(in crate::workspace) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.written, &other.written)
    }

    /// The resources as the scope sees them.
    pub(in crate::workspace) fn content(&self) -> &[Arc<Resource>] {
        self.variant.as_ref().map_or(&self.written.resources, |variant| &variant.resources)
    }
}

impl Variant {
    /// The piece that `span` lies in; none where it lies in several.
    pub(in crate::workspace) fn piece_of(&self, span: Span) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.start <= span.start());
        let piece = self.pieces.get(after.checked_sub(1)?)?;
        self.pieces.get(after).is_none_or(|next| span.end() <= next.start).then_some(piece)
    }
}
