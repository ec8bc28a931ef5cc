//! Why an answer is what it is, and what was taken for granted on the way.

use std::borrow::Cow;
use std::fmt;

use smol_str::SmolStr;

use crate::index::{Entry, ResourceId};
use crate::text::Span;

/// One step of the way to an answer, in the order in which istiod looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What was found, or which default applied.
    pub text: Cow<'static, str>,
    /// The field that says so; none for a default or for something that is not there.
    pub place: Option<(ResourceId, Span)>,
}

impl Reason {
    /// A default, or the absence of something.
    pub fn of(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), place: None }
    }

    /// What the field at `span` of `entry` says.
    pub fn at(entry: &Entry, span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), place: Some((entry.id, span)) }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Something outside the workspace, or not yet written, that could make the answer another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Assumption {
    /// The Namespace object is not here, so its labels are taken as none.
    NamespaceLabels(SmolStr),
    /// Nothing of the root namespace is here, so nothing is taken to hold for the whole mesh.
    RootNamespace(SmolStr),
    /// No client of this namespace is here that would send; a sidecar is taken to exist.
    Client(SmolStr),
    /// No workload carries the labels of a Gateway's selector; one is taken to exist in the root namespace.
    GatewayWorkload(SmolStr),
    /// No pod behind this host is here.
    Endpoints(SmolStr),
    /// Two objects of one age; the cluster's creation times may order them otherwise.
    Age(SmolStr, SmolStr),
    /// A field of this resource is malformed or filled in by a template; it is taken as not written.
    Unknown(ResourceId, Span),
}

impl Assumption {
    /// The field at `span` of `entry` is not known.
    #[must_use]
    pub fn unknown(entry: &Entry, span: Option<Span>) -> Self {
        Self::Unknown(entry.id, span.unwrap_or_else(|| entry.resource.name_span()))
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NamespaceLabels(namespace) => {
                write!(formatter, "Namespace {namespace} is not in the workspace: taken as without labels")
            }
            Self::RootNamespace(namespace) => {
                write!(formatter, "nothing of {namespace} is in the workspace: no mesh-wide policy is assumed")
            }
            Self::Client(namespace) => {
                write!(formatter, "no client of {namespace} is in the workspace: a sidecar is assumed to exist")
            }
            Self::GatewayWorkload(selector) => {
                write!(formatter, "no workload with {selector} is in the workspace: a gateway is assumed to exist")
            }
            Self::Endpoints(host) => write!(formatter, "no pod behind {host} is in the workspace"),
            Self::Age(first, second) => {
                write!(formatter, "{first} is taken as older than {second}: creation times are not written")
            }
            Self::Unknown(..) => formatter.write_str("a field that decides is templated or malformed"),
        }
    }
}

/// Adds `assumption` unless it is there already.
pub(super) fn assume(assumptions: &mut Vec<Assumption>, assumption: Assumption) {
    if !assumptions.contains(&assumption) {
        assumptions.push(assumption);
    }
}
