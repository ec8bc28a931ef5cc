//! Services that are treated alike become one box.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::graph::{ALIKE, Edge, Map, Node, NodeKind};
use super::wire::Wire;

/// From so many on, alike services of a namespace are one box.
const JOINED: usize = 3;
/// At most so many names are written into such a box.
const NAMED: usize = 6;
/// Connections kept for a line, with their reasons.
const CALLS: usize = 12;

/// What makes services alike: kind, namespace, what is accepted, and who sends what.
type Signature = (NodeKind, SmolStr, Option<String>, Vec<(usize, Wire)>);

/// The same map with alike services in one box each.
pub(super) fn fold(map: Map) -> Map {
    let mut alike: BTreeMap<Signature, Vec<usize>> = BTreeMap::new();
    for (place, node) in map.nodes.iter().enumerate() {
        if matches!(node.kind, NodeKind::Service | NodeKind::External | NodeKind::Missing) {
            let mut told: Vec<_> =
                map.edges.iter().filter(|edge| edge.to == place).map(|edge| (edge.from, edge.wire)).collect();
            told.sort_unstable();
            let accepts = node.lines.last().filter(|_| node.kind == NodeKind::Service).cloned();
            alike.entry((node.kind, node.namespace.clone(), accepts, told)).or_default().push(place);
        }
    }
    let mut first: Vec<usize> = (0..map.nodes.len()).collect();
    let mut joined: BTreeMap<usize, Node> = BTreeMap::new();
    for ((kind, namespace, accepts, _), places) in alike.into_iter().filter(|(_, places)| places.len() >= JOINED) {
        let Some(head) = places.first().copied() else { continue };
        let members: Vec<&Node> = places.iter().filter_map(|place| map.nodes.get(*place)).collect();
        joined.insert(head, join(&members, kind, namespace, accepts));
        for place in places {
            first.get_mut(place).into_iter().for_each(|target| *target = head);
        }
    }
    rebuild(map, &first, joined)
}

fn join(members: &[&Node], kind: NodeKind, namespace: SmolStr, accepts: Option<String>) -> Node {
    let word = if kind == NodeKind::Service { "services" } else { "hosts" };
    let mut names: Vec<_> = members.iter().map(|member| member.title.as_str()).collect();
    names.sort_unstable();
    let about = names.join("\n");
    let more = names.len().saturating_sub(NAMED);
    let mut lines: Vec<String> = names.chunks(2).take(NAMED / 2).map(|pair| pair.join(", ")).collect();
    lines.extend((more > 0).then(|| format!("and {more} more")));
    lines.extend(accepts);
    let id = members.iter().map(|member| format!("{ALIKE}{}", member.id)).min().unwrap_or_default();
    let resources = members.iter().filter_map(|member| member.resources.first()).cloned().collect();
    Node { id, kind, namespace, title: format!("{} {word} alike", members.len()), lines, about, resources }
}

/// Keeps the boxes that stand for themselves or for others, and leads every line to them.
fn rebuild(map: Map, first: &[usize], mut joined: BTreeMap<usize, Node>) -> Map {
    let mut kept = Map { of: map.of, ..Map::default() };
    let mut moved: BTreeMap<usize, usize> = BTreeMap::new();
    for (place, node) in map.nodes.into_iter().enumerate() {
        if first.get(place) == Some(&place) {
            moved.insert(place, kept.nodes.len());
            kept.nodes.push(joined.remove(&place).unwrap_or(node));
        }
    }
    let place = |old: usize| first.get(old).and_then(|head| moved.get(head)).copied();
    let mut edges: BTreeMap<(usize, usize, Wire), Edge> = BTreeMap::new();
    for edge in map.edges {
        let (Some(from), Some(to)) = (place(edge.from), place(edge.to)) else { continue };
        match edges.get_mut(&(from, to, edge.wire)) {
            Some(known) => {
                known.ports.extend(edge.ports);
                known.calls.extend(edge.calls);
            }
            None => drop(edges.insert((from, to, edge.wire), Edge { from, to, ..edge })),
        }
    }
    kept.edges = edges.into_values().collect();
    kept
}

impl Edge {
    /// Every connection of the line with its reasons, for whoever looks closer.
    #[must_use]
    pub fn about(&self) -> String {
        let shown = self.calls.iter().take(CALLS);
        let calls = shown.map(|call| {
            let because: String = call.because.iter().map(|reason| format!("\n  {reason}")).collect();
            format!("{}{because}", call.what)
        });
        let mut text: Vec<String> = calls.collect();
        let more = self.calls.len().saturating_sub(CALLS);
        text.extend((more > 0).then(|| format!("and {more} more")));
        text.join("\n\n")
    }
}
