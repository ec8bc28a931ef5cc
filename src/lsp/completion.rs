//! Completion and the indentation of a new line, in LSP's terms.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tower_lsp_server::ls_types::{
    CompletionItem, CompletionItemKind, CompletionItemTag, CompletionList, CompletionResponse, CompletionTextEdit,
    Documentation, InsertTextFormat, InsertTextMode, MarkupContent, MarkupKind, Position, TextEdit, Uri,
};

use super::capabilities::Client;
use super::convert;
use crate::ide::{self, Files, Item, ItemKind};
use crate::text::{Encoding, Span};
use crate::workspace::{File, PlacedDocument, Scoped, Snapshot, settings};

/// What resolving an item asks for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct About {
    uri: Uri,
    host: String,
}

/// The items at a position of the file at `path`.
pub(super) fn completion(
    client: &Client,
    snapshot: &Snapshot,
    path: &Path,
    uri: &Uri,
    position: Position,
) -> Option<CompletionResponse> {
    let file = snapshot.file(path)?;
    let offset = convert::offset(file, position, client.encoding);
    let (_, placed) = file.document_at(offset)?;
    if path.ends_with(settings::FILE) {
        return Some(setting(client, file, offset, placed));
    }
    let (scope, start) = (scope(snapshot, path)?, placed.start);
    let mut found = ide::completion(&scope, path, &placed.content.yaml, start, offset - start)?;
    // Where yaml-language-server does so for the same file, each field would stand there twice.
    let with_fields = snapshot.settings().compares_with_schema();
    found.items.retain(|item| with_fields || item.kind != ItemKind::Field);
    let range = convert::range(file, Span::new(found.span.start, found.span.end).shifted(start), client.encoding);
    let item = |(number, item): (usize, &Item)| {
        let edit = TextEdit { range, new_text: text(client, item, found.indentation) };
        let about = item.host.clone().map(|host| About { uri: uri.clone(), host });
        CompletionItem {
            label: item.label.clone(),
            kind: Some(kind(item.kind)),
            detail: (!item.detail.is_empty()).then(|| item.detail.clone()),
            documentation: (!item.doc.is_empty()).then(|| documentation(item.doc.clone(), client.completion_markdown)),
            sort_text: Some(format!("{number:04}")),
            filter_text: Some(item.label.clone()),
            insert_text_format: client.snippets.then_some(InsertTextFormat::SNIPPET),
            insert_text_mode: client.insert_modes.then_some(match client.snippets {
                true => InsertTextMode::ADJUST_INDENTATION,
                false => InsertTextMode::AS_IS,
            }),
            tags: item.deprecated.then(|| vec![CompletionItemTag::DEPRECATED]),
            text_edit: Some(CompletionTextEdit::Edit(edit)),
            data: about.and_then(|about| serde_json::to_value(about).ok()),
            ..CompletionItem::default()
        }
    };
    let items = found.items.iter().enumerate().map(item).collect();
    Some(CompletionResponse::List(CompletionList { is_incomplete: found.incomplete, items }))
}

/// The keys and words of the settings' own file.
fn setting(client: &Client, file: &File, offset: usize, placed: &PlacedDocument) -> CompletionResponse {
    let (document, within) = (&placed.content.yaml, offset - placed.start);
    let typed = document.text.get(..within).unwrap_or("");
    let word = typed.len() - typed.trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '-').len();
    let range = convert::range(file, Span::new(offset - word, offset), client.encoding);
    let item = |(number, word): (usize, settings::Word)| CompletionItem {
        label: word.text.to_owned(),
        documentation: (!word.doc.is_empty()).then(|| documentation(word.doc, client.completion_markdown)),
        sort_text: Some(format!("{number:04}")),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: word.text.to_owned() })),
        ..CompletionItem::default()
    };
    CompletionResponse::Array(settings::completions(document, within).into_iter().enumerate().map(item).collect())
}

/// A patch is completed with what it changes; a file that is not applied, such as one that was just begun, with what is.
fn scope<'a>(snapshot: &'a Snapshot, path: &Path) -> Option<Scoped<'a>> {
    snapshot.scoped(path).or_else(|| snapshot.patching(path)).or_else(|| snapshot.scopes().next())
}

/// Editors indent the lines of a snippet as the line that it is put into.
fn text(client: &Client, item: &Item, indentation: usize) -> String {
    if client.snippets { item.snippet.clone() } else { item.plain(indentation) }
}

fn kind(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Field => CompletionItemKind::FIELD,
        ItemKind::EnumMember => CompletionItemKind::ENUM_MEMBER,
        ItemKind::Service => CompletionItemKind::INTERFACE,
        ItemKind::Reference => CompletionItemKind::REFERENCE,
        ItemKind::Namespace => CompletionItemKind::MODULE,
        ItemKind::Label => CompletionItemKind::PROPERTY,
        ItemKind::Value => CompletionItemKind::VALUE,
        ItemKind::Block => CompletionItemKind::SNIPPET,
        ItemKind::Document => CompletionItemKind::FILE,
    }
}

fn documentation(text: String, markdown: bool) -> Documentation {
    let (kind, value) = match markdown {
        true => (MarkupKind::Markdown, text),
        false => (MarkupKind::PlainText, text.replace("**", "").replace('`', "")),
    };
    Documentation::MarkupContent(MarkupContent { kind, value })
}

impl About {
    /// What there is to say of `item`.
    pub(super) fn of(item: &CompletionItem) -> Option<Self> {
        serde_json::from_value(item.data.clone()?).ok()
    }

    pub(super) fn path(&self) -> PathBuf {
        convert::path(&self.uri)
    }

    pub(super) fn text(&self, snapshot: &Snapshot, path: &Path) -> Option<String> {
        let scope = scope(snapshot, path)?;
        let files: &dyn Files = &scope;
        ide::about_host(files, &self.host)
    }
}

/// The item with what was found out about it.
pub(super) fn with_text(item: CompletionItem, text: Option<String>, markdown: bool) -> CompletionItem {
    let documentation = text.map(|text| documentation(text, markdown)).or(item.documentation);
    CompletionItem { documentation, ..item }
}

/// The edit that indents the line of `position`.
pub(super) fn next_line(file: &File, position: Position, encoding: Encoding) -> Option<Vec<TextEdit>> {
    let offset = convert::offset(file, position, encoding);
    let (_, placed) = file.document_at(offset)?;
    let new_text = ide::next_line(&placed.content.yaml, offset - placed.start)?;
    let start = Position { character: 0, ..position };
    Some(vec![TextEdit { range: tower_lsp_server::ls_types::Range::new(start, position), new_text }])
}
