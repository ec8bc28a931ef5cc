//! The map in Graphviz' language.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use smol_str::SmolStr;

use super::graph::{Map, Node, NodeKind};

impl Map {
    /// The map for `dot`.
    #[must_use]
    pub fn dot(&self) -> String {
        let mut out = String::from("digraph tls {\n  rankdir=LR\n  node [fontname=\"sans-serif\"]\n");
        out.push_str("  edge [fontname=\"sans-serif\", fontsize=11]\n");
        let mut groups: BTreeMap<SmolStr, Vec<(usize, &Node)>> = BTreeMap::new();
        for (place, node) in self.nodes.iter().enumerate() {
            groups.entry(node.namespace.clone()).or_default().push((place, node));
        }
        for (number, (namespace, nodes)) in groups.iter().enumerate() {
            if !namespace.is_empty() {
                let _ = writeln!(out, "  subgraph cluster_{number} {{\n    label={}", quoted(namespace));
            }
            for (place, node) in nodes {
                let text: Vec<&str> = std::iter::once(&node.title).chain(&node.lines).map(String::as_str).collect();
                let (label, shape) = (quoted(&text.join("\n")), shape(node.kind));
                let _ = writeln!(out, "    n{place} [label={label}, {shape}]");
            }
            if !namespace.is_empty() {
                out.push_str("  }\n");
            }
        }
        for edge in &self.edges {
            let ports: Vec<_> = edge.ports.iter().map(ToString::to_string).collect();
            let words = quoted(&format!("{} {}", edge.wire.as_str(), ports.join(", ")));
            let style = edge.wire.style();
            let dash = match style.dash {
                "" => "solid",
                dash if dash.starts_with("2 ") || dash.starts_with("1 ") => "dotted",
                _ => "dashed",
            };
            let (from, to, colour, width) = (edge.from, edge.to, style.colour, style.width);
            let _ = writeln!(
                out,
                "  n{from} -> n{to} [label={words}, color=\"{colour}\", fontcolor=\"{colour}\", style={dash}, penwidth={width}]"
            );
        }
        out.push_str("}\n");
        out
    }
}

fn shape(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Outside | NodeKind::External => "shape=box, style=\"rounded,dashed\"",
        NodeKind::Ingress | NodeKind::Egress => "shape=box, peripheries=2",
        NodeKind::Sidecars | NodeKind::Clients => "shape=box, style=rounded",
        NodeKind::Service => "shape=box",
        NodeKind::Missing => "shape=box, style=dashed",
    }
}

/// Text within quotes; lines stay lines.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
