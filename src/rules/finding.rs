//! What a rule found: plain data, with its fixes.

use crate::index::ResourceId;
use crate::text::{Span, TextEdit};
use crate::tls::Outbound;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Istio rejects it or traffic breaks.
    Error,
    /// It does something other than written.
    Warning,
    /// Notable.
    Info,
    /// Good to know.
    Hint,
}

impl Severity {
    /// The word used in settings and output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Hint => "hint",
        }
    }

    /// One step less; a hint stays one.
    #[must_use]
    pub fn gentler(self) -> Self {
        match self {
            Self::Error => Self::Warning,
            Self::Warning => Self::Info,
            Self::Info | Self::Hint => Self::Hint,
        }
    }
}

/// A place inside the document of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The resource whose document is meant.
    pub resource: ResourceId,
    /// Relative to the document's text.
    pub span: Span,
}

/// Another place that takes part, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there.
    pub message: String,
}

/// A repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// Keeps every call that works working and makes the named one work.
    pub safe: bool,
    /// The edits, each in the document of a resource.
    pub edits: Vec<Edit>,
}

/// One edit of a fix, in the document of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The resource whose document is edited.
    pub resource: ResourceId,
    /// The edit, relative to the document's text.
    pub edit: TextEdit,
}

/// Something wrong with a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How much it matters here.
    pub severity: Severity,
    /// The resource it is about, and the exact node that is wrong.
    pub place: Place,
    /// First line: what is wrong, at most 100 characters. Further lines: why and what will be seen.
    pub message: String,
    /// Codes of other tools that say the same of this very finding.
    pub aliases: Vec<&'static str>,
    /// Other places that take part.
    pub related: Vec<Related>,
    /// Repairs, the preferred one first.
    pub fixes: Vec<Fix>,
}

impl Finding {
    /// Gives this finding another severity than its rule has.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Says that the finding is about `sent`: gentler, and with whose it is, where no workload shows the client.
    pub fn for_connection(&mut self, sent: &Outbound<'_>) -> &mut Self {
        if let Some(namespace) = sent.assumed_client() {
            self.severity = self.severity.gentler();
            self.message.push_str(&format!("\nThat is for sidecars of {namespace}, though none is in the workspace."));
        }
        self
    }

    /// Names another place that takes part.
    pub fn related(&mut self, resource: ResourceId, span: Span, message: impl Into<String>) -> &mut Self {
        self.related.push(Related { place: Place { resource, span }, message: message.into() });
        self
    }

    /// Says that another tool reports the same under `code`.
    pub fn alias(&mut self, code: &'static str) -> &mut Self {
        self.aliases.push(code);
        self
    }

    /// Offers a repair that keeps every call that works working, as edits of the document of the finding's own resource.
    pub fn safe_fix(&mut self, title: impl Into<String>, edits: Vec<TextEdit>) -> &mut Self {
        let edits = own(self.place.resource, edits);
        self.fix(Fix { title: title.into(), safe: true, edits })
    }

    /// Offers a repair that may change more than is wrong, as edits of the document of the finding's own resource.
    pub fn unsafe_fix(&mut self, title: impl Into<String>, edits: Vec<TextEdit>) -> &mut Self {
        let edits = own(self.place.resource, edits);
        self.fix(Fix { title: title.into(), safe: false, edits })
    }

    /// Offers a repair; one without edits is not offered.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        if !fix.edits.is_empty() {
            self.fixes.push(fix);
        }
        self
    }
}

fn own(resource: ResourceId, edits: Vec<TextEdit>) -> Vec<Edit> {
    edits.into_iter().map(|edit| Edit { resource, edit }).collect()
}
