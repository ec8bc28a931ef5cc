//! The map with places, as the page gets it: everything that is decided here is drawn there as it is.
//!
//! It is written as JSON with the names of the fields in camel case. What the page adds is only what depends on who looks:
//! theme, part seen, filter and what is chosen.

use serde::Serialize;

use super::graph::{Call, Map, Node, Place};
use super::label::fit;
use super::layout::{CARD, LINE, PAD, Rect, TITLE, layout};
use super::wire::Wire;

/// Room above the picture.
const TOP: f32 = 16.0;

/// A map with places, in pixels.
#[derive(Debug, Serialize)]
pub struct Picture<'m> {
    /// What it is a map of; empty for everything.
    pub of: &'m str,
    /// How much it shows, in words.
    pub summary: String,
    /// How wide it is.
    pub width: f32,
    /// How tall it is.
    pub height: f32,
    /// The frames around boxes of one namespace.
    pub groups: Vec<Group<'m>>,
    /// The boxes, by columns and downwards.
    pub nodes: Vec<Card<'m>>,
    /// The lines.
    pub edges: Vec<Arrow<'m>>,
    /// What may be on the wire, in the order of the legend.
    pub wires: [(Wire, &'static str); 6],
}

/// A frame around boxes.
#[derive(Debug, Serialize)]
pub struct Group<'m> {
    /// Their namespace, cut to its room.
    pub label: String,
    /// The boxes.
    pub nodes: Vec<&'m str>,
    /// Where it is.
    #[serde(flatten)]
    pub rect: Rect,
}

/// A box with its place.
#[derive(Debug, Serialize)]
pub struct Card<'m> {
    /// What it shows.
    #[serde(flatten)]
    pub node: &'m Node,
    /// Title and lines, cut to their room.
    pub label: Vec<String>,
    /// Where a click leads; none where the box stands for several resources.
    pub opens: Option<&'m Place>,
    /// Where it is.
    #[serde(flatten)]
    pub rect: Rect,
}

/// A line with its way.
#[derive(Debug, Serialize)]
pub struct Arrow<'m> {
    /// The `id` of the sender.
    pub from: &'m str,
    /// The `id` of the receiver.
    pub to: &'m str,
    /// What is on the wire.
    pub wire: Wire,
    /// The words in front of the arrow.
    pub words: String,
    /// The frame of the words.
    pub frame: Rect,
    /// It arrives at the right side of its receiver.
    pub back: bool,
    /// Where it begins, and three points for each of its cubic Bézier curves.
    pub curve: Vec<(f32, f32)>,
    /// Its connections with their reasons.
    pub calls: &'m [Call],
}

impl Map {
    /// The map with places.
    #[must_use]
    pub fn picture(&self) -> Picture<'_> {
        let layout = layout(self, TOP);
        let mut cards: Vec<_> = self.nodes.iter().zip(&layout.cards).map(|(node, rect)| card(node, rect)).collect();
        cards.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x).then(a.rect.y.total_cmp(&b.rect.y)));
        let groups = layout.groups.iter().map(|group| {
            let within = |card: &&Card<'_>| card.node.namespace == group.namespace && group.rect.spans(&card.rect);
            Group {
                label: fit(&group.namespace, 12.0, CARD),
                nodes: cards.iter().filter(within).map(|card| card.node.id.as_str()).collect(),
                rect: group.rect.rounded(),
            }
        });
        let id = |place: usize| self.nodes.get(place).map_or("", |node| node.id.as_str());
        let edges = self.edges.iter().zip(&layout.lines).map(|(edge, line)| Arrow {
            from: id(edge.from),
            to: id(edge.to),
            wire: edge.wire,
            words: line.chip.clone(),
            frame: line.frame().rounded(),
            back: line.back,
            curve: line.curve().into_iter().map(|(x, y)| (tenth(x), tenth(y))).collect(),
            calls: &edge.calls,
        });
        Picture {
            of: &self.of,
            summary: self.summary(),
            width: tenth(layout.width),
            height: tenth(layout.height),
            groups: groups.collect(),
            edges: edges.collect(),
            nodes: cards,
            wires: Wire::ALL.map(|wire| (wire, wire.as_str())),
        }
    }
}

fn card<'m>(node: &'m Node, rect: &Rect) -> Card<'m> {
    let room = CARD - 2.0 * PAD;
    let lines = node.lines.iter().map(|line| fit(line, LINE, room));
    let label = std::iter::once(fit(&node.title, TITLE, room)).chain(lines).collect();
    Card { node, label, opens: node.opens(), rect: rect.rounded() }
}

fn tenth(number: f32) -> f32 {
    (number * 10.0).round() / 10.0
}

impl Rect {
    fn rounded(self) -> Self {
        let Self { x, y, width, height } = self;
        Self { x: tenth(x), y: tenth(y), width: tenth(width), height: tenth(height) }
    }

    fn spans(&self, other: &Self) -> bool {
        self.x < other.x && other.x < self.x + self.width
    }
}
