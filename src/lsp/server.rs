//! Answers to requests, each from the snapshot that holds everything read before it.

use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp_server::jsonrpc::Result;
use tower_lsp_server::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem, CallHierarchyOutgoingCall,
    CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, CodeActionParams, CodeActionResponse, CodeLens,
    CodeLensParams, CompletionItem, CompletionParams, CompletionResponse, DidChangeConfigurationParams,
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, DocumentDiagnosticParams,
    DocumentDiagnosticReport, DocumentDiagnosticReportResult, DocumentHighlight, DocumentHighlightParams, DocumentLink,
    DocumentLinkParams, DocumentOnTypeFormattingParams, DocumentSymbolParams, DocumentSymbolResponse,
    ExecuteCommandParams, FoldingRange, FoldingRangeParams, FullDocumentDiagnosticReport, GotoDefinitionParams,
    GotoDefinitionResponse, Hover, HoverParams, InitializeParams, InitializeResult, InitializedParams, InlayHint,
    InlayHintParams, LSPAny, Location, LocationLink, PrepareRenameResponse, ReferenceParams,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, RenameFilesParams, RenameParams,
    SelectionRange, SelectionRangeParams, SemanticTokens, SemanticTokensParams, SemanticTokensRangeParams,
    SemanticTokensRangeResult, SemanticTokensResult, ServerInfo, TextDocumentPositionParams, TextEdit,
    UnchangedDocumentDiagnosticReport, WorkspaceEdit, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};
use tower_lsp_server::{Client as Connection, LanguageServer};

use super::capabilities::{Client, STATUS};
use super::publish::{Pulled, identity};
use super::service::Session;
use super::{
    actions, calls, completion, configuration, convert, hover, lens, map, references, rename, status, structure,
    symbols, watch,
};
use crate::ide;
use crate::text::Span;

/// The language server of one client.
pub(super) struct Server {
    pub(super) client: Connection,
    pub(super) session: Arc<Session>,
    pub(super) pulled: Arc<Pulled>,
}

impl Server {
    pub(super) fn new(client: Connection, session: Arc<Session>) -> Self {
        Self { client, session, pulled: Arc::default() }
    }

    /// What the publisher needs of this server.
    pub(super) fn client(&self) -> (Connection, Arc<Pulled>) {
        (self.client.clone(), Arc::clone(&self.pulled))
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let client = Client::of(&params.capabilities);
        let capabilities = client.offer();
        let _ = self.session.client.set(client);
        self.session.take_settings(params.initialization_options);
        let folders = params.workspace_folders.unwrap_or_default();
        let mut paths: Vec<PathBuf> = folders.iter().map(|folder| convert::path(&folder.uri)).collect();
        #[allow(deprecated, reason = "clients without workspace folders name their root here")]
        if paths.is_empty() {
            paths.extend(params.root_uri.as_ref().map(convert::path));
        }
        self.session.set_folders(paths);
        Ok(InitializeResult {
            capabilities,
            server_info: Some(ServerInfo {
                name: "istio-ls".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.session.start();
        watch::start(&self.client, &self.session);
        configuration::pull(&self.client, &self.session);
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    // What these change was applied in the order of reading, in `service`.
    async fn did_open(&self, _: DidOpenTextDocumentParams) {}
    async fn did_change(&self, _: DidChangeTextDocumentParams) {}
    async fn did_close(&self, _: DidCloseTextDocumentParams) {}
    async fn did_save(&self, _: DidSaveTextDocumentParams) {}
    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {}
    async fn did_change_workspace_folders(&self, _: DidChangeWorkspaceFoldersParams) {}

    async fn did_change_configuration(&self, _: DidChangeConfigurationParams) {
        configuration::pull(&self.client, &self.session);
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let path = convert::path(&params.text_document.uri);
        let published = self.checked(&path).await?;
        let snapshot = published.snapshot(&path);
        let items = snapshot.map(|snapshot| convert::diagnostics(&self.session, snapshot, &path)).unwrap_or_default();
        let result_id = identity(&items);
        self.pulled.insert(path, result_id.clone());
        let report = if params.previous_result_id.as_ref() == Some(&result_id) {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
            })
        } else {
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(result_id), items },
            })
        };
        Ok(report.into())
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        self.answer(convert::path(&at.text_document.uri), move |session, snapshot, path| {
            hover::hover(session, snapshot, path, at.position)
        })
        .await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let at = params.text_document_position_params;
        self.answer(convert::path(&at.text_document.uri), move |session, snapshot, path| {
            let client = session.client();
            let offset = convert::offset(snapshot.file(path)?, at.position, client.encoding);
            let links = snapshot.scoped(path).map_or_else(Vec::new, |scope| ide::definition(&scope, path, offset));
            let in_patch = || ide::definition_in_patch(&snapshot.scopes().collect::<Vec<_>>(), path, offset);
            let links = if links.is_empty() { in_patch() } else { links };
            let links = links.iter().filter_map(|target| convert::link(session, snapshot, path, target));
            let links: Vec<LocationLink> = links.collect();
            Some(if client.definition_links {
                GotoDefinitionResponse::Link(links)
            } else {
                let location = |link: LocationLink| Location::new(link.target_uri, link.target_selection_range);
                GotoDefinitionResponse::Array(links.into_iter().map(location).collect())
            })
        })
        .await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let at = params.text_document_position;
        let uri = at.text_document.uri;
        self.answer(convert::path(&uri), move |session, snapshot, path| {
            completion::completion(&session.client(), snapshot, path, &uri, at.position)
        })
        .await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        let Some(about) = completion::About::of(&item) else { return Ok(item) };
        let markdown = self.session.client().completion_markdown;
        let text = self.answer(about.path(), move |_, snapshot, path| about.text(snapshot, path)).await?;
        Ok(completion::with_text(item, text, markdown))
    }

    async fn on_type_formatting(&self, params: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let at = params.text_document_position;
        self.answer(convert::path(&at.text_document.uri), move |session, snapshot, path| {
            completion::next_line(snapshot.file(path)?, at.position, session.client().encoding)
        })
        .await
    }

    async fn goto_implementation(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let at = params.text_document_position_params;
        self.answer(convert::path(&at.text_document.uri), move |session, snapshot, path| {
            references::implementations(session, snapshot, path, at.position)
        })
        .await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let (at, definitions) = (params.text_document_position, params.context.include_declaration);
        self.answer(convert::path(&at.text_document.uri), move |session, snapshot, path| {
            references::references(session, snapshot, path, at.position, definitions)
        })
        .await
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        let at = params.text_document_position_params;
        self.answer(convert::path(&at.text_document.uri), move |session, snapshot, path| {
            references::highlights(session, snapshot, path, at.position)
        })
        .await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.answer(convert::path(&params.text_document.uri), references::links).await
    }

    async fn prepare_rename(&self, at: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        let prepared = self.answer(convert::path(&at.text_document.uri), move |session, snapshot, path| {
            rename::prepare(session, snapshot, path, at.position)
        });
        prepared.await?.transpose()
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let at = params.text_document_position;
        let path = convert::path(&at.text_document.uri);
        let renamed = self.answer_of(move |session, published| {
            rename::rename(session, published, &path, at.position, &params.new_name)
        });
        renamed.await?.transpose()
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        let Some(first) = params.files.first().and_then(|file| file.old_uri.parse().ok()) else { return Ok(None) };
        let path = convert::path(&first);
        self.answer_of(move |session, published| rename::files(session, published, &path, &params.files)).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        let at = params.text_document_position_params;
        self.answer(convert::path(&at.text_document.uri), move |session, snapshot, path| {
            calls::prepare(session, snapshot, path, at.position)
        })
        .await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        let item = params.item;
        self.answer(convert::path(&item.uri), move |session, snapshot, path| {
            calls::incoming(session, snapshot, path, item)
        })
        .await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        let item = params.item;
        self.answer(convert::path(&item.uri), move |session, snapshot, path| {
            calls::outgoing(session, snapshot, path, item)
        })
        .await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.answer(convert::path(&params.text_document.uri), move |session, snapshot, path| {
            Some(symbols::of_document(snapshot.file(path)?, session.client().encoding))
        })
        .await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let found = self.answer_of(move |session, published| {
            let of_root = |snapshot| symbols::of_workspace(session, snapshot, &params.query);
            Some(published.snapshots().flat_map(of_root).collect())
        });
        Ok(found.await?.map(WorkspaceSymbolResponse::Flat))
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.answer(convert::path(&params.text_document.uri), move |session, snapshot, path| {
            Some(structure::folds(snapshot.file(path)?, session.client().encoding))
        })
        .await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.answer(convert::path(&params.text_document.uri), move |session, snapshot, path| {
            let (file, encoding) = (snapshot.file(path)?, session.client().encoding);
            let grown = params.positions.iter().map(|position| structure::selection(file, *position, encoding));
            Some(grown.collect())
        })
        .await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let tokens = self.answer(convert::path(&params.text_document.uri), move |session, snapshot, path| {
            let (file, encoding) = (snapshot.file(path)?, session.client().encoding);
            let words = ide::tokens(&snapshot.scoped(path)?, path);
            Some(SemanticTokens { result_id: None, data: structure::tokens(file, &words, None, encoding) })
        });
        Ok(tokens.await?.map(SemanticTokensResult::Tokens))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let tokens = self.answer(convert::path(&params.text_document.uri), move |session, snapshot, path| {
            let (file, encoding) = (snapshot.file(path)?, session.client().encoding);
            let end = |position| convert::offset(file, position, encoding);
            let range = Span::new(end(params.range.start), end(params.range.end));
            let words = ide::tokens(&snapshot.scoped(path)?, path);
            Some(SemanticTokens { result_id: None, data: structure::tokens(file, &words, Some(range), encoding) })
        });
        Ok(tokens.await?.map(SemanticTokensRangeResult::Tokens))
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.answer(convert::path(&params.text_document.uri), move |session, snapshot, path| {
            let (file, encoding) = (snapshot.file(path)?, session.client().encoding);
            let end = |position| convert::offset(file, position, encoding);
            let range = end(params.range.start)..end(params.range.end);
            let hints =
                if snapshot.settings().hints { ide::inlays(&snapshot.scoped(path)?, path, range) } else { Vec::new() };
            Some(hints.into_iter().map(|hint| convert::inlay_hint(file, hint, encoding)).collect())
        })
        .await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let uri = params.text_document.uri;
        self.answer(convert::path(&uri), move |session, snapshot, path| lens::lenses(session, snapshot, path, &uri))
            .await
    }

    async fn code_lens_resolve(&self, found: CodeLens) -> Result<CodeLens> {
        let Some(about) = lens::About::of(&found) else { return Ok(found) };
        let asked = found.clone();
        let command =
            self.answer(about.path(), move |session, snapshot, _| about.command(session, snapshot, &asked)).await?;
        Ok(CodeLens { command, ..found })
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        if params.command == STATUS {
            let path = status::asked(params)?;
            return self.answer(path, |_, snapshot, path| Some(status::answer(&snapshot.status(path)))).await;
        }
        let shown = map::Shown::of(params)?;
        self.answer(shown.path(), move |_, snapshot, path| {
            // A document that is not applied, such as a patch, shows what is.
            let scope = snapshot.scoped(path).or_else(|| snapshot.scopes().next())?;
            Some(shown.draw(&scope))
        })
        .await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let path = convert::path(&params.text_document.uri);
        self.checked(&path).await?;
        self.answer(path, move |session, snapshot, path| actions::actions(session, snapshot, path, &params)).await
    }
}
