//! The rules: the examples of their pages, the registry, the repairs, and that edits lead where a fresh start leads.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod examples;
mod external;
mod fixture;
mod gateway;
mod incremental;
mod injection;
mod kustomize;
mod mesh;
mod ports;
mod references;
mod registry;
mod repairs;
mod routing;
mod schema;
mod scopes;
mod security;
mod suppression;
mod validation;
mod without_clients;
mod workloads;
