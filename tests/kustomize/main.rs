//! Kustomizations: what comes of documents on their way through them, and that every value says where it comes from.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod build;
mod defects;
mod json;
mod names;
mod properties;
mod strategic;
