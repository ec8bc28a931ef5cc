//! Findings for machines: the contract of `check --format json`. Lines and characters count from zero, in UTF-16.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::shown;
use crate::cli::Report;
use crate::text::{Encoding, LineColumn};
use crate::workspace::{LocatedFinding, LocatedFix, Location, Snapshot};

/// Writes all findings and a summary as one JSON object.
pub(super) fn write(report: &Report<'_>, base: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let writer = Writer { report, base };
    let scopes = report.snapshots.iter().flat_map(Snapshot::applied);
    let diagnostics: Vec<Value> = report.findings.iter().map(|finding| writer.finding(finding)).collect();
    let summary = json!({
        "files": report.files().len(),
        "resources": report.resources(),
        "scopes": scopes.filter(|scope| !scope.index().is_empty()).count(),
    });
    let roots: Vec<Value> = report.snapshots.iter().map(|snapshot| root(snapshot, base)).collect();
    serde_json::to_writer(&mut *out, &json!({ "diagnostics": diagnostics, "roots": roots, "summary": summary }))?;
    out.write_all(b"\n")?;
    Ok(())
}

/// A workspace, and the file that holds its settings.
fn root(snapshot: &Snapshot, base: &Path) -> Value {
    let folder = snapshot.root().map(|root| if root == base { ".".to_owned() } else { shown(root, base) });
    let settings = snapshot.settings_file().map(|file| shown(file, base));
    json!({ "folder": folder, "settings": settings })
}

struct Writer<'a> {
    report: &'a Report<'a>,
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
        let range = self.report.file(&location.path).map(|file| file.range(location.span, Encoding::Utf16));
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
