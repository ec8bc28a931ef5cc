//! What istiod's validation says of a mesh configuration: `ValidateMeshConfig` and what it calls, field by field.

mod fields;
mod providers;
mod together;

use super::refusal::Refusal;
use crate::resource::protobuf::{Outcome, mismatches};
use crate::rules::Severity;
use crate::text::Span;
use crate::yaml::Node;

/// Something that istiod says of a mesh configuration.
#[derive(Debug)]
pub(crate) struct Told {
    /// The place in the document of the mesh configuration.
    pub(crate) span: Span,
    /// An error refuses the whole, a warning leaves out a part.
    pub(crate) severity: Severity,
    /// What is wrong, and what istiod does.
    pub(crate) message: String,
}

/// What istiod says of the mesh configuration at `root`, in the order of the text.
pub(crate) fn told(root: &Node) -> Vec<Told> {
    let read = mismatches(root, "istio.mesh.v1alpha1.MeshConfig");
    let (unknown, unreadable): (Vec<_>, Vec<_>) =
        read.into_iter().partition(|found| found.outcome != Outcome::Unreadable);
    let mut places: Vec<Span> = unreadable.iter().map(|found| found.span).collect();
    let refused = unreadable.into_iter().map(|found| (found.span, found.message)).collect();
    let mut told = outcome(refused, Severity::Error, "istiod does not take this mesh configuration.");
    let unknown = unknown.into_iter().map(|found| (found.span, found.message)).collect();
    told.extend(outcome(unknown, Severity::Warning, "istiod takes the mesh configuration without it."));
    // What cannot be read is wrong in one way only.
    let mut fresh = |refusals: Vec<Refusal>| -> Vec<(Span, String)> {
        let fresh = refusals.into_iter().map(Refusal::into_text).filter(|(span, _)| !places.contains(span));
        let fresh: Vec<_> = fresh.collect();
        places.extend(fresh.iter().map(|(span, _)| *span));
        fresh
    };
    let refused = fresh([fields::refused(root), together::refused(root)].concat());
    told.extend(outcome(refused, Severity::Error, "istiod does not take this mesh configuration."));
    let warned = fresh([fields::ineffective(root), together::ineffective(root)].concat());
    told.extend(outcome(warned, Severity::Warning, "istiod takes the mesh configuration, with a warning."));
    let warned = fresh(providers::refused(root));
    told.extend(outcome(
        warned,
        Severity::Warning,
        "istiod takes the mesh configuration, but the provider does not work.",
    ));
    told.sort_by_key(|told| told.span);
    told
}

fn outcome(found: Vec<(Span, String)>, severity: Severity, outcome: &str) -> Vec<Told> {
    found.into_iter().map(|(span, message)| Told { span, severity, message: format!("{message}\n{outcome}") }).collect()
}
