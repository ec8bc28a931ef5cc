//! The map of a mesh: who talks to whom, and what is on the wire.
//!
//! [`Connections`] holds every answer of the engine. [`Map`] draws them together: clients that send the same to a service are
//! one sender, services of a namespace that are treated alike are one box. `layout` gives the boxes places, `svg`, `page` and
//! `mermaid` write them down. Every picture stands by itself: nothing is fetched when it is opened.

mod connections;
mod fold;
mod graph;
mod label;
mod layout;
mod mermaid;
mod page;
mod senders;
mod services;
mod svg;
mod wire;

pub use connections::{Connections, Filter, Proxied};
pub use graph::{Call, Edge, Map, Node, NodeKind};
pub use wire::Wire;
