//! References, highlights, implementations and links of names.

use std::path::Path;

use tower_lsp_server::ls_types::{
    DocumentHighlight, DocumentHighlightKind, DocumentLink, GotoDefinitionResponse, Location, Position,
};

use super::convert;
use super::service::Session;
use crate::ide::{self, Occurrence};
use crate::workspace::{Scoped, Snapshot};

/// Every place that names what is at `position`, in every file and scope.
pub(super) fn references(
    session: &Session,
    snapshot: &Snapshot,
    path: &Path,
    position: Position,
    with_definitions: bool,
) -> Option<Vec<Location>> {
    let offset = convert::offset(snapshot.file(path)?, position, session.client().encoding);
    let (own, all) = scopes(snapshot, path);
    let found = ide::references(&own, &all, path, offset);
    let wanted = found.iter().filter(|found| with_definitions || !found.defines);
    Some(wanted.filter_map(|found| location(session, snapshot, found)).collect())
}

/// The scopes of a file, and all of them.
pub(super) fn scopes<'a>(snapshot: &'a Snapshot, path: &Path) -> (Vec<Scoped<'a>>, Vec<Scoped<'a>>) {
    (snapshot.scopes_of(path).collect(), snapshot.scopes().collect())
}

/// The place of a mention.
pub(super) fn location(session: &Session, snapshot: &Snapshot, found: &Occurrence) -> Option<Location> {
    let range = convert::range(snapshot.file(&found.path)?, found.span, session.client().encoding);
    Some(Location { uri: session.uri(&found.path)?, range })
}

/// The same in the file, for its colours.
pub(super) fn highlights(
    session: &Session,
    snapshot: &Snapshot,
    path: &Path,
    position: Position,
) -> Option<Vec<DocumentHighlight>> {
    let (file, encoding) = (snapshot.file(path)?, session.client().encoding);
    let found = ide::highlights(&snapshot.scoped(path)?, path, convert::offset(file, position, encoding));
    let highlight = |found: Occurrence| DocumentHighlight {
        range: convert::range(file, found.span, encoding),
        kind: Some(if found.defines { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
    };
    Some(found.into_iter().map(highlight).collect())
}

/// The workloads behind the host at `position`.
pub(super) fn implementations(
    session: &Session,
    snapshot: &Snapshot,
    path: &Path,
    position: Position,
) -> Option<GotoDefinitionResponse> {
    let offset = convert::offset(snapshot.file(path)?, position, session.client().encoding);
    let found = ide::implementations(&snapshot.scoped(path)?, path, offset);
    Some(GotoDefinitionResponse::Array(found.iter().filter_map(|found| location(session, snapshot, found)).collect()))
}

/// The names that lead to a resource.
pub(super) fn links(session: &Session, snapshot: &Snapshot, path: &Path) -> Option<Vec<DocumentLink>> {
    let (file, encoding) = (snapshot.file(path)?, session.client().encoding);
    let link = |link: ide::Link| {
        let uri = session.uri(&link.path)?;
        Some(DocumentLink {
            range: convert::range(file, link.span, encoding),
            target: format!("{}#L{}", uri.as_str(), link.line + 1).parse().ok(),
            tooltip: Some(link.title),
            data: None,
        })
    };
    Some(ide::links(&snapshot.scoped(path)?, path).into_iter().filter_map(link).collect())
}
