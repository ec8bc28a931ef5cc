//! Findings in templates: what stands under different conditions need not be there together, and what a template writes is
//! not the place of a finding, nor is what no values turn on.

use super::{LocatedFinding, Location, Origin, Snapshot};
use crate::helm;
use crate::index::{ResourceId, ScopeId};
use crate::rules::registry;
use crate::text::Span;
use crate::yaml::{Document, Node, Value};

/// The families of rules that look at what is written in one place alone.
const OF_WORDS: [&str; 3] = ["schema", "validation", "annotations"];

impl Snapshot {
    /// All that takes part in the finding is there wherever its own place is: what the values of the scope do not decide is
    /// the same where its words are.
    pub(super) fn surely_holds(&self, scope: ScopeId, finding: &LocatedFinding) -> bool {
        let others = finding.related.iter().map(|related| &related.location);
        let mut conditional = others.filter(|other| self.is_templated(other)).peekable();
        if conditional.peek().is_none() {
            return true;
        }
        let own = self.conditions(scope, &finding.location);
        conditional.all(|other| self.conditions(scope, other).iter().all(|condition| own.contains(condition)))
    }

    /// The finding is about a part of a template that none of the values known turns on, and about more than its words: what
    /// will stand beside it once somebody turns it on is open. Words that are wrong are so whatever the values.
    pub(super) fn is_turned_off(&self, scope: ScopeId, finding: &LocatedFinding) -> bool {
        let is_of_words = registry::find(finding.rule).is_none_or(|rule| OF_WORDS.contains(&rule.family()));
        if is_of_words || self.plans.get(&scope).is_none_or(|plan| plan.origin != Origin::Templates) {
            return false;
        }
        let Some(file) = self.file(&finding.location.path) else { return false };
        let at = finding.location.span.start();
        let Some((number, document)) = file.document_at(at) else { return false };
        let scopes = self.scopes_of.get(&file.id).into_iter().flat_map(|scopes| scopes.iter());
        let seen = scopes.filter_map(|scope| self.seen.get(&(*scope, file.id))?.get(number));
        let mut answers = seen.filter_map(|seen| seen.leaves_out(at - document.start)).peekable();
        answers.peek().is_some() && answers.all(|left_out| left_out)
    }

    /// Helm made the resource, so that all of it is as it will be.
    pub(super) fn is_rendered(&self, resource: ResourceId) -> bool {
        self.variants.get(&resource).is_some_and(|variant| variant.is_rendered)
    }

    fn is_templated(&self, location: &Location) -> bool {
        let file = self.file(&location.path);
        file.is_some_and(|file| file.documents.iter().any(|document| document.content.yaml.templated))
    }

    fn conditions(&self, scope: ScopeId, location: &Location) -> Vec<String> {
        let text = self.file(&location.path).map(|file| file.text()).unwrap_or_default();
        let ways = self.plans.get(&scope).and_then(|plan| plan.members.get(&location.path));
        // What the values of one release decide, those of another may not.
        let release = match ways.map(Vec::as_slice) {
            Some([way]) => way.release.as_ref(),
            _ => None,
        };
        let reading = release.map_or_else(|| helm::read(&text, None), |release| release.read(&text));
        reading.conditions_at(location.span.start()).map(str::to_owned).collect()
    }

    /// A template writes what stands at `span` of a resource, alone or among others, and the values of its scope filled it in.
    pub(super) fn is_filled(&self, resource: ResourceId, span: Span) -> bool {
        if !self.variants.get(&resource).is_some_and(|variant| variant.is_filled && !variant.is_rendered) {
            return false;
        }
        self.written(resource).is_some_and(|document| {
            let is_line = span.end() <= document.text.len() && span.of(&document.text).starts_with("{{");
            is_line || document.root.as_ref().is_some_and(|root| is_written_at(root, span))
        })
    }

    /// What stands at `span` of a resource can be edited there; of what Helm made, a value that the template has word for word.
    pub(super) fn is_editable(&self, resource: ResourceId, span: Span) -> bool {
        let Some(variant) = self.variants.get(&resource).filter(|variant| variant.is_rendered) else {
            return !self.is_filled(resource, span);
        };
        let roots = (self.written(resource).and_then(|document| document.root.as_ref()), variant.yaml.root.as_ref());
        let (Some(written), Some(made)) = roots else { return false };
        let (written, made) = (values_at(written, span), values_at(made, span));
        matches!(written.as_slice(), [text] if !made.is_empty() && made.iter().all(|other| other == text))
    }

    /// The document that holds a resource, as it was written.
    fn written(&self, resource: ResourceId) -> Option<&Document> {
        let entry = self.entry(resource)?;
        Some(&self.files.get(&entry.file)?.documents.get(entry.document as usize)?.content.yaml)
    }
}

/// The single values that stand at exactly `span`; Helm makes several of one.
fn values_at(node: &Node, span: Span) -> Vec<&str> {
    match &node.value {
        _ if node.templated => Vec::new(),
        Value::Scalar(scalar) => (node.span == span).then_some(scalar.text.as_str()).into_iter().collect(),
        Value::Mapping(mapping) => mapping.entries.iter().flat_map(|entry| values_at(&entry.value, span)).collect(),
        Value::Sequence(sequence) => sequence.items.iter().flat_map(|item| values_at(item, span)).collect(),
    }
}

/// An action writes a value that `span` lies in.
fn is_written_at(node: &Node, span: Span) -> bool {
    let is_around = |inner: &Node| inner.span.contains(span) && is_written_at(inner, span);
    match &node.value {
        _ if node.templated && node.span.contains(span) => true,
        Value::Scalar(_) => false,
        Value::Mapping(mapping) => mapping.entries.iter().any(|entry| is_around(&entry.value)),
        Value::Sequence(sequence) => sequence.items.iter().any(is_around),
    }
}
