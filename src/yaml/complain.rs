//! The parser's errors in words for the person who typed the text.

use granit_parser::ErrorKind as E;

/// What is wrong and how to mend it; and whether only a limit is exceeded.
pub(super) fn words(kind: &E) -> (String, bool) {
    let words = match kind {
        E::RecursionLimitExceeded => return ("the text nests deeper than 100 levels".to_owned(), true),
        E::UnexpectedEofFlowSequence | E::UnclosedFlowCollection { open: '[', .. } => "`[` is not closed; add `]`",
        E::UnexpectedEofFlowMapping | E::UnexpectedEofImplicitFlowMapping | E::UnclosedFlowCollection { .. } => {
            "`{` is not closed; add `}`"
        }
        E::MismatchedFlowCollectionEnd { open, close } => {
            return (format!("`{open}` is closed by `{close}`; the brackets must match"), false);
        }
        E::MisplacedFlowCollectionEnd => "this bracket closes nothing; remove it or open it before",
        E::ExpectedFlowMappingSeparator => "expected `,` or `}` here",
        E::ExpectedFlowSequenceSeparator => "expected `,` or `]` here",
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => {
            "the quote is not closed; add the closing quote"
        }
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
            "text follows the closing quote; put all of the value in quotes"
        }
        E::InvalidQuotedScalarIndent => "the lines of a quoted value must be indented deeper than its key",
        E::UnknownQuotedScalarEscape => {
            "unknown escape in double quotes; write `\\\\` for a backslash or use single quotes"
        }
        E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => "this escape is no character; check its digits",
        E::SimpleKeyExpected | E::InvalidSimpleKey => "expected `key: value` here; is a `:` missing?",
        E::MappingValueNotAllowed | E::InvalidColonPlacement => {
            "`key: value` cannot stand here; check the indentation, or quote a value that holds `: `"
        }
        E::ExpectedBlockMappingKey | E::MappingKeyNotAllowed => {
            "expected a key here; check the indentation against the lines above"
        }
        E::ExpectedBlockSequenceEntry => "expected `- ` here; check the indentation against the lines above",
        E::BlockSequenceEntryNotAllowed | E::BlockEntryInFlowCollection => "a list item (`- `) cannot stand here",
        E::InvalidIndentation | E::InvalidFlowScalarIndent | E::InvalidBlockScalarIndent => {
            "the indentation fits no line above"
        }
        E::TabNotAllowed | E::TabInBlockIndentation | E::TabInIndentation | E::TabAtBlockScalarStart => {
            "tabs cannot indent YAML; use blanks"
        }
        E::UnexpectedCharacter { character } => {
            return (format!("a value cannot begin with `{}`; put it in quotes", character.escape_default()), false);
        }
        E::MissingAnchorOrAliasName => "`&` and `*` need a name behind them; quote the value if it is text",
        E::CommentNotSeparated => "put a blank before `#`, or quote the value if it is no comment",
        E::CommentInterceptedScalar => "a comment stands amid the lines of a value; move it or quote the value",
        E::InvalidBlockScalarHeader | E::ZeroBlockScalarIndent => {
            "after `|` or `>` only `+`, `-`, a digit or a comment may stand on the line"
        }
        E::BomInsideDocument => "a byte order mark stands amid the text; remove it",
        E::UndeclaredTagHandle
        | E::ExpectedTagBang
        | E::InvalidTagTerminator
        | E::MissingTagUri
        | E::UnclosedVerbatimTag => "this tag (`!...`) is not valid; quote the value if it is text",
        E::ExpectedDocumentStart | E::InvalidDocumentEnd | E::MissingDocumentEndBeforeDirective => {
            "text stands beside the document; check the indentation, or begin a document with `---`"
        }
        other => return (format!("this is not valid YAML: {other}"), false),
    };
    (words.to_owned(), false)
}
