//! A document put together of several texts.

use std::path::Path;
use std::sync::Arc;

use crate::text::{LineIndex, Span};
use crate::yaml::{Comment, Document, Node};

/// A document of a file.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file.
    pub path: Arc<Path>,
    /// Which document of the file, from zero.
    pub document: usize,
    /// What was read.
    pub yaml: Arc<Document>,
}

/// What kustomizations made of a document.
#[derive(Debug)]
pub struct Merged {
    /// The tree. Its text is that of the document as it was written and then those of `pieces`, one after the other; each
    /// value has its place in the text that wrote it.
    pub document: Document,
    /// The patches that took part; empty where only namespace, name or labels were set.
    pub pieces: Vec<Piece>,
}

/// A part of the text of a [`Merged`]: the whole text of another document.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its first byte in the text.
    pub start: usize,
    /// Where it comes from.
    pub source: Source,
}

impl Merged {
    /// The piece that `span` lies in, and the span in that piece's own text; none in the document as it was written.
    #[must_use]
    pub fn origin(&self, span: Span) -> Option<(&Piece, Span)> {
        let piece = self.pieces.iter().rev().find(|piece| piece.start <= span.start())?;
        Some((piece, Span::new(span.start() - piece.start, span.end().max(piece.start) - piece.start)))
    }
}

/// Gathers the texts that a document is put together of.
pub(super) struct Texts<'a> {
    base: &'a Document,
    pieces: Vec<Piece>,
    end: usize,
}

impl<'a> Texts<'a> {
    pub(super) fn new(base: &'a Document) -> Self {
        Self { base, pieces: Vec::new(), end: base.text.len() }
    }

    /// Where the text of `source` begins.
    pub(super) fn start_of(&mut self, source: &Source) -> usize {
        if let Some(piece) = self.pieces.iter().find(|piece| Arc::ptr_eq(&piece.source.yaml, &source.yaml)) {
            return piece.start;
        }
        let before = self.pieces.last().map_or(&*self.base.text, |piece| &*piece.source.yaml.text);
        // No line belongs to two texts.
        let start = self.end + usize::from(!before.is_empty() && !before.ends_with('\n'));
        self.end = start + source.yaml.text.len();
        self.pieces.push(Piece { start, source: source.clone() });
        start
    }

    /// The document whose content is `root`.
    pub(super) fn document(self, root: Node) -> Merged {
        let Self { base, pieces, end } = self;
        let mut comments = base.comments.clone();
        for piece in &pieces {
            let moved = |comment: &Comment| Comment { span: comment.span.shifted(piece.start), ..*comment };
            comments.extend(piece.source.yaml.comments.iter().map(moved));
        }
        let (text, lines) = if pieces.is_empty() {
            (Arc::clone(&base.text), base.lines.clone())
        } else {
            let mut text = String::with_capacity(end);
            text.push_str(&base.text);
            for piece in &pieces {
                if text.len() < piece.start {
                    text.push('\n');
                }
                text.push_str(&piece.source.yaml.text);
            }
            let lines = LineIndex::new(&text);
            (text.into(), lines)
        };
        let templated = base.templated || pieces.iter().any(|piece| piece.source.yaml.templated);
        let document = Document { text, lines, root: Some(root), comments, errors: base.errors.clone(), templated };
        Merged { document, pieces }
    }
}
