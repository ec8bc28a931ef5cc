//! `istio-ls parse FILE`: what the server sees of a file's YAML, for bug reports.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use crate::text::Span;
use crate::yaml::{self, Document, Node, Value};

/// A file as it was read. All offsets are bytes of the file.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The documents, as YAML counts them: a piece of the file without content and marker is none.
    pub documents: Vec<DocumentReport>,
    /// What is wrong with the text.
    pub errors: Vec<ErrorReport>,
}

/// One document.
#[derive(Debug, Serialize)]
pub struct DocumentReport {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Every single value; keys are not listed.
    pub scalars: Vec<ScalarReport>,
}

/// A single value.
#[derive(Debug, Serialize)]
pub struct ScalarReport {
    /// Keys and indices from the top, such as `spec.hosts[0]`.
    pub path: String,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One error.
#[derive(Debug, Serialize)]
pub struct ErrorReport {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// Reads `file` and writes the report: as JSON, or as lines for people.
///
/// # Errors
///
/// When the file cannot be read.
pub fn run(file: &Path, json: bool) -> anyhow::Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8 text", file.display()))?;
    let report = report(&text);
    Ok(if json { serde_json::to_string(&report)? + "\n" } else { lines(&report, &text) })
}

/// What is read of a file's text.
#[must_use]
pub fn report(text: &str) -> Report {
    let mut report = Report { documents: Vec::new(), errors: Vec::new() };
    for piece in yaml::split(text) {
        let document = yaml::parse(text.get(piece.clone()).unwrap_or("").into());
        for error in &document.errors {
            let span = error.span.shifted(piece.start);
            report.errors.push(ErrorReport { start: span.start(), end: span.end(), message: error.message.clone() });
        }
        let mut scalars = Vec::new();
        match &document.root {
            Some(root) => list(root, String::new(), piece.start, &mut scalars),
            None if has_marker(&document) => scalars.push(scalar(String::new(), Span::at(piece.end))),
            None => continue,
        }
        report.documents.push(DocumentReport { start: piece.start, end: piece.end, scalars });
    }
    report
}

fn list(node: &Node, path: String, base: usize, out: &mut Vec<ScalarReport>) {
    match &node.value {
        Value::Scalar(_) => out.push(scalar(path, node.span.shifted(base))),
        Value::Mapping(mapping) => {
            for entry in &mapping.entries {
                let separator = if path.is_empty() { "" } else { "." };
                list(&entry.value, format!("{path}{separator}{}", entry.key), base, out);
            }
        }
        Value::Sequence(sequence) => {
            for (index, item) in sequence.items.iter().enumerate() {
                list(item, format!("{path}[{index}]"), base, out);
            }
        }
    }
}

fn scalar(path: String, span: Span) -> ScalarReport {
    ScalarReport { path, start: span.start(), end: span.end() }
}

/// A document may consist of nothing but its `---`.
fn has_marker(document: &Document) -> bool {
    document.text.lines().any(|line| line.trim_start_matches('\u{FEFF}').starts_with("---"))
}

fn lines(report: &Report, text: &str) -> String {
    let mut out = String::new();
    for document in &report.documents {
        let _ = writeln!(out, "document {}..{}", document.start, document.end);
        for scalar in &document.scalars {
            let value = text.get(scalar.start..scalar.end).unwrap_or("");
            let _ = writeln!(out, "  {}..{} {}: {value:?}", scalar.start, scalar.end, scalar.path);
        }
    }
    for error in &report.errors {
        let _ = writeln!(out, "error {}..{} {}", error.start, error.end, error.message);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_listed_with_path_and_place_in_the_file() {
        let text = "# c\n---\na: {b: [x, \"y\"]}\n---\nc:\n";
        let report = report(text);
        let seen: Vec<(usize, &str, &str)> = (report.documents.iter().enumerate())
            .flat_map(|(index, document)| document.scalars.iter().map(move |scalar| (index, scalar)))
            .map(|(index, scalar)| {
                (index, scalar.path.as_str(), text.get(scalar.start..scalar.end).expect("a span of the text"))
            })
            .collect();
        assert_eq!(seen, [(0, "a.b[0]", "x"), (0, "a.b[1]", "\"y\""), (1, "c", "")]);
    }

    #[test]
    fn a_piece_of_comments_is_no_document_but_a_marker_makes_one() {
        assert_eq!(report("# only\n").documents.len(), 0);
        assert_eq!(report("---\n# only\n").documents.len(), 1);
    }

    #[test]
    fn errors_stand_where_they_are_in_the_file() {
        let report = report("a: 1\n---\nb: *x\n");
        assert_eq!((report.errors[0].start, report.errors[0].end), (12, 14));
    }
}
