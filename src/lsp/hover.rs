//! Hover, in LSP's terms.

use std::path::Path;

use tower_lsp_server::ls_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::convert;
use super::service::Session;
use crate::ide;
use crate::text::Span;
use crate::workspace::{Snapshot, settings};

/// What there is to say at a position of the file at `path`.
pub(super) fn hover(session: &Session, snapshot: &Snapshot, path: &Path, position: Position) -> Option<Hover> {
    let client = session.client();
    let file = snapshot.file(path)?;
    let offset = convert::offset(file, position, client.encoding);
    let of_resources = || ide::hover(&snapshot.scoped(path)?, path, offset);
    let of_patch = || ide::hover_patch(&snapshot.scopes().collect::<Vec<_>>(), path, offset);
    let of_text = |hover: ide::Hover| (Span::new(hover.span.start, hover.span.end), hover.markdown, hover.plain);
    let of_settings = || {
        let (_, placed) = file.document_at(offset).filter(|_| path.ends_with(settings::FILE))?;
        let (span, markdown) = settings::hover(&placed.content.yaml, offset - placed.start)?;
        let plain = markdown.replace("**", "").replace('`', "");
        Some((span.shifted(placed.start), markdown, plain))
    };
    let (span, markdown, plain) = of_resources().or_else(of_patch).map(of_text).or_else(of_settings)?;
    let (kind, value) = match client.markdown {
        true => (MarkupKind::Markdown, markdown),
        false => (MarkupKind::PlainText, plain),
    };
    let contents = HoverContents::Markup(MarkupContent { kind, value });
    Some(Hover { contents, range: Some(convert::range(file, span, client.encoding)) })
}
