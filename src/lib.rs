//! istio-ls: what is on the wire in a service mesh, read from its YAML.
//!
//! The layers, each naming only those above it in this list: [`text`], [`yaml`]. See `docs/architecture.md`.

pub mod cli;
pub mod text;
pub mod yaml;
