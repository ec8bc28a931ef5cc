//! What the client can, and what this server offers it.

use tower_lsp_server::ls_types::{
    CallHierarchyServerCapability, ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability,
    CodeLensOptions, CompletionOptions, DiagnosticOptions, DiagnosticServerCapabilities, DocumentLinkOptions,
    DocumentOnTypeFormattingOptions, ExecuteCommandOptions, FileOperationFilter, FileOperationPattern,
    FileOperationPatternKind, FileOperationRegistrationOptions, FoldingRangeProviderCapability,
    HoverProviderCapability, ImplementationProviderCapability, MarkupKind, OneOf, PositionEncodingKind, RenameOptions,
    ResourceOperationKind, SaveOptions, SelectionRangeProviderCapability, SemanticTokensFullOptions,
    SemanticTokensLegend, SemanticTokensOptions, SemanticTokensServerCapabilities, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    WorkDoneProgressOptions, WorkspaceFileOperationsServerCapabilities, WorkspaceFoldersServerCapabilities,
    WorkspaceServerCapabilities,
};

use super::structure::LEGEND;
use crate::text::Encoding;

/// The kind of the action that applies every safe fix of a file.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.istio-ls");

/// The kind of actions that put parts of a file elsewhere (LSP 3.18).
pub(super) const REFACTOR_MOVE: CodeActionKind = CodeActionKind::new("refactor.move");

/// The command that says what istio-ls makes of a file.
pub(super) const STATUS: &str = "istio-ls.status";
/// The command by which a client shows places; it names it in `experimental.commands`.
pub(super) const SHOW_REFERENCES: &str = "istio-ls.showReferences";
/// The command that draws a map.
pub(super) const SHOW_TLS_MAP: &str = "istio-ls.showTlsMap";

/// What the client said it can.
#[derive(Debug, Clone, Default)]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    pub(super) markdown: bool,
    pub(super) pulls: bool,
    pub(super) watches: bool,
    /// It watches files outside its folders too.
    pub(super) watches_elsewhere: bool,
    pub(super) progress: bool,
    pub(super) configuration: bool,
    pub(super) related_information: bool,
    pub(super) definition_links: bool,
    pub(super) prepares_renames: bool,
    pub(super) versioned_edits: bool,
    pub(super) creates_files: bool,
    pub(super) shows_references: bool,
    pub(super) refreshes_hints: bool,
    pub(super) refreshes_lenses: bool,
    pub(super) snippets: bool,
    pub(super) completion_markdown: bool,
    pub(super) insert_modes: bool,
}

impl Client {
    pub(super) fn of(capabilities: &ClientCapabilities) -> Self {
        let text = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let hover = text.and_then(|text| text.hover.as_ref()).and_then(|hover| hover.content_format.as_ref());
        let published = text.and_then(|text| text.publish_diagnostics.as_ref());
        let watched = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        let diagnostics = workspace.and_then(|workspace| workspace.diagnostics.as_ref());
        let items = text.and_then(|text| text.completion.as_ref()?.completion_item.as_ref());
        let documents = items.and_then(|items| items.documentation_format.as_ref());
        let refreshes = diagnostics.and_then(|diagnostics| diagnostics.refresh_support).unwrap_or(false);
        Self {
            encoding: encoding(capabilities),
            markdown: hover.is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            // A client that pulls but cannot be told to pull again would miss what a change in another file does.
            pulls: text.is_some_and(|text| text.diagnostic.is_some()) && refreshes,
            watches: watched.and_then(|watched| watched.dynamic_registration).unwrap_or(false),
            watches_elsewhere: watched
                .is_some_and(|it| it.dynamic_registration == Some(true) && it.relative_pattern_support == Some(true)),
            progress: capabilities.window.as_ref().and_then(|window| window.work_done_progress).unwrap_or(false),
            configuration: workspace.and_then(|workspace| workspace.configuration).unwrap_or(false),
            related_information: published.and_then(|published| published.related_information).unwrap_or(false),
            definition_links: text
                .and_then(|text| text.definition.as_ref())
                .and_then(|definition| definition.link_support)
                .unwrap_or(false),
            versioned_edits: workspace
                .and_then(|workspace| workspace.workspace_edit.as_ref()?.document_changes)
                .unwrap_or(false),
            creates_files: workspace
                .and_then(|workspace| workspace.workspace_edit.as_ref()?.resource_operations.as_ref())
                .is_some_and(|operations| operations.contains(&ResourceOperationKind::Create)),
            shows_references: capabilities
                .experimental
                .as_ref()
                .and_then(|experimental| experimental.get("commands")?.as_array())
                .is_some_and(|commands| commands.iter().any(|command| command == SHOW_REFERENCES)),
            prepares_renames: text.and_then(|text| text.rename.as_ref()?.prepare_support).unwrap_or(false),
            refreshes_hints: workspace
                .and_then(|workspace| workspace.inlay_hint.as_ref()?.refresh_support)
                .unwrap_or(false),
            refreshes_lenses: workspace
                .and_then(|workspace| workspace.code_lens.as_ref()?.refresh_support)
                .unwrap_or(false),
            snippets: items.and_then(|items| items.snippet_support).unwrap_or(false),
            completion_markdown: documents.is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            insert_modes: items.is_some_and(|items| items.insert_text_mode_support.is_some()),
        }
    }

    /// What this client is offered.
    pub(super) fn offer(&self) -> ServerCapabilities {
        ServerCapabilities {
            position_encoding: Some(match self.encoding {
                Encoding::Utf8 => PositionEncodingKind::UTF8,
                Encoding::Utf16 => PositionEncodingKind::UTF16,
                Encoding::Utf32 => PositionEncodingKind::UTF32,
            }),
            text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::INCREMENTAL),
                save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
                ..TextDocumentSyncOptions::default()
            })),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            definition_provider: Some(OneOf::Left(true)),
            completion_provider: Some(CompletionOptions {
                resolve_provider: Some(true),
                trigger_characters: Some([" ", "/", ".", "-", "\"", "[", "{"].map(str::to_owned).to_vec()),
                ..CompletionOptions::default()
            }),
            document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
                first_trigger_character: "\n".to_owned(),
                more_trigger_character: None,
            }),
            implementation_provider: Some(ImplementationProviderCapability::Simple(true)),
            call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
            references_provider: Some(OneOf::Left(true)),
            document_highlight_provider: Some(OneOf::Left(true)),
            document_link_provider: Some(DocumentLinkOptions {
                resolve_provider: Some(false),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            }),
            document_symbol_provider: Some(OneOf::Left(true)),
            workspace_symbol_provider: Some(OneOf::Left(true)),
            folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
            selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
            rename_provider: Some(if self.prepares_renames {
                OneOf::Right(RenameOptions {
                    prepare_provider: Some(true),
                    work_done_progress_options: WorkDoneProgressOptions::default(),
                })
            } else {
                OneOf::Left(true)
            }),
            semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(
                SemanticTokensOptions {
                    legend: SemanticTokensLegend { token_types: LEGEND.to_vec(), token_modifiers: Vec::new() },
                    range: Some(true),
                    full: Some(SemanticTokensFullOptions::Bool(true)),
                    ..SemanticTokensOptions::default()
                },
            )),
            inlay_hint_provider: Some(OneOf::Left(true)),
            code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(true) }),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: vec![SHOW_TLS_MAP.to_owned(), STATUS.to_owned()],
                ..ExecuteCommandOptions::default()
            }),
            code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
                code_action_kinds: Some(vec![
                    CodeActionKind::QUICKFIX,
                    CodeActionKind::REFACTOR_REWRITE,
                    CodeActionKind::REFACTOR_EXTRACT,
                    REFACTOR_MOVE,
                    FIX_ALL,
                ]),
                ..CodeActionOptions::default()
            })),
            diagnostic_provider: self.pulls.then(|| {
                DiagnosticServerCapabilities::Options(DiagnosticOptions {
                    identifier: Some("istio-ls".to_owned()),
                    inter_file_dependencies: true,
                    workspace_diagnostics: false,
                    ..DiagnosticOptions::default()
                })
            }),
            workspace: Some(WorkspaceServerCapabilities {
                workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                    supported: Some(true),
                    change_notifications: Some(OneOf::Left(true)),
                }),
                file_operations: Some(WorkspaceFileOperationsServerCapabilities {
                    will_rename: Some(FileOperationRegistrationOptions { filters: vec![yaml_files(), folders()] }),
                    ..WorkspaceFileOperationsServerCapabilities::default()
                }),
            }),
            ..ServerCapabilities::default()
        }
    }
}

/// The files whose move kustomizations follow.
fn yaml_files() -> FileOperationFilter {
    let pattern = FileOperationPattern {
        glob: "**/{Kustomization,*.yaml,*.yml,*.json}".to_owned(),
        ..FileOperationPattern::default()
    };
    FileOperationFilter { scheme: Some("file".to_owned()), pattern }
}

/// Folders, which kustomizations name too.
fn folders() -> FileOperationFilter {
    let matches = Some(FileOperationPatternKind::Folder);
    let pattern = FileOperationPattern { glob: "**".to_owned(), matches, ..FileOperationPattern::default() };
    FileOperationFilter { scheme: Some("file".to_owned()), pattern }
}

/// UTF-8 where the client offers it (nothing to convert), else what it prefers, else UTF-16, which every client must know.
fn encoding(capabilities: &ClientCapabilities) -> Encoding {
    let offered = capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    let Some(offered) = offered else { return Encoding::Utf16 };
    if offered.contains(&PositionEncodingKind::UTF8) {
        return Encoding::Utf8;
    }
    match offered.first() {
        Some(first) if *first == PositionEncodingKind::UTF32 => Encoding::Utf32,
        _ => Encoding::Utf16,
    }
}
