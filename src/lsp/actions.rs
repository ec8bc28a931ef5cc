//! Code actions: the fixes that findings carry, and refactorings.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use tower_lsp_server::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, CreateFile,
    DocumentChangeOperation, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, Range, ResourceOp,
    TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

use super::capabilities::{FIX_ALL, REFACTOR_MOVE};
use super::convert;
use super::service::Session;
use crate::ide::{self, Change, Refactoring, RefactoringKind};
use crate::workspace::{LocatedEdit, LocatedFinding, LocatedFix, Location, Snapshot};

/// The actions for a range of a document: every fix of the findings there, what else can be done there, and
/// all safe fixes of the file at once.
pub(super) fn actions(
    session: &Session,
    snapshot: &Snapshot,
    path: &Path,
    params: &CodeActionParams,
) -> Option<CodeActionResponse> {
    let encoding = session.client().encoding;
    let file = snapshot.file(path)?;
    let start = convert::offset(file, params.range.start, encoding);
    let end = convert::offset(file, params.range.end, encoding);
    let findings = snapshot.findings(path);
    let mut actions = Vec::new();
    if wanted(params, &CodeActionKind::QUICKFIX) {
        let at_range =
            |finding: &&LocatedFinding| finding.location.span.start() <= end && start <= finding.location.span.end();
        for finding in findings.iter().filter(at_range) {
            actions.extend(quick_fixes(session, snapshot, finding));
            actions.extend(ignore(session, snapshot, finding));
        }
    }
    let refactorings = refactorings(session, snapshot, path, start);
    actions.extend(refactorings.into_iter().filter(|(kind, _)| wanted(params, kind)).map(|(_, action)| action));
    if wanted(params, &FIX_ALL) {
        actions.extend(fix_all(session, snapshot, &findings));
    }
    Some(actions)
}

/// The client asked for this kind, or for one that contains it, or for any.
fn wanted(params: &CodeActionParams, kind: &CodeActionKind) -> bool {
    let Some(only) = &params.context.only else { return *kind != FIX_ALL };
    only.iter().any(|asked| {
        kind.as_str().strip_prefix(asked.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn quick_fixes(session: &Session, snapshot: &Snapshot, finding: &LocatedFinding) -> Vec<CodeActionOrCommand> {
    let diagnostic = convert::diagnostic(session, snapshot, finding);
    let preferred = finding.fixes.iter().position(|fix| fix.safe);
    let action = |(at, fix): (usize, &LocatedFix)| {
        let edits = edits(session, snapshot, fix.edits.iter())?;
        Some(CodeActionOrCommand::CodeAction(CodeAction {
            title: fix.title.clone(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: diagnostic.clone().map(|diagnostic| vec![diagnostic]),
            edit: Some(edits),
            is_preferred: (Some(at) == preferred).then_some(true),
            ..CodeAction::default()
        }))
    };
    finding.fixes.iter().enumerate().filter_map(action).collect()
}

/// A comment that silences the finding.
fn ignore(session: &Session, snapshot: &Snapshot, finding: &LocatedFinding) -> Option<CodeActionOrCommand> {
    let edit = snapshot.ignore(finding)?;
    Some(CodeActionOrCommand::CodeAction(CodeAction {
        title: format!("ignore {} here", finding.rule),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: convert::diagnostic(session, snapshot, finding).map(|diagnostic| vec![diagnostic]),
        edit: Some(edits(session, snapshot, std::iter::once(&edit))?),
        ..CodeAction::default()
    }))
}

/// What can be done at a place where nothing is wrong. What makes files is for clients that can make them.
fn refactorings(
    session: &Session,
    snapshot: &Snapshot,
    path: &Path,
    offset: usize,
) -> Vec<(CodeActionKind, CodeActionOrCommand)> {
    let Some(file) = snapshot.file(path) else { return Vec::new() };
    let text = file.text();
    let mut scopes = snapshot.scopes_of(path).map(|scope| ide::refactorings(&scope, path, &text, offset));
    let mut found = scopes.next().unwrap_or_default();
    // What leaves everything as it is must do so wherever the file is applied.
    for other in scopes {
        found.retain(|action| action.kind == RefactoringKind::Rewrite || other.contains(action));
    }
    if session.client().creates_files && file.documents.len() > 1 {
        let files = snapshot.files();
        let placed = files.iter().flat_map(|file| file.documents.iter().map(move |placed| (file, placed)));
        let documents = placed.map(|(file, placed)| (&*file.path, &*placed.content.yaml, placed.start));
        found.extend(ide::split(documents, path, &text, offset));
    }
    let action = |found: Refactoring| {
        let kind = match found.kind {
            RefactoringKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
            RefactoringKind::Extract => CodeActionKind::REFACTOR_EXTRACT,
            RefactoringKind::Move => REFACTOR_MOVE,
        };
        let action = CodeAction {
            title: found.title,
            kind: Some(kind.clone()),
            edit: Some(steps(session, snapshot, found.changes)?),
            ..CodeAction::default()
        };
        Some((kind, CodeActionOrCommand::CodeAction(action)))
    };
    found.into_iter().filter_map(action).collect()
}

/// The edits of a refactoring; where it makes files, these first, as operations on files.
fn steps(session: &Session, snapshot: &Snapshot, changes: Vec<Change>) -> Option<WorkspaceEdit> {
    let mut written = Vec::new();
    let mut operations = Vec::new();
    for change in changes {
        match change {
            Change::Edit { path, edit } => {
                let location = Location { path: snapshot.file(&path)?.path.clone(), span: edit.span };
                written.push(LocatedEdit { location, text: edit.text });
            }
            Change::Create { path, text } => {
                let uri = session.uri(&path)?;
                let create = CreateFile { uri: uri.clone(), options: None, annotation_id: None };
                operations.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
                let start = TextEdit::new(Range::default(), text);
                operations.push(DocumentChangeOperation::Edit(of_document(uri, vec![start])));
            }
        }
    }
    let edits = edits(session, snapshot, written.iter())?;
    if operations.is_empty() {
        return Some(edits);
    }
    let edits = edits.changes.into_iter().flatten();
    operations.extend(edits.map(|(uri, edits)| DocumentChangeOperation::Edit(of_document(uri, edits))));
    let document_changes = Some(DocumentChanges::Operations(operations));
    Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() })
}

fn of_document(uri: Uri, edits: Vec<TextEdit>) -> TextDocumentEdit {
    TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version: None },
        edits: edits.into_iter().map(OneOf::Left).collect(),
    }
}

/// The first safe fix of every finding, as far as they do not touch each other.
fn fix_all(session: &Session, snapshot: &Snapshot, findings: &[LocatedFinding]) -> Option<CodeActionOrCommand> {
    let mut chosen: Vec<&LocatedEdit> = Vec::new();
    for fix in findings.iter().filter_map(|finding| finding.fixes.iter().find(|fix| fix.safe)) {
        let meets = |edit: &LocatedEdit| {
            chosen.iter().any(|other| {
                let (one, two) = (edit.location.span, other.location.span);
                other.location.path == edit.location.path && one.start <= two.end && two.start <= one.end
            })
        };
        if !fix.edits.iter().any(meets) {
            chosen.extend(&fix.edits);
        }
    }
    if chosen.is_empty() {
        return None;
    }
    Some(CodeActionOrCommand::CodeAction(CodeAction {
        title: "apply every safe fix of istio-ls".to_owned(),
        kind: Some(FIX_ALL),
        edit: Some(edits(session, snapshot, chosen.into_iter())?),
        ..CodeAction::default()
    }))
}

fn edits<'a>(
    session: &Session,
    snapshot: &Snapshot,
    edits: impl Iterator<Item = &'a LocatedEdit>,
) -> Option<WorkspaceEdit> {
    let encoding = session.client().encoding;
    let mut files: BTreeMap<PathBuf, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        let file = snapshot.file(&edit.location.path)?;
        let range = convert::range(file, edit.location.span, encoding);
        files.entry(edit.location.path.to_path_buf()).or_default().push(TextEdit::new(range, edit.text.clone()));
    }
    #[allow(clippy::mutable_key_type, reason = "the type of the protocol; the keys are not changed")]
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for (path, edits) in files {
        changes.insert(session.uri(&path)?, edits);
    }
    Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}
