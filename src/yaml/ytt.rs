//! ytt's code, which stands in comments (`#@ ...`): behind a key or a dash it writes the value, on a line of its own it
//! decides what of the lines around it is there.
//!
//! Its annotations (`#@overlay/match`) and its own comments (`#! ...`) are none.

use crate::text::Span;

const CODE: &str = "#@ ";

/// Code stands in `text`.
pub(super) fn is_in(text: &str) -> bool {
    text.contains(CODE)
}

/// Code stands behind `value` on its line, and writes it.
pub(super) fn writes(value: Span, text: &str) -> bool {
    text.get(value.end()..).is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(CODE))
}
