//! Rules and what they find. A rule is one file: its page, its check, its fixes and its tests.
//!
//! To add one: write `src/rules/<family>/<id>.rs` in the shape of its neighbours, name it in the family's `mod.rs` and in
//! [`registry`]. A rule asks the index and `tls`, it never works TLS out by itself, and stays quiet where it cannot know.

mod ambient;
mod annotations;
mod check;
mod configuration;
mod context;
mod external;
mod finding;
mod gateway;
mod gateway_api;
mod injection;
mod kustomize;
mod mesh;
pub mod page;
mod ports;
mod references;
pub mod registry;
mod routing;
mod rule;
mod schema;
mod security;
mod settings;
pub mod suppression;
mod syntax;
mod together;
mod validation;
mod workloads;

pub use check::{Checked, check};
pub use context::{Context, Sources};
pub use finding::{Edit, Finding, Fix, Place, Related, Severity};
pub use rule::Rule;
pub(crate) use rule::rule;
pub(crate) use validation::mesh_config::told as mesh_config_problems;
