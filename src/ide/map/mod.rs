//! The map of a mesh: who talks to whom, and what is on the wire.
//!
//! [`Connections`] holds every answer of the engine. [`Map`] draws them together: clients that send the same to a service are
//! one sender, services of a namespace that are treated alike are one box. `layout` gives the boxes places; `svg` draws them as a
//! still picture, `picture` hands them as data to the `page`, where one looks around in them. `mermaid` and `dot` leave the
//! places to other programs. Every picture stands by itself: nothing is fetched when it is opened.

mod connections;
mod curve;
mod dot;
mod fold;
mod graph;
mod label;
mod layout;
mod mermaid;
mod page;
mod picture;
mod senders;
mod services;
mod svg;
mod wire;

pub use connections::{Connections, Filter, Proxied};
pub use graph::{Because, Call, Edge, Map, Named, Node, NodeKind, Place};
pub use layout::Rect;
pub use picture::{Arrow, Card, Group, Picture};
pub use wire::Wire;
