//! Between LSP's types and ours.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use tower_lsp_server::ls_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, InlayHint, InlayHintLabel, Location, LocationLink,
    NumberOrString, Position, Range, Uri,
};

use super::service::Session;
use crate::ide::{Inlay, Target};
use crate::rules::Severity;
use crate::text::{Encoding, LineColumn, Span};
use crate::workspace::{File, LocatedFinding, Snapshot};

/// What the editor shows as the origin of a diagnostic.
const SOURCE: &str = "istio-ls";

/// The path of a document; one that is no file keeps its whole URI as its path.
pub(super) fn path(uri: &Uri) -> PathBuf {
    let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    let path = if is_file { uri.to_file_path() } else { None };
    path.map_or_else(|| PathBuf::from(uri.as_str()), |path| path.into_owned())
}

/// The URI of a path.
pub(super) fn uri(path: &Path) -> Option<Uri> {
    if path.is_absolute() { Uri::from_file_path(path) } else { Uri::from_str(path.to_str()?).ok() }
}

pub(super) fn position(position: LineColumn) -> Position {
    Position::new(position.line, position.column)
}

/// The byte offset of a position in `file`.
pub(super) fn offset(file: &File, position: Position, encoding: Encoding) -> usize {
    file.offset(LineColumn { line: position.line, column: position.character }, encoding)
}

pub(super) fn range(file: &File, span: Span, encoding: Encoding) -> Range {
    let (start, end) = file.range(span, encoding);
    Range::new(position(start), position(end))
}

/// The place that LSP calls a location.
pub(super) fn location(
    session: &Session,
    snapshot: &Snapshot,
    location: &crate::workspace::Location,
    encoding: Encoding,
) -> Option<Location> {
    let file = snapshot.file(&location.path)?;
    Some(Location { uri: session.uri(&location.path)?, range: range(file, location.span, encoding) })
}

/// The diagnostic that shows a finding.
pub(super) fn diagnostic(session: &Session, snapshot: &Snapshot, finding: &LocatedFinding) -> Option<Diagnostic> {
    let client = session.client();
    let file = snapshot.file(&finding.location.path)?;
    let related = finding.related.iter().filter_map(|related| {
        Some(DiagnosticRelatedInformation {
            location: location(session, snapshot, &related.location, client.encoding)?,
            message: related.message.clone(),
        })
    });
    let related: Vec<_> = if client.related_information { related.collect() } else { Vec::new() };
    Some(Diagnostic {
        range: range(file, finding.location.span, client.encoding),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
            Severity::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(finding.rule.to_owned())),
        source: Some(SOURCE.to_owned()),
        message: finding.message.clone(),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    })
}

/// Every diagnostic of a file.
pub(super) fn diagnostics(session: &Session, snapshot: &Snapshot, path: &Path) -> Vec<Diagnostic> {
    snapshot.findings(path).iter().filter_map(|finding| diagnostic(session, snapshot, finding)).collect()
}

/// The hint behind a word of `file`.
pub(super) fn inlay_hint(file: &File, hint: Inlay, encoding: Encoding) -> InlayHint {
    InlayHint {
        position: position(file.position(hint.offset, encoding)),
        label: InlayHintLabel::String(hint.text),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}

/// The link from a name to what it means.
pub(super) fn link(session: &Session, snapshot: &Snapshot, from: &Path, target: &Target) -> Option<LocationLink> {
    let encoding = session.client().encoding;
    let (origin, file) = (snapshot.file(from)?, snapshot.file(&target.path)?);
    let span = |range: &std::ops::Range<usize>| Span::new(range.start, range.end);
    Some(LocationLink {
        origin_selection_range: Some(range(origin, span(&target.origin), encoding)),
        target_uri: session.uri(&target.path)?,
        target_range: range(file, span(&target.full), encoding),
        target_selection_range: range(file, span(&target.name), encoding),
    })
}
