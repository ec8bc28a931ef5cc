//! Source text: byte spans, lines, position encodings and edits.
//!
//! Everything inside istio-ls counts in byte offsets of a document's own text. Lines and columns (UTF-8, UTF-16 or
//! UTF-32) exist only at the edges, which convert through [`LineIndex`].

mod edit;
mod line_index;
mod similarity;
mod span;

pub use edit::{TextEdit, apply_edits};
pub use line_index::{Encoding, LineColumn, LineIndex};
pub use similarity::{edit_distance, only_near};
pub use span::Span;
