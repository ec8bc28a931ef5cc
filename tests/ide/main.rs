//! Answers at a cursor: what hover says, and where definitions are.
//!
//! Fixtures mark the cursor with `$0`; `#- path.yaml` at the start of a line begins a file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may fail")]

mod definition;
mod field;
mod fixture;
mod hover;
