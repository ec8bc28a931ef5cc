//! The parser's events with the places of their text. With [`super::complain`] the only module that knows the parser's
//! settings and errors.

use granit_parser::{Event, Options, Parser};

use super::complain;

/// Nesting of block and of flow collections each; aliases included it holds for both together twice.
pub(super) const DEEPEST: usize = 100;

/// The parser gave up.
pub(super) struct Failure {
    /// Where it says the error is.
    pub(super) at: usize,
    /// The end of what it understood.
    pub(super) reach: usize,
    /// What it says, in words for a person.
    pub(super) message: String,
    /// The text could be YAML; it only exceeds a limit.
    pub(super) limit: bool,
}

/// Only tells how far the parser gets.
pub(super) fn probe(text: &str) -> Option<Failure> {
    events(text, |_, _| ())
}

/// Feeds all events of `text` to `receive`, until the end or an error.
pub(super) fn events<'t>(text: &'t str, mut receive: impl FnMut(Event<'t>, Token)) -> Option<Failure> {
    let mut options = Options::default();
    options.emit_unresolved_aliases = true;
    options.emit_anchor_events = true;
    options.max_buffered_comment_events = usize::MAX;
    options.flow_nesting_limit = DEEPEST;
    options.block_nesting_limit = DEEPEST;
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut reach = 0;
    loop {
        match parser.next_event()? {
            Ok((Event::StreamEnd, _)) => return None,
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(reach..reach);
                if !matches!(event, Event::Comment(..)) {
                    reach = reach.max(range.end);
                }
                let tag = span.tag_span().and_then(|tag| tag.byte_range());
                receive(event, Token { start: range.start, end: range.end, tag: tag.map(|tag| (tag.start, tag.end)) });
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(reach).min(text.len());
                let (message, limit) = complain::words(error.kind());
                return Some(Failure { at, reach, message, limit });
            }
        }
    }
}

/// Where an event's text stands in the parsed text.
#[derive(Clone, Copy)]
pub(super) struct Token {
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// The tag in front of it.
    pub(super) tag: Option<(usize, usize)>,
}
