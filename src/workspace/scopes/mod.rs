//! What is applied together: the scopes of a workspace, and each document as its scopes see it.
//!
//! [`plans`] finds the scopes from the files alone: [`plan`] is what belongs to one. A document in a scope is [`seen`] as
//! the kustomizations above it leave it.

pub(super) mod call;
pub(in crate::workspace) mod charts;
pub(super) mod deliveries;
mod kustomizations;
pub(super) mod layer;
mod listed;
pub(super) mod plan;
pub(super) mod plans;
pub(super) mod release;
pub(super) mod seen;
mod told_once;
