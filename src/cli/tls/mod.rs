//! `istio-ls tls`: the effective TLS of every connection.
//!
//! [`Connections`] asks the engine for whole classes of clients; [`json()`] expands them to a row a workload, [`text()`] prints
//! a class once, with its reasons.

mod connections;
mod json;
mod run;
mod text;

pub use connections::{Connections, Filter, Proxied};
pub use json::json;
pub use run::{Arguments, Format, run};
pub use text::{Locate, text};
