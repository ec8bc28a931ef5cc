//! What the cursor is on: a resource, and the keys that lead to the place.

use std::path::Path as FilePath;

use super::{DocumentAt, Files};
use crate::index::Entry;
use crate::text::Span;
use crate::yaml::{At, Node, Step};

/// The cursor in terms of the resource that it is in.
pub(super) struct Cursor<'a> {
    pub(super) resource: &'a Entry,
    /// Keys from the top of the resource to the place, list indices left out.
    pub(super) keys: Vec<String>,
    /// Every key with the node that stands under it, outermost first.
    pub(super) nodes: Vec<(Way, Node)>,
    /// The entry or item under the cursor, in the document.
    pub(super) span: Span,
    /// The cursor is on the key of that entry.
    pub(super) on_key: bool,
    /// The single value under the cursor.
    pub(super) value: Option<String>,
    /// Byte offset of the document in its file.
    pub(super) start: usize,
}

/// A step with an owned key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    Key(String),
    Index(usize),
}

impl<'a> Cursor<'a> {
    /// What byte `offset` of `file` is on; none outside resources.
    pub(super) fn find(files: &'a dyn Files, file: &FilePath, offset: usize) -> Option<Self> {
        let DocumentAt { document, start, resources } = files.document_at(file, offset)?;
        let within = offset.checked_sub(start)?;
        let entries = resources.iter().filter_map(|id| files.index().entry(*id));
        let resource = entries.map(|entry| &**entry).find(|entry| entry.resource.span.touches(within))?;
        let path = document.path_at(within);
        let inside = path.steps.iter().skip_while(|step| {
            let holds_all = step.node().span.contains(resource.resource.span);
            holds_all && step.node().span != resource.resource.span || step.node().span == resource.resource.span
        });
        let steps: Vec<Step<'_>> = inside.copied().collect();
        let last = steps.last()?;
        let nodes = steps.iter().zip(path.to_edit().into_iter().skip(path.steps.len() - steps.len()));
        let nodes = nodes.map(|(step, at)| (owned(at), step.node().clone())).collect();
        let (span, on_key) = match last {
            Step::Entry(entry) if entry.key_span.touches(within) => (entry.key_span, true),
            step => (step.node().span, false),
        };
        Some(Self {
            resource,
            keys: steps.iter().filter_map(|step| key_of(step)).collect(),
            nodes,
            span,
            on_key,
            value: last.node().as_scalar().map(|scalar| scalar.text.to_string()),
            start,
        })
    }

    /// The keys as one word, such as `spec.trafficPolicy.tls.mode`.
    pub(super) fn path(&self) -> String {
        self.keys.join(".")
    }

    /// The number of the list item under `key`.
    pub(super) fn index_under(&self, key: &str) -> Option<usize> {
        let at = self.nodes.iter().position(|(step, _)| *step == Way::Key(key.to_owned()))?;
        match self.nodes.get(at + 1)? {
            (Way::Index(index), _) => Some(*index),
            (Way::Key(_), _) => None,
        }
    }

    /// The text of `key` beside the value under the cursor.
    pub(super) fn sibling(&self, key: &str) -> Option<String> {
        let (_, holder) = self.nodes.iter().rev().nth(1)?;
        Some(holder.get(key)?.as_scalar()?.text.to_string())
    }
}

fn owned(at: At<'_>) -> Way {
    match at {
        At::Key(key) => Way::Key(key.to_owned()),
        At::Index(index) => Way::Index(index),
    }
}

fn key_of(step: &Step<'_>) -> Option<String> {
    match step {
        Step::Entry(entry) => Some(entry.key.to_string()),
        Step::Item { .. } => None,
    }
}
