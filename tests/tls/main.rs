//! Effective TLS, seen from outside: istiod's own answers for authored workspaces, single surprises, and properties.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may fail")]

mod answers;
mod fixture;
mod properties;
mod recorded;
mod surprises;
