//! Patches that are written as text in a kustomization.

use crate::text::Span;
use crate::yaml::{self, Document, Node, ScalarStyle};

/// The contents of the YAML documents in the scalar `node` of `document`, with places in the text of `document`.
pub(super) fn roots(document: &Document, node: &Node) -> Vec<Node> {
    let Some(scalar) = node.as_scalar() else { return Vec::new() };
    let text = node.span.of(&document.text);
    let content = match scalar.style {
        ScalarStyle::Literal => text.find('\n').map(|end| Span::new(node.span.start() + end + 1, node.span.end())),
        _ => text.find(&*scalar.text).map(|at| {
            let start = node.span.start() + at;
            Span::new(start, start + scalar.text.len())
        }),
    };
    if let Some(content) = content.filter(|_| !node.templated) {
        return documents(&document.text, content)
            .into_iter()
            .filter_map(|part| yaml::parse(only(&document.text, part).into()).root)
            .collect();
    }
    // Escapes and folded lines leave no way back to the single characters.
    let parts = yaml::split(&scalar.text);
    let read = |part: std::ops::Range<usize>| {
        let mut root = yaml::parse(scalar.text.get(part)?.into()).root?;
        super::tree::place(&mut root, &|_| node.span);
        Some(root)
    };
    parts.into_iter().filter_map(read).collect()
}

/// The documents in `content`: what stands between lines that are `---`.
fn documents(text: &str, content: Span) -> Vec<Span> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (content.start(), content.start());
    for line in content.of(text).split_inclusive('\n') {
        if line.trim() == "---" {
            parts.push(Span::new(start, at));
            start = at + line.len();
        }
        at += line.len();
    }
    parts.push(Span::new(start, content.end()));
    parts
}

/// `text` with nothing but blanks outside `part`; every offset stays what it is.
fn only(text: &str, part: Span) -> String {
    let blank = |text: &str| -> String {
        text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }).collect()
    };
    let before = blank(text.get(..part.start()).unwrap_or(""));
    let after = blank(text.get(part.end()..).unwrap_or(""));
    before + part.of(text) + &after
}
