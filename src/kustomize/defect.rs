//! What is wrong with a kustomization.

use super::merged::Source;
use crate::text::Span;

/// Something that makes kustomize refuse to build, or that surely has no effect.
#[derive(Debug, Clone)]
pub struct Defect {
    /// The document it stands in.
    pub source: Source,
    /// Where in its text.
    pub span: Span,
    /// What is wrong, for a person.
    pub message: String,
    /// The path of a file that is not there.
    pub missing: Option<String>,
}
