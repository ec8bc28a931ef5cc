//! Symbols of a document and of the workspace.

use tower_lsp_server::ls_types::{DocumentSymbol, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind};

use super::convert;
use super::service::Session;
use crate::ide::{self, Symbol};
use crate::text::Encoding;
use crate::workspace::{File, Scoped, Snapshot};

/// So many resources are answered to one search.
const MAX_FOUND: usize = 200;

/// The tree of a document's resources.
pub(super) fn of_document(file: &File, encoding: Encoding) -> DocumentSymbolResponse {
    let documents = file.documents.iter().map(|placed| (&*placed.content.yaml, placed.start));
    let symbols = ide::document_symbols(documents);
    DocumentSymbolResponse::Nested(symbols.into_iter().map(|found| symbol(file, found, encoding)).collect())
}

#[allow(deprecated, reason = "the type of the protocol has a field that it calls deprecated")]
fn symbol(file: &File, found: Symbol, encoding: Encoding) -> DocumentSymbol {
    DocumentSymbol {
        name: found.name,
        detail: Some(found.detail),
        kind: match found.kind {
            ide::SymbolKind::Resource => SymbolKind::OBJECT,
            ide::SymbolKind::Part => SymbolKind::FIELD,
        },
        tags: None,
        deprecated: None,
        range: convert::range(file, found.full, encoding),
        selection_range: convert::range(file, found.select, encoding),
        children: Some(found.children.into_iter().map(|child| symbol(file, child, encoding)).collect()),
    }
}

/// The resources of `snapshot` that `query` finds.
#[allow(deprecated, reason = "the type of the protocol has a field that it calls deprecated")]
pub(super) fn of_workspace(session: &Session, snapshot: &Snapshot, query: &str) -> Vec<SymbolInformation> {
    let scopes: Vec<Scoped<'_>> = snapshot.scopes().collect();
    let information = |found: ide::ResourceSymbol| {
        let range = convert::range(snapshot.file(&found.path)?, found.span, session.client().encoding);
        Some(SymbolInformation {
            name: found.name,
            kind: SymbolKind::OBJECT,
            tags: None,
            deprecated: None,
            location: Location { uri: session.uri(&found.path)?, range },
            container_name: Some(found.detail),
        })
    };
    ide::workspace_symbols(&scopes, query, MAX_FOUND).into_iter().filter_map(information).collect()
}
