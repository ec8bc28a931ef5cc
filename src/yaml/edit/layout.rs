//! How a document is written: its steps of indentation, its dashes, its line ends.

use super::super::tree::{CollectionStyle, Document, Node, Value};
use super::literal::Layout;

/// Reads the layout off the first nested block mapping and the first list under a key.
pub(super) fn layout(document: &Document) -> Layout {
    let line_end = if document.text.contains("\r\n") { "\r\n" } else { "\n" };
    let json = document.root.as_ref().is_some_and(|root| root.style() == Some(CollectionStyle::Flow));
    let (mut step, mut dash) = (None, None);
    let mut nodes: Vec<&Node> = document.root.iter().collect();
    while let Some(node) = nodes.pop().filter(|_| step.is_none() || dash.is_none()) {
        match &node.value {
            Value::Scalar(_) => {}
            Value::Sequence(sequence) => nodes.extend(sequence.items.iter().rev()),
            Value::Mapping(mapping) => {
                let own = mapping.entries.iter().filter(|entry| !entry.merged && entry.span.contains(entry.value.span));
                for entry in own.clone().filter(|entry| entry.value.style() == Some(CollectionStyle::Block)) {
                    let inner = column(document, content_start(document, &entry.value));
                    let Some(columns) = inner.checked_sub(column(document, entry.key_span.start())) else { continue };
                    match entry.value.value {
                        Value::Mapping(_) => step = step.or(Some(columns)),
                        _ => dash = dash.or(Some(columns)),
                    }
                }
                nodes.extend(own.rev().map(|entry| &entry.value));
            }
        }
    }
    Layout { step: step.unwrap_or(2).max(1), dash: dash.unwrap_or(0), json, line_end }
}

/// Blanks, dashes and the like before `offset` on its line.
pub(super) fn column(document: &Document, offset: usize) -> usize {
    let line = document.lines.start_of(document.lines.line_of(offset)).unwrap_or(0);
    document.text.get(line..offset).map_or(0, |before| before.trim_start_matches('\u{FEFF}').chars().count())
}

/// Where the node begins, behind its tag and anchor.
pub(super) fn content_start(document: &Document, node: &Node) -> usize {
    let first = node.as_mapping().and_then(|mapping| mapping.entries.iter().find(|entry| !entry.merged));
    if let Some(first) =
        first.filter(|first| node.style() == Some(CollectionStyle::Block) && node.span.contains(first.span))
    {
        return first.key_span.start();
    }
    let mut rest = node.span.of(&document.text);
    while rest.starts_with(['&', '!']) {
        rest = rest.trim_start_matches(|character: char| !character.is_whitespace()).trim_start();
    }
    node.span.end() - rest.len()
}
