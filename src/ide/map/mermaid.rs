//! The map as a Mermaid flowchart.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use smol_str::SmolStr;

use super::graph::{Map, Node, NodeKind};

impl Map {
    /// The map as a flowchart for Markdown.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut out = String::from("flowchart LR\n");
        let mut groups: BTreeMap<SmolStr, Vec<(usize, &Node)>> = BTreeMap::new();
        for (place, node) in self.nodes.iter().enumerate() {
            groups.entry(node.namespace.clone()).or_default().push((place, node));
        }
        for (number, (namespace, nodes)) in groups.iter().enumerate() {
            if !namespace.is_empty() {
                let _ = writeln!(out, "  subgraph g{number}[\"{}\"]", quoted(namespace));
            }
            for (place, node) in nodes {
                let (open, close) = brackets(node.kind);
                let text: Vec<String> =
                    std::iter::once(&node.title).chain(&node.lines).map(|line| quoted(line)).collect();
                let _ = writeln!(out, "    n{place}{open}\"{}\"{close}", text.join("<br/>"));
            }
            if !namespace.is_empty() {
                out.push_str("  end\n");
            }
        }
        for edge in &self.edges {
            let ports: Vec<_> = edge.ports.iter().map(ToString::to_string).collect();
            let words = format!("{} {}", edge.wire.as_str(), ports.join(", "));
            let _ = writeln!(out, "  n{} -->|\"{words}\"| n{}", edge.from, edge.to);
        }
        for (number, edge) in self.edges.iter().enumerate() {
            let style = edge.wire.style();
            let dash = if style.dash.is_empty() { "0" } else { style.dash };
            let (colour, width) = (style.colour, style.width);
            let _ = writeln!(
                out,
                "  linkStyle {number} stroke:{colour},color:{colour},stroke-width:{width}px,stroke-dasharray:{dash}"
            );
        }
        out
    }
}

fn brackets(kind: NodeKind) -> (&'static str, &'static str) {
    match kind {
        NodeKind::Outside | NodeKind::External => ("([", "])"),
        NodeKind::Ingress | NodeKind::Egress => ("[[", "]]"),
        NodeKind::Sidecars | NodeKind::Clients => ("(", ")"),
        NodeKind::Service | NodeKind::Missing => ("[", "]"),
    }
}

/// Text within quotes: Mermaid reads entities there.
fn quoted(text: &str) -> String {
    text.replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}
