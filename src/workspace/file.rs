//! One file: its documents, one after the other.

use std::path::Path;
use std::sync::Arc;

use crate::index::FileId;
use crate::resource::{self, Resource};
use crate::text::{Encoding, LineColumn, Span};
use crate::yaml::{self, Document};

/// A file of the workspace as it is now.
#[derive(Debug)]
pub struct File {
    /// Its identity, which it keeps for ever.
    pub id: FileId,
    /// Where it is.
    pub path: Arc<Path>,
    /// Its documents; their texts one after the other are the file.
    pub documents: Vec<PlacedDocument>,
}

/// A document in its file.
#[derive(Debug, Clone)]
pub struct PlacedDocument {
    /// Byte offset of the document in the file.
    pub start: usize,
    /// Line of the file on which the document begins, from zero.
    pub first_line: usize,
    /// What was read, shared as long as the text stays the same.
    pub content: Arc<DocumentContent>,
}

/// What was read of a document.
#[derive(Debug)]
pub struct DocumentContent {
    /// The tree.
    pub yaml: Arc<Document>,
    /// The typed resources, in order.
    pub resources: Vec<Arc<Resource>>,
}

impl DocumentContent {
    /// Reads `text`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let yaml = yaml::parse(text.into());
        let resources = resource::read(&yaml).into_iter().map(Arc::new).collect();
        Self { yaml: Arc::new(yaml), resources }
    }

    /// What nobody applies: a text that templates include.
    #[must_use]
    pub fn included(text: &str) -> Self {
        Self { yaml: Arc::new(Document::unread(text.into())), resources: Vec::new() }
    }

    /// SOPS encrypted it: it carries the code that guards it, or values that look so.
    fn is_encrypted(&self) -> bool {
        let sops = self.yaml.root.as_ref().and_then(|root| root.get("sops"));
        sops.is_some_and(|sops| sops.get("mac").is_some()) || self.yaml.text.contains("ENC[AES256_GCM,")
    }
}

impl File {
    /// A file of these documents, one after the other.
    pub(super) fn of(id: FileId, path: Arc<Path>, contents: Vec<Arc<DocumentContent>>) -> Self {
        let mut documents = Vec::with_capacity(contents.len());
        let (mut start, mut first_line) = (0, 0);
        for content in contents {
            let (length, lines) = (content.yaml.text.len(), content.yaml.lines.line_ends());
            documents.push(PlacedDocument { start, first_line, content });
            start += length;
            first_line += lines;
        }
        Self { id, path, documents }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        self.documents.iter().map(|document| &*document.content.yaml.text).collect()
    }

    /// Length of the text in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.documents.last().map_or(0, |last| last.start + last.content.yaml.text.len())
    }

    /// The text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The document at a byte offset of the file, with its number.
    #[must_use]
    pub fn document_at(&self, offset: usize) -> Option<(usize, &PlacedDocument)> {
        let after = self.documents.partition_point(|document| document.start <= offset);
        let at = after.checked_sub(1)?;
        Some((at, self.documents.get(at)?))
    }

    /// The document at a byte offset of the file is encrypted.
    pub(super) fn is_encrypted_at(&self, offset: usize) -> bool {
        self.document_at(offset).is_some_and(|(_, document)| document.content.is_encrypted())
    }

    /// Line and column of a byte offset of the file.
    #[must_use]
    pub fn position(&self, offset: usize, encoding: Encoding) -> LineColumn {
        let Some((_, document)) = self.document_at(offset) else { return LineColumn::default() };
        let yaml = &document.content.yaml;
        let within = yaml.lines.position(&yaml.text, offset - document.start, encoding);
        LineColumn { line: within.line + u32::try_from(document.first_line).unwrap_or(u32::MAX), ..within }
    }

    /// Byte offset of a line and column.
    #[must_use]
    pub fn offset(&self, position: LineColumn, encoding: Encoding) -> usize {
        let line = position.line as usize;
        let after = self.documents.partition_point(|document| document.first_line <= line);
        let Some(document) = after.checked_sub(1).and_then(|at| self.documents.get(at)) else { return 0 };
        let within = LineColumn { line: u32::try_from(line - document.first_line).unwrap_or(u32::MAX), ..position };
        document.start + document.content.yaml.lines.offset(&document.content.yaml.text, within, encoding)
    }

    /// Start and end of a span of the file.
    #[must_use]
    pub fn range(&self, span: Span, encoding: Encoding) -> (LineColumn, LineColumn) {
        (self.position(span.start(), encoding), self.position(span.end(), encoding))
    }
}
