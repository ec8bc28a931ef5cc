//! Helm: what a values file decides of a template.
//!
//! [`Release`] is a chart with its values; [`read`] takes the text of a template through it: which blocks are there
//! ([`Block`]) and what each action writes. [`fill`] takes a document's tree through that: what stands in a block that is
//! not there goes, and a value whose actions are all decided is what they write. Everything else stays unknown, as in a
//! template without values. Each value keeps its place, so that a span leads to the template.
//!
//! Only what can be decided with certainty is: fields of `.Values`, `.Chart` and `.Release`, variables (`scope`), conditions,
//! the functions that most templates use (`function`, `strings`), and what all that writes in the templates that others
//! include ([`Defines`], `render`). What a template changes on the way (`changes`) is not known. An empty value is one that
//! somebody has still to give, so what is written with it is not known; a condition on it does not hold.

mod changes;
mod define;
mod expression;
mod fill;
mod function;
mod render;
mod rendered;
mod scope;
mod strings;
mod template;
mod value;
mod yaml_text;

pub use define::{Defines, concerns_others};
pub use fill::fill;
pub use rendered::Rendered;
pub use template::{Block, Reading, read};
pub use value::{Release, for_subchart, merged};
