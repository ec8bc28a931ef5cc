//! istio-ls: what is on the wire in a service mesh, read from its YAML.
//!
//! The layers, each naming only those above it in this list: [`text`], [`yaml`], [`resource`], [`helm`], [`kustomize`], [`index`],
//! [`tls`], [`rules`], [`ide`], [`workspace`], [`cli`] and [`lsp`]. See `docs/architecture.md`.

pub mod cli;
pub mod helm;
pub mod ide;
pub mod index;
pub mod kustomize;
pub mod lsp;
pub mod resource;
pub mod rules;
pub mod text;
pub mod tls;
pub mod workspace;
pub mod yaml;
