//! `istio-ls tls`: the effective TLS of every connection.
//!
//! [`Connections`](crate::ide::map::Connections) asks the engine for whole classes of clients; [`json()`] expands them to a row
//! a workload, [`text()`] prints a class once, with its reasons. The pictures are those of [`crate::ide::map`].

mod json;
mod run;
mod text;

pub use json::json;
pub use run::{Arguments, Format, run};
pub use text::{Locate, text};
