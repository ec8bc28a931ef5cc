//! YAML text to a tree with a span for every key, value, entry and comment.
//!
//! A file is split at its document markers first, so that an error stays in its document and an unchanged document keeps
//! its tree. Reading a document never fails and recovers from half-typed text. The parser under it is hidden here.
//!
//! The way of a text: `split` cuts the file, `template` fills in what a template engine would (`ytt` knows the one
//! that writes in comments), `events` runs the parser, `read` builds the tree; where the parser stops, `repair` tries the
//! `candidates` of the lines around and reads again.
//! Back to the text lead `navigate` (what stands at an offset) and `edit` (changes that keep comments and layout).

mod candidates;
mod complain;
mod edit;
mod events;
mod keys;
mod navigate;
mod parse;
mod read;
mod repair;
mod rows;
mod scalar;
mod scalar_events;
mod source;
mod split;
mod template;
mod tree;
mod ytt;

pub use edit::{At, Literal, Place, append_document};
pub use navigate::{Part, Path, Step};
pub use parse::parse;
pub use scalar::Resolved;
pub use split::split;
pub use template::{Action, Verb, actions};
pub use tree::{
    CollectionStyle, Comment, Document, Entry, Mapping, Node, Scalar, ScalarStyle, Sequence, SyntaxError, Value,
};
