//! One kustomization that files go through.

/// A kustomization with its patches.
#[derive(Debug)]
pub(in crate::workspace) struct Layer {}
