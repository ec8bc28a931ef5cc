//! The rules: the examples of their pages, the registry, the repairs, and that edits lead where a fresh start leads.

mod examples;
mod fixture;
mod incremental;
mod registry;
mod repairs;
