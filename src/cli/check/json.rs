//! Findings for machines: the contract of `check --format json`. Lines and characters count from zero, in UTF-16.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::shown;
use crate::text::{Encoding, LineColumn};
use crate::workspace::{LocatedFinding, LocatedFix, Location, Snapshot};

/// Writes all findings and a summary as one JSON object.
pub(super) fn write(
    snapshot: &Snapshot,
    findings: &[LocatedFinding],
    base: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let writer = Writer { snapshot, base };
    let diagnostics: Vec<Value> = findings.iter().map(|finding| writer.finding(finding)).collect();
    let summary = json!({
        "files": snapshot.files().len(),
        "resources": snapshot.resources(),
        "scopes": snapshot.applied().filter(|scope| !scope.index().is_empty()).count(),
    });
    serde_json::to_writer(&mut *out, &json!({ "diagnostics": diagnostics, "summary": summary }))?;
    out.write_all(b"\n")?;
    Ok(())
}

struct Writer<'a> {
    snapshot: &'a Snapshot,
    base: &'a Path,
}

impl Writer<'_> {
    fn finding(&self, finding: &LocatedFinding) -> Value {
        let related: Vec<Value> = finding
            .related
            .iter()
            .map(|related| self.at(&related.location, [("message", json!(related.message))]))
            .collect();
        let fixes: Vec<Value> = finding.fixes.iter().map(|fix| self.fix(fix)).collect();
        self.at(
            &finding.location,
            [
                ("severity", json!(finding.severity.as_str())),
                ("rule", json!(finding.rule)),
                ("aliases", json!(finding.aliases)),
                ("resource", json!(finding.resource)),
                ("message", json!(finding.message)),
                ("related", json!(related)),
                ("fixes", json!(fixes)),
            ],
        )
    }

    fn fix(&self, fix: &LocatedFix) -> Value {
        let edits: Vec<Value> =
            fix.edits.iter().map(|edit| self.at(&edit.location, [("newText", json!(edit.text))])).collect();
        json!({ "title": fix.title, "safe": fix.safe, "edits": edits })
    }

    fn at<const N: usize>(&self, location: &Location, fields: [(&str, Value); N]) -> Value {
        let range = self.snapshot.file(&location.path).map(|file| file.range(location.span, Encoding::Utf16));
        let (start, end) = range.unwrap_or_default();
        let mut object = serde_json::Map::new();
        object.insert("file".to_owned(), json!(shown(&location.path, self.base)));
        object.insert("range".to_owned(), json!({ "start": position(start), "end": position(end) }));
        object.extend(fields.map(|(name, value)| (name.to_owned(), value)));
        Value::Object(object)
    }
}

fn position(position: LineColumn) -> Value {
    json!({ "line": position.line, "character": position.column })
}
