//! Answers at a cursor: what hover says, where definitions are, what hints and lenses say; and the map
//! of all connections.
//!
//! Fixtures mark the cursor with `$0`; `#- path.yaml` at the start of a line begins a file.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod calls;
mod completion;
mod completion_places;
mod definition;
mod extract;
mod field;
mod fixture;
mod hover;
mod hover_fields;
mod hover_patches;
mod inlay;
mod lens;
mod map;
mod map_page;
mod moved;
mod refactor;
mod references;
mod rename;
mod rename_kustomized;
mod split;
mod structure;
mod symbols;
mod templates;
