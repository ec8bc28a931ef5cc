//! Places for the boxes and lines of a map: four columns from the outside, through senders and receivers, to the outside.
//!
//! Lines leave a box at its right side and arrive at the left side of another, each at a height of its own with its words
//! in front of the arrow, so that neither lines nor words lie on each other where they end.

use std::collections::BTreeMap;

use serde::Serialize;
use smol_str::SmolStr;

use super::graph::{Edge, Map, Node, NodeKind};
use super::label;

pub(super) const CARD: f32 = 196.0;
pub(super) const PAD: f32 = 14.0;
pub(super) const TITLE: f32 = 13.0;
pub(super) const LINE: f32 = 11.0;
pub(super) const LEADING: f32 = 16.0;
pub(super) const CHIP: f32 = 18.0;
pub(super) const MARGIN: f32 = 24.0;
/// Between two lines that arrive at a box.
const ARRIVAL: f32 = 23.0;
/// Room for lines to spread between two columns, beside the words in front of the arrows.
const SPREAD: f32 = 80.0;
/// Between the arrow and the box.
pub(super) const ARROW: f32 = 18.0;
const GAP: f32 = 14.0;
const GROUP_GAP: f32 = 22.0;
const GROUP_TITLE: f32 = 28.0;
/// Between two lines that pass a column.
const LANE: f32 = 10.0;
const COLUMNS: usize = 4;
/// No column begins deeper than this below the top, however tall another is: whoever opens the map sees who sends.
const DEEPEST: f32 = 260.0;
/// How far a line that leads back goes out.
pub(super) const BEND: f32 = 60.0;

/// A rectangle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Rect {
    /// Its left side.
    pub x: f32,
    /// Its upper side.
    pub y: f32,
    /// How wide it is.
    pub width: f32,
    /// How tall it is.
    pub height: f32,
}

/// A namespace with boxes in one column.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) namespace: SmolStr,
    pub(super) rect: Rect,
}

/// A line from point to point; `lane` is the height at which it passes the columns between.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) start: (f32, f32),
    pub(super) end: (f32, f32),
    /// From here on it is level, so that no line crosses the words of another.
    pub(super) level: f32,
    /// Left and right end of the columns that it passes, and the height.
    pub(super) lane: Option<(f32, f32, f32)>,
    pub(super) chip: String,
    /// It leads to a box of its own column and arrives at the right side.
    pub(super) back: bool,
}

/// A map with places: one rectangle a box, one line an edge.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) groups: Vec<Group>,
    pub(super) cards: Vec<Rect>,
    pub(super) lines: Vec<Line>,
    pub(super) width: f32,
    pub(super) height: f32,
    /// Where the words in front of each column begin.
    levels: BTreeMap<usize, f32>,
}

pub(super) fn column(kind: NodeKind) -> usize {
    match kind {
        NodeKind::Outside => 0,
        NodeKind::Ingress | NodeKind::Sidecars | NodeKind::Clients => 1,
        NodeKind::Egress | NodeKind::Service => 2,
        NodeKind::External | NodeKind::Missing => 3,
    }
}

/// What is written in front of the arrow.
fn chip(edge: &Edge) -> String {
    let mut ports: Vec<String> = edge.ports.iter().take(3).map(ToString::to_string).collect();
    ports.extend((edge.ports.len() > 3).then(|| "…".to_owned()));
    format!("{} {}", edge.wire.as_str(), ports.join(", "))
}

/// How wide the words in front of the arrow are with their frame; they are bold.
pub(super) fn chip_width(words: &str) -> f32 {
    label::width(words, LINE) * 1.06 + 18.0
}

/// Gives everything a place; the picture begins at height `top`.
pub(super) fn layout(map: &Map, top: f32) -> Layout {
    let column_of = |place: usize| map.nodes.get(place).map_or(0, |node| column(node.kind));
    let mut layout = Layout { cards: vec![Rect::default(); map.nodes.len()], ..Layout::default() };
    let passing: Vec<usize> = (0..map.edges.len())
        .filter(|place| map.edges.get(*place).is_some_and(|edge| column_of(edge.to) > column_of(edge.from) + 1))
        .collect();
    let lanes = passing.len() as f32 * LANE + if passing.is_empty() { 0.0 } else { GROUP_GAP };
    let mut pass = None;
    let mut x = MARGIN;
    let mut bottoms = [top; COLUMNS];
    let mut seen: BTreeMap<usize, f32> = BTreeMap::new();
    for number in 0..COLUMNS {
        let members: Vec<usize> = (0..map.nodes.len()).filter(|place| column_of(*place) == number).collect();
        if members.is_empty() {
            continue;
        }
        let arriving = map.edges.iter().filter(|edge| column_of(edge.to) == number && column_of(edge.from) != number);
        let words = arriving.map(|edge| chip_width(&chip(edge))).reduce(f32::max);
        x += words.map_or(0.0, |words| words + ARROW + SPREAD);
        let level = x + PAD - ARROW - words.unwrap_or_default();
        layout.levels.insert(number, level);
        let start = if number == 2 { top + lanes } else { top };
        let (right, bottom) = layout.stack(map, &ordered(map, members, &seen), x, start);
        for (place, rect) in layout.cards.iter().enumerate().filter(|(place, _)| column_of(*place) == number) {
            seen.insert(place, rect.y);
        }
        bottoms.get_mut(number).into_iter().for_each(|known| *known = bottom);
        if number == 2 {
            pass = Some((level, right));
        }
        x = right;
    }
    layout.height = bottoms.iter().copied().fold(top, f32::max) + MARGIN;
    layout.width = x + MARGIN;
    layout.centre(map, &bottoms);
    layout.connect(map, &passing, pass, top);
    layout
}

/// Groups of boxes in their order: what the same senders reach stands together, those reached from above first.
fn ordered(map: &Map, members: Vec<usize>, seen: &BTreeMap<usize, f32>) -> Vec<(SmolStr, Vec<usize>)> {
    let height = |place: usize| {
        let from = map.edges.iter().filter(|edge| edge.to == place).filter_map(|edge| seen.get(&edge.from));
        let (sum, count) = from.fold((0.0, 0.0), |(sum, count), y| (sum + y, count + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    };
    let mut groups: BTreeMap<SmolStr, Vec<usize>> = BTreeMap::new();
    for place in members {
        let Some(node) = map.nodes.get(place) else { continue };
        // What belongs to no namespace stands for itself.
        groups.entry(node.namespace.clone()).or_default().push(place);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    for (_, places) in &mut groups {
        let title = |place: usize| map.nodes.get(place).map_or("", |node| node.title.as_str());
        places.sort_by(|a, b| height(*a).total_cmp(&height(*b)).then_with(|| title(*a).cmp(title(*b))));
    }
    let rank = |places: &[usize]| places.iter().filter_map(|place| map.nodes.get(*place)).map(|node| node.kind).min();
    let mean = |places: &[usize]| places.iter().map(|place| height(*place)).sum::<f32>() / places.len().max(1) as f32;
    groups.sort_by(|(_, a), (_, b)| rank(a).cmp(&rank(b)).then_with(|| mean(a).total_cmp(&mean(b))));
    groups
}

/// How tall a box is: its texts fit, and so do the words of all lines that arrive.
fn tall(map: &Map, place: usize, node: &Node) -> f32 {
    let arriving = map.edges.iter().filter(|edge| edge.to == place).count() as f32;
    let text = PAD + TITLE + node.lines.len() as f32 * LEADING + PAD;
    text.max(arriving * ARRIVAL + 6.0)
}

impl Layout {
    fn stack(&mut self, map: &Map, groups: &[(SmolStr, Vec<usize>)], x: f32, top: f32) -> (f32, f32) {
        let (mut y, inner) = (top, x + PAD);
        for (namespace, places) in groups {
            let start = y;
            if !namespace.is_empty() {
                y += GROUP_TITLE;
            }
            for place in places {
                let (Some(card), Some(node)) = (self.cards.get_mut(*place), map.nodes.get(*place)) else { continue };
                *card = Rect { x: inner, y, width: CARD, height: tall(map, *place, node) };
                y += card.height + GAP;
            }
            if !namespace.is_empty() {
                let rect = Rect { x, y: start, width: CARD + 2.0 * PAD, height: y - start };
                self.groups.push(Group { namespace: namespace.clone(), rect });
            }
            y += GROUP_GAP - GAP + if namespace.is_empty() { 0.0 } else { GAP };
        }
        (x + CARD + 2.0 * PAD, y - GROUP_GAP)
    }

    /// Moves the short columns towards the middle of the tallest.
    fn centre(&mut self, map: &Map, bottoms: &[f32; COLUMNS]) {
        let tallest = self.height - MARGIN;
        let shift = |number: usize| bottoms.get(number).map_or(0.0, |bottom| ((tallest - bottom) / 2.0).min(DEEPEST));
        let mut moved = BTreeMap::new();
        for (card, node) in self.cards.iter_mut().zip(&map.nodes) {
            card.y += shift(column(node.kind));
            moved.insert((card.x - PAD).to_bits(), shift(column(node.kind)));
        }
        for group in &mut self.groups {
            group.rect.y += moved.get(&group.rect.x.to_bits()).copied().unwrap_or(0.0);
        }
    }

    fn connect(&mut self, map: &Map, passing: &[usize], pass: Option<(f32, f32)>, top: f32) {
        // A line that passes a column comes from above everything.
        let passes = |edge: usize| passing.contains(&edge);
        let middle = |place: usize| self.cards.get(place).map_or(0.0, |card| card.y + card.height / 2.0);
        let height = |edge: usize, place: usize| if passes(edge) { top } else { middle(place) };
        let mut starts = vec![(0.0, 0.0); map.edges.len()];
        let mut ends = starts.clone();
        for (place, card) in self.cards.iter().enumerate() {
            let mut leaving: Vec<_> = map.edges.iter().enumerate().filter(|(_, edge)| edge.from == place).collect();
            leaving.sort_by(|a, b| height(a.0, a.1.to).total_cmp(&height(b.0, b.1.to)));
            let step = ((card.height - 20.0) / leaving.len().max(1) as f32).min(14.0);
            spread(&leaving, step, card, card.x + card.width, &mut starts);
            let mut arriving: Vec<_> = map.edges.iter().enumerate().filter(|(_, edge)| edge.to == place).collect();
            arriving.retain(|(_, edge)| !leads_back(map, edge));
            arriving.sort_by(|a, b| height(a.0, a.1.from).total_cmp(&height(b.0, b.1.from)));
            spread(&arriving, ARRIVAL, card, card.x, &mut ends);
            let back = map.edges.iter().enumerate().filter(|(_, edge)| edge.to == place && leads_back(map, edge));
            spread(&back.collect::<Vec<_>>(), ARRIVAL, card, card.x + card.width, &mut ends);
        }
        for (place, edge) in map.edges.iter().enumerate() {
            let lane = passing.iter().position(|passing| *passing == place).zip(pass);
            let lane = lane.map(|(number, (left, right))| (left, right, top + number as f32 * LANE));
            let (start, end) = (starts.get(place).copied(), ends.get(place).copied());
            let (start, end) = (start.unwrap_or_default(), end.unwrap_or_default());
            let (chip, back) = (chip(edge), leads_back(map, edge));
            if back {
                self.width = self.width.max(end.0 + ARROW + chip_width(&chip) + BEND + MARGIN);
            }
            let to = map.nodes.get(edge.to).map_or(0, |node| column(node.kind));
            let level = self.levels.get(&to).copied().unwrap_or(end.0);
            self.lines.push(Line { start, end, level, lane, chip, back });
        }
    }
}

fn leads_back(map: &Map, edge: &Edge) -> bool {
    let column = |place: usize| map.nodes.get(place).map_or(0, |node| column(node.kind));
    column(edge.to) <= column(edge.from)
}

/// Distributes the ends of `edges` along a side of a box.
fn spread(edges: &[(usize, &Edge)], step: f32, card: &Rect, x: f32, ends: &mut [(f32, f32)]) {
    let first = card.y + card.height / 2.0 - step * (edges.len().saturating_sub(1)) as f32 / 2.0;
    for (number, (place, _)) in edges.iter().enumerate() {
        ends.get_mut(*place).into_iter().for_each(|end| *end = (x, first + step * number as f32));
    }
}
