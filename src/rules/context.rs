//! What a rule works with: the door to the index, the sources for its fixes, and the list of findings.

use std::sync::Arc;

use super::finding::Place;
use super::{Finding, Rule};
use crate::index::{Entry, ResourceId, View};
use crate::text::Span;
use crate::yaml::Document;

/// The YAML documents behind resources. A rule reads them for its fixes only.
pub trait Sources {
    /// The document that holds `entry`; none when it is gone.
    fn document(&self, entry: &Entry) -> Option<Arc<Document>>;
}

/// One run of one rule on one resource.
pub struct Context<'a> {
    /// The index; lookups through it are noted.
    pub view: &'a View<'a>,
    rule: &'static Rule,
    resource: ResourceId,
    sources: &'a dyn Sources,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Context<'a> {
    /// A run of `rule` on `resource` that adds to `findings`.
    pub fn new(
        rule: &'static Rule,
        resource: ResourceId,
        view: &'a View<'a>,
        sources: &'a dyn Sources,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        Self { view, rule, resource, sources, findings }
    }

    /// Reports a finding about the resource being checked, at `span` of its document. The first line of `message` says
    /// what is wrong in at most 100 characters.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let place = Place { resource: self.resource, span };
        let finding = Finding {
            rule: self.rule.id,
            severity: self.rule.severity,
            place,
            message: message.into(),
            aliases: Vec::new(),
            related: Vec::new(),
            fixes: Vec::new(),
        };
        self.findings.push(finding);
        let last = self.findings.len() - 1;
        #[allow(clippy::indexing_slicing, reason = "an element was pushed the line before")]
        &mut self.findings[last]
    }

    /// The document of `entry`, for a fix.
    #[must_use]
    pub fn document(&self, entry: &Entry) -> Option<Arc<Document>> {
        self.sources.document(entry)
    }
}
