//! Folding, growing selections, and the colours of names.

use tower_lsp_server::ls_types::{
    FoldingRange, FoldingRangeKind, Position, SelectionRange, SemanticToken, SemanticTokenType,
};

use super::convert;
use crate::ide::{self, TokenKind};
use crate::text::{Encoding, Span};
use crate::workspace::File;

/// Every part of `file` that can be folded.
pub(super) fn folds(file: &File, encoding: Encoding) -> Vec<FoldingRange> {
    let folds = file.documents.iter().flat_map(|placed| ide::folds(&placed.content.yaml, placed.start));
    let range = |fold: ide::Fold| {
        let (start, end) = file.range(fold.span, encoding);
        let kind = fold.is_comment.then_some(FoldingRangeKind::Comment);
        FoldingRange { start_line: start.line, end_line: end.line, kind, ..FoldingRange::default() }
    };
    folds.map(range).collect()
}

/// What a selection at `position` grows to.
pub(super) fn selection(file: &File, position: Position, encoding: Encoding) -> SelectionRange {
    let offset = convert::offset(file, position, encoding);
    let mut spans = file.document_at(offset).map_or_else(Vec::new, |(_, placed)| {
        ide::selections(&placed.content.yaml, offset - placed.start, placed.start)
    });
    spans.push(Span::new(0, file.len()));
    let grow = |outer: Option<SelectionRange>, span: &Span| {
        Some(SelectionRange { range: convert::range(file, *span, encoding), parent: outer.map(Box::new) })
    };
    let cursor = tower_lsp_server::ls_types::Range::new(position, position);
    spans.iter().rev().fold(None, grow).unwrap_or(SelectionRange { range: cursor, parent: None })
}

/// The kinds of words, in the order of [`TokenKind::ALL`].
pub(super) const LEGEND: [SemanticTokenType; TokenKind::ALL.len()] = [
    SemanticTokenType::NAMESPACE,
    SemanticTokenType::CLASS,
    SemanticTokenType::PROPERTY,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::ENUM_MEMBER,
];

/// The words within `range`, each relative to the one before. A word never spans lines.
pub(super) fn tokens(
    file: &File,
    words: &[(Span, TokenKind)],
    range: Option<Span>,
    encoding: Encoding,
) -> Vec<SemanticToken> {
    let (mut line, mut column) = (0, 0);
    let mut tokens = Vec::new();
    for (span, kind) in words.iter().filter(|(span, _)| range.is_none_or(|range| range.contains(*span))) {
        let (start, end) = file.range(*span, encoding);
        if start.line != end.line || start == end {
            continue;
        }
        let delta_start = if start.line == line { start.column - column } else { start.column };
        let number = TokenKind::ALL.iter().position(|known| known == kind).unwrap_or(0);
        tokens.push(SemanticToken {
            delta_line: start.line - line,
            delta_start,
            length: end.column - start.column,
            token_type: u32::try_from(number).unwrap_or(0),
            token_modifiers_bitset: 0,
        });
        (line, column) = (start.line, start.column);
    }
    tokens
}
