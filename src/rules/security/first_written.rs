//! Which of several lists is written first.

use smol_str::SmolStr;

use crate::resource::{Field, List};
use crate::text::Span;

/// The name and the key of the first list in the text that holds something.
pub(super) fn first_written<const N: usize>(
    lists: [(&'static str, &Field<List<SmolStr>>); N],
) -> Option<(&'static str, Span)> {
    let written = lists.into_iter().filter(|(_, list)| list.items().next().is_some());
    written.filter_map(|(name, list)| Some((name, list.key()?))).min_by_key(|(_, key)| *key)
}
