//! What a mapping's keys may be: no twins, and what a merge key (`<<`) brings in.

use std::collections::{HashMap, HashSet};

use smol_str::SmolStr;

use super::source::Source;
use super::tree::{Entry, Node, ScalarStyle, SyntaxError, Value};
use crate::text::{LineIndex, Span};

/// Said of a `:` without a key.
pub(super) const MISSING: &str = "the key is missing before `:`";

/// Why `node` cannot be a key of a Kubernetes object.
pub(super) fn wrong(node: &Node) -> Option<String> {
    match &node.value {
        Value::Scalar(scalar) if scalar.text.is_empty() && scalar.style == ScalarStyle::Plain && !node.templated => {
            Some(MISSING.to_owned())
        }
        Value::Scalar(_) => None,
        Value::Mapping(_) => Some("a mapping cannot be a key; quote it or give it a key of its own".to_owned()),
        Value::Sequence(_) => Some("a list cannot be a key; quote it or give it a key of its own".to_owned()),
    }
}

/// An error at each key that its mapping already has. Between two keys of a template may stand an `else`.
pub(super) fn complain_of_twins(
    entries: &[Entry],
    source: &Source<'_>,
    lines: &LineIndex,
    errors: &mut Vec<SyntaxError>,
) {
    let mut seen: HashMap<&str, Span> = HashMap::with_capacity(entries.len());
    for entry in entries {
        let first = *seen.entry(&entry.key).or_insert(entry.key_span);
        let between = Span::new(first.start(), entry.key_span.end());
        if first == entry.key_span || source.decides_in(between) {
            continue;
        }
        let place = match lines.line_of(entry.key_span.start()) - lines.line_of(first.start()) {
            0 => "on this line".to_owned(),
            1 => "on the line above".to_owned(),
            count => format!("{count} lines above"),
        };
        let message = format!("key `{}` is already set {place}; remove one of them", shortened(&entry.key));
        errors.push(SyntaxError { span: entry.key_span, message });
    }
}

/// Appends what `merges` bring and `entries` lack; the earlier wins.
pub(super) fn merge(entries: &mut Vec<Entry>, merges: &[(Span, Node)], errors: &mut Vec<SyntaxError>) {
    if merges.is_empty() {
        return;
    }
    let mut known: HashSet<SmolStr> = entries.iter().map(|entry| entry.key.clone()).collect();
    for (span, node) in merges {
        let sources = match &node.value {
            Value::Sequence(list) => list.items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        for source in sources {
            let Some(mapping) = source.as_mapping() else {
                let message = "`<<` takes a mapping or a list of mappings, usually aliases (`*name`)".to_owned();
                errors.push(SyntaxError { span: *span, message });
                continue;
            };
            for entry in &mapping.entries {
                if known.insert(entry.key.clone()) {
                    entries.push(Entry { merged: true, ..entry.clone() });
                }
            }
        }
    }
}

/// A key's beginning, for a message of one line.
pub(super) fn shortened(key: &str) -> String {
    let line = key.lines().next().unwrap_or("");
    match line.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or("")),
        None => line.to_owned(),
    }
}
