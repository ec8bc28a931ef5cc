//! The map as SVG that needs nothing else: no font, style sheet or script from elsewhere.

use std::fmt::Write as _;

use super::graph::{Edge, Map, Node, NodeKind};
use super::label::{self, escape, fit};
use super::layout::{CARD, CHIP, LEADING, LINE, Layout, Line, MARGIN, PAD, Rect, TITLE, layout};
use super::wire::Wire;

/// Where the picture begins below title and legend.
const TOP: f32 = 124.0;

const STYLE: &str = "\
text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;fill:#1f2328}\
.group{fill:#f6f8fa;stroke:#d0d7de}.namespace{font-size:12px;font-weight:600;fill:#57606a}\
.card rect{fill:#fff;stroke:#8c959f}.outside rect{stroke-dasharray:4 3;fill:#fff8e7}.sidecars rect{fill:#eef6ff}\
.gateway rect{stroke:#1f2328;stroke-width:1.6}.missing rect{stroke:#cf222e;stroke-dasharray:4 3}\
.title{font-size:13px;font-weight:600}.line{font-size:11px;fill:#57606a}.legend{font-size:12px}\
.edge{cursor:pointer}.edge path.hit{stroke:transparent;stroke-width:12}.edge path{fill:none}\
.edge:hover path.wire,.edge:focus path.wire,.edge.shown path.wire{stroke-width:4}.edge:focus{outline:none}\
.chip{fill:#fff}.words{font-size:11px;font-weight:600}";

impl Map {
    /// The map as a picture; resting on a line shows why it is what it is.
    #[must_use]
    pub fn svg(&self) -> String {
        let layout = layout(self, TOP);
        let (legend, needed) = self.legend();
        let (width, height) = (layout.width.max(needed), layout.height);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"TLS map\">\n<style>{STYLE}</style>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
             <text x=\"{MARGIN}\" y=\"42\" font-size=\"20\" font-weight=\"700\">TLS map</text>\n\
             <text x=\"{MARGIN}\" y=\"62\" class=\"legend\" fill=\"#57606a\">{}</text>\n{legend}",
            escape(&self.summary())
        );
        for group in &layout.groups {
            let _ = writeln!(
                out,
                "<g>{}<text class=\"namespace\" x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
                rect(&group.rect, 10.0, "group"),
                group.rect.x + PAD,
                group.rect.y + 19.0,
                escape(&fit(&group.namespace, 12.0, CARD)),
            );
        }
        // What fails lies on top.
        let mut edges: Vec<_> = self.edges.iter().zip(&layout.lines).collect();
        edges.sort_by_key(|(edge, _)| edge.wire == Wire::Fails);
        edges.iter().for_each(|(edge, line)| out.push_str(&self.edge(edge, line)));
        self.cards(&layout, &mut out);
        out.push_str("</svg>\n");
        out
    }

    /// How much the map shows.
    pub(super) fn summary(&self) -> String {
        let fails =
            self.edges.iter().filter(|edge| edge.wire == Wire::Fails).map(|edge| edge.calls.len()).sum::<usize>();
        let calls: usize = self.edges.iter().map(|edge| edge.calls.len()).sum();
        let some = if calls == 1 { "1 connection".to_owned() } else { format!("{calls} connections") };
        match (calls, fails) {
            (0, _) => "no connections".to_owned(),
            (_, 0) => format!("{some}, none failing"),
            _ => format!("{some}, {fails} failing"),
        }
    }

    /// A line of each kind that occurs, with its words; and how far it reaches.
    fn legend(&self) -> (String, f32) {
        let (mut out, mut x) = (String::new(), MARGIN);
        for wire in Wire::ALL.into_iter().filter(|wire| self.edges.iter().any(|edge| edge.wire == *wire)) {
            let _ = writeln!(
                out,
                "<path d=\"M{x:.1} 88H{:.1}\" {}/><text class=\"legend\" x=\"{:.1}\" y=\"92\">{}</text>",
                x + 42.0,
                stroke(wire),
                x + 50.0,
                wire.as_str(),
            );
            x += 50.0 + label::width(wire.as_str(), 12.0) + 18.0;
        }
        (out, x)
    }

    fn edge(&self, edge: &Edge, line: &Line) -> String {
        let style = edge.wire.style();
        let ((x, y), about) = (line.end, escape(&self.about(edge)));
        let path = path(line);
        let Rect { x: left, y: top, width: wide, .. } = line.frame();
        let head = match edge.wire {
            Wire::Fails => format!("M{:.1} {:.1}l8 8m0 -8l-8 8", if line.back { x + 2.0 } else { x - 10.0 }, y - 4.0),
            _ if line.back => format!("M{:.1} {:.1}l-7 4l7 4", x + 8.0, y - 4.0),
            _ => format!("M{:.1} {:.1}l7 4l-7 4", x - 8.0, y - 4.0),
        };
        let colour = style.colour;
        format!(
            "<g class=\"edge\" tabindex=\"0\"><title>{about}</title><path class=\"hit\" d=\"{path}\"/>\
             <path class=\"wire\" d=\"{path}\" {}/><path d=\"{head}\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <rect class=\"chip\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{CHIP}\" rx=\"9\" stroke=\"{colour}\"/>\
             <text class=\"words\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" style=\"fill:{colour}\">{}</text></g>\n",
            stroke(edge.wire),
            top,
            left + wide / 2.0,
            y + 4.0,
            escape(&line.chip),
        )
    }

    /// A line in words: from whom to whom, and every connection with its reasons.
    fn about(&self, edge: &Edge) -> String {
        let name = |place: usize| {
            let node = self.nodes.get(place)?;
            let namespace = if node.namespace.is_empty() { String::new() } else { format!("{}/", node.namespace) };
            Some(format!("{namespace}{}", node.title))
        };
        let (from, to) = (name(edge.from).unwrap_or_default(), name(edge.to).unwrap_or_default());
        format!("{from} → {to}: {}\n\n{}", edge.wire.as_str(), edge.about())
    }

    fn cards(&self, layout: &Layout, out: &mut String) {
        for (node, card) in self.nodes.iter().zip(&layout.cards) {
            let round = if class(node) == "sidecars" || class(node) == "outside" { 18.0 } else { 6.0 };
            let text = TITLE + node.lines.len() as f32 * LEADING;
            let (x, mut y) = (card.x + PAD, card.y + (card.height - text) / 2.0 + TITLE - 3.0);
            let _ = write!(
                out,
                "<g class=\"card {}\"><title>{}</title>{}<text class=\"title\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
                class(node),
                escape(&node.about),
                rect(card, round, ""),
                escape(&fit(&node.title, TITLE, CARD - 2.0 * PAD)),
            );
            for line in &node.lines {
                y += LEADING;
                let line = escape(&fit(line, LINE, CARD - 2.0 * PAD));
                let _ = write!(out, "<text class=\"line\" x=\"{x:.1}\" y=\"{y:.1}\">{line}</text>");
            }
            out.push_str("</g>\n");
        }
    }
}

fn class(node: &Node) -> &'static str {
    match node.kind {
        NodeKind::Outside | NodeKind::External => "outside",
        NodeKind::Ingress | NodeKind::Egress => "gateway",
        NodeKind::Sidecars | NodeKind::Clients => "sidecars",
        NodeKind::Missing => "missing",
        NodeKind::Service => "service",
    }
}

fn rect(rect: &Rect, round: f32, class: &str) -> String {
    let Rect { x, y, width, height } = rect;
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!("<rect{class} x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{round}\"/>")
}

fn stroke(wire: Wire) -> String {
    let style = wire.style();
    let dash = if style.dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{}\"", style.dash) };
    format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{dash}", style.colour, style.width)
}

fn path(line: &Line) -> String {
    let mut points = line.curve().into_iter().map(|(x, y)| format!("{x:.1} {y:.1}"));
    let start = points.next().unwrap_or_default();
    format!("M{start}C{}", points.collect::<Vec<_>>().join(" "))
}
