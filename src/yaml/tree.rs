//! The tree of one YAML document: a span for every key, value, entry and comment.
//!
//! Spans are byte offsets into the document's own text ([`Document::text`]), so a document that did not change keeps its
//! tree wherever it moves in its file. Aliased subtrees are shared, not copied: they carry the span of the anchored text.

use std::sync::Arc;

use smol_str::SmolStr;

use super::ytt;
use crate::text::{LineIndex, Span};

/// One YAML document of a file and what was read of it. Reading never fails: what could not be read is in `errors`.
#[derive(Debug)]
pub struct Document {
    /// The document's own part of the file, its `---` line and leading comments included.
    pub text: Arc<str>,
    /// Lines of `text`.
    pub lines: LineIndex,
    /// The top node; none for a document without content.
    pub root: Option<Node>,
    /// Every comment, in order.
    pub comments: Vec<Comment>,
    /// What is wrong with the text as YAML, in order.
    pub errors: Vec<SyntaxError>,
    /// A template engine would still fill parts of the text in (`{{ ... }}`, or `#@ ...` of ytt).
    pub templated: bool,
}

/// A comment, `#` included, line break not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands.
    pub span: Span,
    /// Nothing but blanks stands before it on its line.
    pub own_line: bool,
}

/// Why a part of the text is not YAML that Kubernetes accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The place of the error.
    pub span: Span,
    /// What is wrong and how to mend it, for a person.
    pub message: String,
}

/// A value with its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value's text: quotes, tag and anchor included; for a block scalar from `|` or `>` through its trailing blank
    /// lines; empty, directly after the colon, for a value that is left out; for a collection from its first to its last
    /// entry (brackets included in flow style).
    pub span: Span,
    /// What stands there.
    pub value: Value,
    /// A template action stands in the value or writes it, so that nothing is known of it but its place.
    pub templated: bool,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub enum Value {
    /// A single value.
    Scalar(Scalar),
    /// Keys with values.
    Mapping(Arc<Mapping>),
    /// A list.
    Sequence(Arc<Sequence>),
}

/// A single value as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text, quotes and escapes resolved.
    pub text: SmolStr,
    /// How it is written.
    pub style: ScalarStyle,
    /// An explicit tag such as `!!str`, resolved to its full form (`tag:yaml.org,2002:str`).
    pub tag: Option<SmolStr>,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// `'...'`
    SingleQuoted,
    /// `"..."`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// How a collection is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CollectionStyle {
    /// By indentation.
    Block,
    /// With brackets or braces.
    Flow,
}

/// Keys with values, in the order of the text. A key that occurs twice is kept twice; [`Mapping::entry`] answers the first.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// How it is written.
    pub style: CollectionStyle,
    /// The entries; those that come through a merge key (`<<`) stand last and only where the mapping lacks the key.
    pub entries: Vec<Entry>,
}

/// One key with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key's text, quotes resolved.
    pub key: SmolStr,
    /// Where the key stands, quotes included.
    pub key_span: Span,
    /// From the key's first to the value's last byte.
    pub span: Span,
    /// The value.
    pub value: Node,
    /// The entry came through a merge key: its spans lie in the anchored text.
    pub merged: bool,
}

/// A list.
#[derive(Debug, Clone)]
pub struct Sequence {
    /// How it is written.
    pub style: CollectionStyle,
    /// The items.
    pub items: Vec<Node>,
}

impl Document {
    /// A text that is no YAML, of which nothing is read.
    #[must_use]
    pub fn unread(text: Arc<str>) -> Self {
        let lines = LineIndex::new(&text);
        Self { text, lines, root: None, comments: Vec::new(), errors: Vec::new(), templated: true }
    }

    /// A template engine writes in `span`, or decides what of it is there.
    #[must_use]
    pub fn is_templated_in(&self, span: Span) -> bool {
        let text = span.of(&self.text);
        self.templated && (text.contains("{{") || ytt::is_in(text))
    }
}

impl Mapping {
    /// The first entry with this key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

impl Node {
    /// The mapping, if it is one.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The list, if it is one.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&Sequence> {
        match &self.value {
            Value::Sequence(sequence) => Some(sequence),
            _ => None,
        }
    }

    /// The single value, if it is one.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// How the collection is written, if it is one.
    #[must_use]
    pub fn style(&self) -> Option<CollectionStyle> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping.style),
            Value::Sequence(sequence) => Some(sequence.style),
            Value::Scalar(_) => None,
        }
    }

    /// The entry of a mapping with this key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_mapping()?.entry(key)
    }

    /// The value under this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        Some(&self.entry(key)?.value)
    }
}
