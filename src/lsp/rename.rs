//! Renames of names, and of files that kustomizations name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tower_lsp_server::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp_server::ls_types::{
    DocumentChanges, FileRename, OneOf, OptionalVersionedTextDocumentIdentifier, Position, PrepareRenameResponse,
    TextDocumentEdit, TextEdit, WorkspaceEdit,
};

use super::convert;
use super::references::scopes;
use super::service::Session;
use crate::ide;
use crate::text::Span;
use crate::workspace::{Published, Snapshot};

/// `RequestFailed` of LSP: the request was right, but there is no answer to it.
const REQUEST_FAILED: i64 = -32803;

fn refused(why: String) -> Error {
    Error { code: ErrorCode::ServerError(REQUEST_FAILED), message: why.into(), data: None }
}

/// The word that would be renamed at `position`.
pub(super) fn prepare(
    session: &Session,
    snapshot: &Snapshot,
    path: &Path,
    position: Position,
) -> Option<Result<PrepareRenameResponse>> {
    let (file, encoding) = (snapshot.file(path)?, session.client().encoding);
    let (own, all) = scopes(snapshot, path);
    let renamed = ide::prepare_rename(&own, &all, path, convert::offset(file, position, encoding));
    Some(renamed.map_err(refused).map(|renamed| PrepareRenameResponse::RangeWithPlaceholder {
        range: convert::range(file, renamed.span, encoding),
        placeholder: renamed.word,
    }))
}

/// The edits that rename what is at `position`.
pub(super) fn rename(
    session: &Session,
    published: &Published,
    path: &Path,
    position: Position,
    new: &str,
) -> Option<Result<WorkspaceEdit>> {
    let snapshot = published.snapshot(path)?;
    let offset = convert::offset(snapshot.file(path)?, position, session.client().encoding);
    let (own, all) = scopes(snapshot, path);
    let files = snapshot.files();
    let documents = files
        .iter()
        .flat_map(|file| file.documents.iter().map(|placed| (&*file.path, &*placed.content.yaml, placed.start)));
    let places = ide::rename(&own, &all, documents, (path, offset), new);
    Some(places.map_err(refused).map(|places| {
        let edits = places.into_iter().map(|place| (place.path, place.span, new.to_owned()));
        edit(session, published, edits)
    }))
}

/// Edits of files with the versions of those that are open.
pub(super) fn edit(
    session: &Session,
    published: &Published,
    edits: impl Iterator<Item = (PathBuf, Span, String)>,
) -> WorkspaceEdit {
    let mut files: BTreeMap<PathBuf, Vec<TextEdit>> = BTreeMap::new();
    for (path, span, text) in edits {
        let Some(file) = published.snapshot(&path).and_then(|snapshot| snapshot.file(&path)) else { continue };
        let range = convert::range(file, span, session.client().encoding);
        files.entry(path).or_default().push(TextEdit::new(range, text));
    }
    if session.client().versioned_edits {
        let changes = files.into_iter().filter_map(|(path, edits)| {
            let (uri, version) = (session.uri(&path)?, published.version(&path));
            let text_document = OptionalVersionedTextDocumentIdentifier { uri, version };
            Some(TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() })
        });
        let document_changes = Some(DocumentChanges::Edits(changes.collect()));
        return WorkspaceEdit { document_changes, ..WorkspaceEdit::default() };
    }
    #[allow(clippy::mutable_key_type, reason = "the type of the protocol; the keys are not changed")]
    let changes = files.into_iter().filter_map(|(path, edits)| Some((session.uri(&path)?, edits))).collect();
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

/// The edits of kustomizations that name files which are about to be renamed.
pub(super) fn files(
    session: &Session,
    published: &Published,
    within: &Path,
    renames: &[FileRename],
) -> Option<WorkspaceEdit> {
    let snapshot = published.snapshot(within)?;
    let path = |uri: &str| Some(convert::path(&uri.parse().ok()?));
    let moved: Vec<_> =
        renames.iter().filter_map(|rename| Some((path(&rename.old_uri)?, path(&rename.new_uri)?))).collect();
    let files = snapshot.files();
    let documents = files
        .iter()
        .flat_map(|file| file.documents.iter().map(|placed| (&*file.path, &*placed.content.yaml, placed.start)));
    let edits = ide::moved(documents, &moved);
    (!edits.is_empty()).then(|| edit(session, published, edits.into_iter()))
}
