//! The boxes and lines of the map, before they have a place.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use smol_str::SmolStr;

use super::super::Files;
use super::Connections;
use super::fold::fold;
use super::services::Services;
use super::wire::Wire;
use crate::index::{Entry, ResourceId, View};
use crate::text::Span;
use crate::tls::Reason;

/// More lines than this, and clients are drawn as one sender wherever two of them agree.
const MANY: usize = 120;
/// How the `id` of a box begins that stands for several services.
pub(super) const ALIKE: &str = "alike ";

/// A map of connections.
#[derive(Debug, Default)]
pub struct Map {
    /// What it is a map of: a scope that is not the only one; empty for everything.
    pub of: String,
    /// The boxes.
    pub nodes: Vec<Node>,
    /// The lines, by sender, receiver and what is on the wire.
    pub edges: Vec<Edge>,
}

/// A box.
#[derive(Debug, Clone, Serialize)]
pub struct Node {
    /// What it is called from one drawing to the next, whatever else is edited.
    pub id: String,
    /// What it stands for.
    pub kind: NodeKind,
    /// Its namespace; empty for what belongs to none.
    pub namespace: SmolStr,
    /// Its name.
    pub title: String,
    /// What is said about it.
    pub lines: Vec<String>,
    /// The same in full, for whoever looks closer.
    pub about: String,
    /// What it is made from. The first is where a click leads, unless the box stands for several alike.
    pub resources: Vec<Named>,
}

impl Node {
    /// An empty box.
    pub(super) fn of(kind: NodeKind) -> Self {
        let (id, namespace, title, about) = Default::default();
        Self { id, kind, namespace, title, lines: Vec::new(), about, resources: Vec::new() }
    }

    /// Where a click leads: to its resource, unless it stands for several that are alike.
    pub(super) fn opens(&self) -> Option<&Place> {
        let stands_for_many = matches!(self.kind, NodeKind::Sidecars | NodeKind::Clients) || self.id.starts_with(ALIKE);
        let one = self.resources.len() == 1 || !stands_for_many;
        self.resources.first().filter(|_| one)?.place.as_ref()
    }
}

/// A resource behind a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// `Kind namespace/name`.
    pub title: String,
    /// Where its name is written.
    pub place: Option<Place>,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as the workspace names it.
    pub file: String,
    /// The line, from one.
    pub line: usize,
}

/// What a box stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NodeKind {
    /// Whoever calls from outside the mesh.
    Outside,
    /// A gateway that is called from outside.
    Ingress,
    /// Every sidecar that sends the same to a service.
    Sidecars,
    /// A class of sidecars.
    Clients,
    /// A gateway that is called from the mesh.
    Egress,
    /// A service of the mesh.
    Service,
    /// A host outside the mesh.
    External,
    /// A destination that does not exist.
    Missing,
}

/// A line.
#[derive(Debug, Clone)]
pub struct Edge {
    /// The place of the sender among the boxes.
    pub from: usize,
    /// The place of the receiver.
    pub to: usize,
    /// What is on the wire.
    pub wire: Wire,
    /// The ports.
    pub ports: BTreeSet<u32>,
    /// The connections that are drawn as this line.
    pub calls: Vec<Call>,
}

/// A connection with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// Who, where to, and what.
    pub what: String,
    /// Why, in the order in which istiod looks.
    pub because: Vec<Because>,
}

/// A reason in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Because {
    /// What was found, or which default applied.
    pub text: String,
    /// Where it is written; none for a default.
    pub place: Option<Place>,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.place {
            Some(Place { file, line }) => write!(f, " ({file}:{line})"),
            None => Ok(()),
        }
    }
}

impl Map {
    /// Draws `connections`, which are of the index of `files`.
    #[must_use]
    pub fn of<'a>(files: &'a dyn Files, connections: &Connections<'a>) -> Self {
        let view = View::new(files.index());
        let drawn = |together| {
            let mut builder = Builder::new(files, &view);
            builder.gateways(connections);
            builder.sidecars(connections, together);
            fold(builder.map)
        };
        let map = drawn(false);
        if map.edges.len() > MANY { drawn(true) } else { map }
    }
}

/// A map being drawn.
pub(super) struct Builder<'b, 'a> {
    pub(super) files: &'b dyn Files,
    pub(super) view: &'b View<'a>,
    pub(super) services: Services<'a>,
    pub(super) map: Map,
    nodes: BTreeMap<(NodeKind, SmolStr), usize>,
    edges: BTreeMap<(usize, usize, Wire), usize>,
}

impl<'b, 'a> Builder<'b, 'a> {
    fn new(files: &'b dyn Files, view: &'b View<'a>) -> Self {
        let (nodes, edges) = (BTreeMap::new(), BTreeMap::new());
        Self { files, view, services: Services::of(view), map: Map::default(), nodes, edges }
    }

    /// The box of this kind and key, made when it is first asked for.
    pub(super) fn node(&mut self, kind: NodeKind, key: &str, make: impl FnOnce(&Self) -> Node) -> usize {
        if let Some(known) = self.nodes.get(&(kind, key.into())) {
            return *known;
        }
        let node = Node { id: format!("{kind:?} {key}").trim_end().to_lowercase(), ..make(self) };
        self.map.nodes.push(node);
        let place = self.map.nodes.len() - 1;
        self.nodes.insert((kind, key.into()), place);
        place
    }

    /// The box of this kind and key, if there is one.
    pub(super) fn known(&self, key: &(NodeKind, SmolStr)) -> Option<usize> {
        self.nodes.get(key).copied()
    }

    /// Adds a connection to its line.
    pub(super) fn edge(&mut self, from: usize, to: usize, wire: Wire, port: u32, call: Call) {
        let edges = &mut self.map.edges;
        let place = *self.edges.entry((from, to, wire)).or_insert_with(|| {
            edges.push(Edge { from, to, wire, ports: BTreeSet::new(), calls: Vec::new() });
            edges.len() - 1
        });
        if let Some(edge) = edges.get_mut(place) {
            edge.ports.insert(port);
            if !edge.calls.contains(&call) {
                edge.calls.push(call);
            }
        }
    }

    /// Reasons in words, each with its file and line.
    pub(super) fn because(&self, reasons: &[Reason]) -> Vec<Because> {
        let place = |reason: &Reason| self.place(reason.place?.0, reason.place?.1);
        reasons.iter().map(|reason| Because { text: reason.text.to_string(), place: place(reason) }).collect()
    }

    /// A resource by its title, and where its name is written.
    pub(super) fn named(&self, entry: &Entry) -> Named {
        Named { title: entry.title(), place: self.place(entry.id, entry.resource.name_span()) }
    }

    fn place(&self, resource: ResourceId, span: Span) -> Option<Place> {
        let found = self.files.place_of(resource, span)?;
        Some(Place { file: found.path.display().to_string(), line: found.line + 1 })
    }
}
