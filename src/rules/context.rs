//! What a rule works with: the door to the index, the sources for its fixes, and the list of findings.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use super::finding::Place;
use super::mesh::reach::{Reached, reached};
use super::{Finding, Rule};
use crate::index::{Entry, View};
use crate::resource::schema::{self, Defect};
use crate::text::Span;
use crate::yaml::{Document, Node};

/// The YAML documents behind resources. A rule reads them for its fixes, and for what the typed resource leaves out.
pub trait Sources {
    /// The document that holds `entry`; none when it is gone.
    fn document(&self, entry: &Entry) -> Option<Arc<Document>>;
}

/// The run of the rules on one resource.
pub struct Context<'a> {
    /// The index; lookups through it are noted.
    pub view: &'a View<'a>,
    pub(super) rule: &'static Rule,
    pub(super) findings: Vec<Finding>,
    entry: &'a Entry,
    sources: &'a dyn Sources,
    reached: OnceCell<Rc<Reached<'a>>>,
    defects: OnceCell<Rc<[Defect]>>,
}

impl<'a> Context<'a> {
    /// A run on `entry` that begins with `rule`.
    pub(super) fn new(rule: &'static Rule, entry: &'a Entry, view: &'a View<'a>, sources: &'a dyn Sources) -> Self {
        Self { view, rule, findings: Vec::new(), entry, sources, reached: OnceCell::new(), defects: OnceCell::new() }
    }

    /// The connections that the TLS blocks of the DestinationRule being checked decide; worked out once for all rules.
    #[must_use]
    pub(super) fn reached(&self) -> Rc<Reached<'a>> {
        let reached = || self.entry.as_kind().map(|rule| reached(self.view, rule)).unwrap_or_default();
        self.reached.get_or_init(|| Rc::new(reached())).clone()
    }

    /// What the table of its kind says against the resource being checked; worked out once for all rules.
    #[must_use]
    pub(super) fn defects(&self) -> Rc<[Defect]> {
        self.defects.get_or_init(|| self.defects_in(self.entry.resource.version()).into()).clone()
    }

    /// What the table of its kind would say if the resource being checked were of `version`.
    #[must_use]
    pub(super) fn defects_in(&self, version: &str) -> Vec<Defect> {
        let (Some(table), Some(document)) = (schema::of(self.entry.resource.kind), self.document(self.entry)) else {
            return Vec::new();
        };
        let root = document.root.as_ref().and_then(|root| object_at(root, self.entry.resource.span));
        root.map(|root| schema::defects(&document, root, table, version)).unwrap_or_default()
    }

    /// Reports a finding about the resource being checked, at `span` of its document. The first line of `message` says
    /// what is wrong in at most 100 characters.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let place = Place { resource: self.entry.id, span };
        let finding = Finding {
            rule: self.rule.id,
            severity: self.rule.severity,
            place,
            message: message.into(),
            aliases: if self.rule.all_fit { self.rule.aliases.to_vec() } else { Vec::new() },
            related: Vec::new(),
            fixes: Vec::new(),
        };
        self.findings.push(finding);
        let last = self.findings.len() - 1;
        #[allow(clippy::indexing_slicing, reason = "an element was pushed the line before")]
        &mut self.findings[last]
    }

    /// The object being checked in the tree of its document.
    #[must_use]
    pub(super) fn object<'n>(&self, root: &'n Node) -> Option<&'n Node> {
        object_at(root, self.entry.resource.span)
    }

    /// The document of `entry`, for a fix.
    #[must_use]
    pub fn document(&self, entry: &Entry) -> Option<Arc<Document>> {
        self.sources.document(entry)
    }
}

/// The object of `span`: the whole document, or an item of a `kind: List`.
pub(super) fn object_at(node: &Node, span: Span) -> Option<&Node> {
    if node.span == span {
        return Some(node);
    }
    let items = node.get("items")?.as_sequence()?;
    items.items.iter().filter(|item| item.span.contains(span)).find_map(|item| object_at(item, span))
}
