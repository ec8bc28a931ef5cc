//! The parser's events, put together to the tree.

use std::collections::HashMap;

use granit_parser::{Event, StructureStyle};
use smol_str::SmolStr;

use super::events::{DEEPEST, Failure, Token, events};
use super::keys;
use super::source::{Repaired, Source};
use super::tree::{CollectionStyle, Comment, Entry, Mapping, Node, Scalar, ScalarStyle, Sequence, SyntaxError, Value};
use crate::text::{LineIndex, Span};

/// Values that the aliases of one document may expand to.
const LARGEST_EXPANSION: usize = 100_000;

/// What was read of a document.
pub(super) struct Reading {
    pub(super) root: Option<Node>,
    pub(super) comments: Vec<Comment>,
    /// What the tree is wrong in.
    pub(super) errors: Vec<SyntaxError>,
    /// Where and why the parser gave up; `root` holds what came before.
    pub(super) failure: Option<Failure>,
}

/// Reads the tree.
pub(super) fn read(source: &Source<'_>, repaired: &Repaired<'_>, lines: &LineIndex) -> Reading {
    let mut builder = Builder {
        source,
        repaired,
        lines,
        open: Vec::new(),
        scalar: None,
        anchors: HashMap::new(),
        expanded: 0,
        cursor: 0,
        reading: Reading { root: None, comments: Vec::new(), errors: Vec::new(), failure: None },
    };
    builder.reading.failure = events(&repaired.text, |event, span| builder.event(event, span));
    builder.finish()
}

pub(super) struct Builder<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) repaired: &'a Repaired<'a>,
    lines: &'a LineIndex,
    /// The collections around the next event.
    pub(super) open: Vec<Open>,
    /// A scalar whose anchor comes with the next event.
    scalar: Option<(Node, Built)>,
    anchors: HashMap<usize, (Node, Built)>,
    expanded: usize,
    /// End of the last token, in the parsed text.
    pub(super) cursor: usize,
    reading: Reading,
}

/// What a finished node means for the collection around it.
#[derive(Clone, Copy)]
pub(super) struct Built {
    /// Where it stands: for an alias, other than its node's span.
    pub(super) place: Span,
    /// Anchor, 0 for none.
    pub(super) anchor: usize,
    /// Values in it, aliases expanded.
    pub(super) size: usize,
    /// Levels in it.
    pub(super) height: usize,
}

/// A collection whose end is still to come.
pub(super) struct Open {
    flow: bool,
    built: Built,
    pub(super) content: Content,
}

/// What a collection holds so far.
pub(super) enum Content {
    Items(Vec<Node>),
    Entries { entries: Vec<Entry>, merges: Vec<(Span, Node)>, key: Option<Key> },
}

/// A key that waits for its value.
pub(super) struct Key {
    text: SmolStr,
    span: Span,
    merge: bool,
}

impl<'a> Builder<'a> {
    fn event(&mut self, event: Event<'a>, token: Token) {
        if let Event::Comment(..) = event {
            return self.comment(token);
        }
        if let Event::Anchor(..) = event {
            return self.anchor(token);
        }
        self.flush();
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = self.scalar(&text, style, tag.as_deref(), token, anchor);
                self.scalar = Some(scalar);
            }
            Event::MappingStart(style, anchor, _) => {
                let content = Content::Entries { entries: Vec::new(), merges: Vec::new(), key: None };
                return self.begin(style, anchor, token, content);
            }
            Event::SequenceStart(style, anchor, _) => {
                return self.begin(style, anchor, token, Content::Items(Vec::new()));
            }
            Event::MappingEnd | Event::SequenceEnd => self.end(Some(token)),
            Event::Alias(anchor) => self.alias(anchor, token),
            Event::UnresolvedAlias(name) => {
                let message = format!("no anchor `&{name}` stands above this alias; define it or write the value out");
                self.broken_alias(token, message);
            }
            _ => {}
        }
        self.cursor = self.cursor.max(token.end);
    }

    fn finish(mut self) -> Reading {
        self.flush();
        while !self.open.is_empty() {
            self.end(None);
        }
        self.reading.comments.sort_by_key(|comment| comment.span);
        self.reading.errors.sort_by_key(|error| error.span);
        self.reading
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let start = self.repaired.start(start);
        Span::new(start, self.repaired.end(end).max(start))
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.reading.errors.push(SyntaxError { span, message: message.into() });
    }

    fn comment(&mut self, token: Token) {
        let span = self.span(token.start, token.end);
        let line = self.lines.start_of(self.lines.line_of(span.start())).unwrap_or(0);
        let own_line =
            Span::new(line, span.start()).of(self.source.original).trim_start_matches('\u{FEFF}').trim().is_empty();
        self.reading.comments.push(Comment { span, own_line });
    }

    /// The anchor of the node before it; it stands in front of it.
    fn anchor(&mut self, token: Token) {
        let span = self.span(token.start, token.end);
        if let Some((node, built)) = &mut self.scalar {
            node.span = if node.span.is_empty() { span } else { span.to(node.span) };
            built.place = node.span;
        } else if let Some(open) = self.open.last_mut() {
            open.built.place = open.built.place.to(span);
        }
    }

    fn begin(&mut self, style: StructureStyle, anchor: usize, token: Token, content: Content) {
        let flow = style == StructureStyle::Flow;
        // Of a list in the column of its key the parser names the first item, not its dash.
        let below_key = matches!(self.open.last(), Some(Open { content: Content::Entries { key: Some(_), .. }, .. }));
        let start = match content {
            Content::Items(_) if below_key && !flow => self.mark(b"-", token.start),
            _ => token.start,
        };
        let end = if flow { token.end } else { start };
        self.cursor = self.cursor.max(end);
        let mut place = self.span(start, end);
        if let Some((start, end)) = token.tag {
            place = place.to(self.span(start, end));
        }
        let built = Built { place, anchor, size: 1, height: 0 };
        self.open.push(Open { flow, built, content });
    }

    /// Closes the innermost collection; without a token where the text breaks off.
    fn end(&mut self, token: Option<Token>) {
        let Some(Open { flow, mut built, content }) = self.open.pop() else { return };
        if let Some(token) = token.filter(|_| flow) {
            // The mapping of a pair in a list (`[a: b]`) has no brace of its own.
            if token.end > token.start {
                built.place = built.place.to(self.span(token.start, token.end));
            }
        }
        let style = if flow { CollectionStyle::Flow } else { CollectionStyle::Block };
        let value = match content {
            Content::Items(items) => Value::Sequence(Sequence { style, items }.into()),
            Content::Entries { mut entries, merges, key } => {
                if let Some(key) = key {
                    let value =
                        Node { span: Span::at(key.span.end()), value: Value::Scalar(nothing()), templated: false };
                    entries.push(Entry { key: key.text, key_span: key.span, span: key.span, value, merged: false });
                }
                keys::complain_of_twins(&entries, self.source, self.lines, &mut self.reading.errors);
                keys::merge(&mut entries, &merges, &mut self.reading.errors);
                Value::Mapping(Mapping { style, entries }.into())
            }
        };
        built.height += 1;
        self.add(Node { span: built.place, value, templated: false }, built);
    }

    fn alias(&mut self, anchor: usize, token: Token) {
        let name = self.repaired.text.get(token.start + 1..token.end).unwrap_or("");
        let Some((node, built)) = self.anchors.get(&anchor) else {
            return self.broken_alias(token, format!("`*{name}` stands inside `&{name}` itself; write the value out"));
        };
        if self.open.len() + built.height > 2 * DEEPEST {
            return self.broken_alias(token, "aliases nest too deeply; write the value out".to_owned());
        }
        self.expanded += built.size;
        if self.expanded > LARGEST_EXPANSION {
            return self.broken_alias(token, "aliases expand to too many values; write fewer of them".to_owned());
        }
        let built = Built { place: self.span(token.start, token.end), anchor: 0, ..*built };
        self.add(node.clone(), built);
    }

    fn broken_alias(&mut self, token: Token, message: String) {
        let span = self.span(token.start, token.end);
        self.error(span, message);
        let node = Node { span, value: Value::Scalar(nothing()), templated: false };
        self.add(node, Built { place: span, anchor: 0, size: 1, height: 0 });
    }

    fn flush(&mut self) {
        if let Some((node, built)) = self.scalar.take() {
            self.add(node, built);
        }
    }

    /// Puts a finished node where it belongs: under its key, in its list, at the top.
    fn add(&mut self, node: Node, built: Built) {
        if built.anchor != 0 {
            self.anchors.insert(built.anchor, (node.clone(), built));
        }
        let Some(open) = self.open.last_mut() else {
            // A document that is nothing but its `---` reads as an empty value.
            let empty = node.span.is_empty() && !node.templated;
            self.reading.root = self.reading.root.take().or_else(|| (!empty).then_some(node));
            return;
        };
        open.built.size += built.size;
        open.built.height = open.built.height.max(built.height);
        open.built.place = open.built.place.to(built.place);
        match &mut open.content {
            Content::Items(items) => items.push(node),
            Content::Entries { entries, merges, key } => match key.take() {
                Some(Key { span, merge: true, .. }) => merges.push((span.to(built.place), node)),
                Some(Key { text, span, .. }) => {
                    let whole = span.to(built.place);
                    entries.push(Entry { key: text, key_span: span, span: whole, value: node, merged: false });
                }
                None => {
                    let span = built.place;
                    let (text, merge) = match &node.value {
                        Value::Scalar(scalar) => {
                            (scalar.text.clone(), scalar.text == "<<" && scalar.style == ScalarStyle::Plain)
                        }
                        _ => (span.of(self.source.original).into(), false),
                    };
                    if let Some(message) = keys::wrong(&node) {
                        self.reading.errors.push(SyntaxError { span, message });
                    }
                    *key = Some(Key { text, span, merge });
                }
            },
        }
    }
}

fn nothing() -> Scalar {
    Scalar { text: SmolStr::default(), style: ScalarStyle::Plain, tag: None }
}
