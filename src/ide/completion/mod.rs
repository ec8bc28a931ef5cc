//! Completion: what can be written at a place, the likeliest first.
//!
//! `place` says what the cursor is in, also on a line that is not YAML yet; `values` and the files beside it list the names
//! that the scope knows there, `fields` what the schema has, `blocks` and `documents` whole pieces of text. Every text is
//! a snippet of LSP with lines indented relative to the line of the cursor; [`Item::plain`] is for editors without them.

mod blocks;
mod context;
mod documents;
mod fields;
mod hosts;
mod indent;
mod item;
mod labels;
mod modes;
mod names;
mod place;
mod quote;
mod values;

use std::ops::Range;
use std::path::Path;

use context::Context;
pub use indent::next_line;
pub use item::{Item, ItemKind};
use place::{Place, What};

use super::Files;
use super::connections::connections;
use crate::index::View;
use crate::yaml::Document;

/// So many items are offered at once; more typing brings the others.
const MOST: usize = 200;

/// What can be written at a place.
#[derive(Debug, Clone, Default)]
pub struct Completion {
    /// The items, the likeliest first.
    pub items: Vec<Item>,
    /// The typed word that an item replaces, in bytes of the document.
    pub span: Range<usize>,
    /// Indentation of the line that the word is on.
    pub indentation: usize,
    /// More items fit; they come as more is typed.
    pub incomplete: bool,
}

/// What can be written at byte `offset` of `document`, which begins at byte `start` of `file`; none where nothing is known.
#[must_use]
pub fn completion(
    files: &dyn Files,
    file: &Path,
    document: &Document,
    start: usize,
    offset: usize,
) -> Option<Completion> {
    let place = Place::find(document, offset)?;
    let view = View::new(files.index());
    let context = Context::new(files, &view, file, start, &place);
    let mut items = match place.what {
        What::Key => fields::fields(&context),
        What::Value => values::values(&context),
    };
    let incomplete = items.len() > MOST;
    if incomplete {
        items.retain(|item| fits(&place.typed, &item.label));
        items.truncate(MOST);
    }
    let Place { span, indentation, .. } = place;
    Some(Completion { items, span, indentation, incomplete })
}

/// What is to be said of a host that was offered: what is on the wire to it.
#[must_use]
pub fn about_host(files: &dyn Files, host: &str) -> Option<String> {
    connections(files, &View::new(files.index()), host, None, None, None)
}

/// The letters of `typed` occur in `label` in their order, as editors match.
fn fits(typed: &str, label: &str) -> bool {
    let mut letters = label.chars().flat_map(char::to_lowercase);
    typed.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|letter| letter == wanted))
}
