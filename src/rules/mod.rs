//! Rules and what they find. A rule is one file: its page, its check, its fixes and its tests.
//!
//! To add one: write `src/rules/<family>/<id>.rs` in the shape of its neighbours, name it in the family's `mod.rs` and in
//! [`registry`]. A rule asks the index and `tls`, it never works TLS out by itself, and stays quiet where it cannot know.

mod check;
mod context;
mod finding;
mod gateway;
mod mesh;
mod references;
pub mod registry;
mod rule;
mod schema;

pub use check::{Checked, check};
pub use context::{Context, Sources};
pub use finding::{Edit, Finding, Fix, Place, Related, Severity};
pub use rule::Rule;
pub(crate) use rule::rule;
