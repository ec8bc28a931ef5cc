//! The parser's events, put together to the tree. The only module that names the parser.

use std::collections::HashMap;

use granit_parser::{Event, Options, Parser, ScalarStyle as Style, StructureStyle, Tag};
use smol_str::SmolStr;

use super::complain;
use super::keys;
use super::source::{Repaired, Source};
use super::tree::{CollectionStyle, Comment, Entry, Mapping, Node, Scalar, ScalarStyle, Sequence, SyntaxError, Value};
use crate::text::{LineIndex, Span};

/// Nesting of block and of flow collections each; aliases included it holds for both together twice.
const DEEPEST: usize = 100;

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
    builder.reading.failure = parse(&repaired.text, |event, span| builder.event(event, span));
    builder.finish()
}

/// Only tells how far the parser gets.
pub(super) fn probe(text: &str) -> Option<Failure> {
    parse(text, |_, _| ())
}

fn parse<'t>(text: &'t str, mut receive: impl FnMut(Event<'t>, Token)) -> Option<Failure> {
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
struct Token {
    start: usize,
    end: usize,
    tag: Option<(usize, usize)>,
}

struct Builder<'a> {
    source: &'a Source<'a>,
    repaired: &'a Repaired<'a>,
    lines: &'a LineIndex,
    /// The collections around the next event.
    open: Vec<Open>,
    /// A scalar whose anchor comes with the next event.
    scalar: Option<(Node, Built)>,
    anchors: HashMap<usize, (Node, Built)>,
    expanded: usize,
    /// End of the last token, in the parsed text.
    cursor: usize,
    reading: Reading,
}

/// What a finished node means for the collection around it.
#[derive(Clone, Copy)]
struct Built {
    /// Where it stands: for an alias, other than its node's span.
    place: Span,
    /// Anchor, 0 for none.
    anchor: usize,
    /// Values in it, aliases expanded.
    size: usize,
    /// Levels in it.
    height: usize,
}

/// A collection whose end is still to come.
struct Open {
    flow: bool,
    built: Built,
    content: Content,
}

enum Content {
    Items(Vec<Node>),
    Entries { entries: Vec<Entry>, merges: Vec<(Span, Node)>, key: Option<Key> },
}

/// A key that waits for its value.
struct Key {
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
                self.begin(style, anchor, token, content);
            }
            Event::SequenceStart(style, anchor, _) => self.begin(style, anchor, token, Content::Items(Vec::new())),
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

    fn span(&self, start: usize, end: usize) -> Span {
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

    fn scalar(&self, text: &str, style: Style, tag: Option<&Tag>, token: Token, anchor: usize) -> (Node, Built) {
        let empty = token.start == token.end && style == Style::Plain;
        let style = match style {
            Style::Plain => ScalarStyle::Plain,
            Style::SingleQuoted => ScalarStyle::SingleQuoted,
            Style::DoubleQuoted => ScalarStyle::DoubleQuoted,
            Style::Literal => ScalarStyle::Literal,
            Style::Folded => ScalarStyle::Folded,
        };
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let (mut start, mut end) = (token.start, token.end);
        if block {
            start = self.mark(b"|>", token.start);
        } else if empty && token.tag.is_none() {
            start = self.place_of_nothing(token.start);
            end = start;
        }
        if let Some((tag_start, tag_end)) = token.tag {
            (start, end) = (start.min(tag_start), end.max(tag_end));
        }
        let mut span = self.span(start, end);
        if block {
            span = self.block_end(span);
        }
        let actions = self.source.actions_in(span);
        let mut templated = !actions.is_empty();
        let text = if templated {
            unquoted(span.of(self.source.original), style)
        } else if empty {
            templated = self.output_follows(span.end());
            SmolStr::default()
        } else {
            SmolStr::new(text)
        };
        let tag = tag.map(|tag| SmolStr::from(format!("{}{}", tag.handle(), tag.suffix())));
        let node = Node { span, value: Value::Scalar(Scalar { text, style, tag }), templated };
        (node, Built { place: span, anchor, size: 1, height: 0 })
    }

    /// The first of `marks` behind the last token: the header of the block scalar, or the dash of the list, whose
    /// content begins at `content`.
    fn mark(&self, marks: &[u8], content: usize) -> usize {
        let between = self.repaired.text.get(self.cursor..content).unwrap_or("");
        let mut comment = false;
        let mut blank = true;
        for (at, byte) in between.bytes().enumerate() {
            match byte {
                b'\n' | b'\r' => comment = false,
                _ if comment => {}
                b'#' if blank => comment = true,
                // Tags and anchors may hold marks, but do not begin with one.
                _ if blank && marks.contains(&byte) => return self.cursor + at,
                _ => {}
            }
            blank = byte.is_ascii_whitespace();
        }
        content
    }

    /// A block scalar ends with its trailing blank lines, whatever a template or a repair made of the lines below it.
    fn block_end(&self, span: Span) -> Span {
        let text = self.source.original;
        let filled = span.of(&self.source.filled);
        let mut end = span.start() + filled.trim_end().len();
        for line in super::split::lines(text, end) {
            let rest = text.get(line.clone()).unwrap_or("");
            if !rest.trim().is_empty()
                || !(rest.ends_with(['\n', '\r']) || end == span.start() + filled.trim_end().len())
            {
                break;
            }
            end = line.end;
        }
        Span::new(span.start(), end)
    }

    /// Where a value that is left out would begin: behind the colon or dash that asks for it.
    fn place_of_nothing(&self, at: usize) -> usize {
        let Some(Open { content: Content::Entries { key: Some(_), .. }, .. }) = self.open.last() else { return at };
        let mut rest = self.repaired.text.get(self.cursor..).unwrap_or("");
        loop {
            rest = rest.trim_start();
            match rest.strip_prefix('#').and_then(|comment| comment.find(['\n', '\r'])) {
                Some(length) => rest = rest.get(length + 1..).unwrap_or(""),
                None => break,
            }
        }
        match rest.strip_prefix(':') {
            Some(after) => self.repaired.text.len() - after.len(),
            None => self.cursor,
        }
    }

    /// Lines of a template that write something stand where the value would.
    fn output_follows(&self, offset: usize) -> bool {
        let first = self.source.actions.partition_point(|action| action.span.start() < offset);
        let mut at = offset;
        for action in self.source.actions.get(first..).unwrap_or_default() {
            let between = Span::new(at, action.span.start()).of(self.source.original);
            if !between.lines().all(|line| matches!(line.trim().bytes().next(), None | Some(b'#'))) {
                return false;
            }
            if action.output {
                return true;
            }
            at = action.span.end();
        }
        false
    }

    fn begin(&mut self, style: StructureStyle, anchor: usize, token: Token, content: Content) {
        let flow = style == StructureStyle::Flow;
        // Of a list in the column of its key the parser names the first item, not its dash.
        let below_key = matches!(self.open.last(), Some(Open { content: Content::Entries { key: Some(_), .. }, .. }));
        let start = match content {
            Content::Items(_) if below_key && !flow => self.mark(b"-", token.start),
            _ => token.start,
        };
        let mut place = self.span(start, if flow { token.end } else { start });
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

/// The text of a templated scalar as it stands there, without its quotes or its block header.
fn unquoted(text: &str, style: ScalarStyle) -> SmolStr {
    match style {
        ScalarStyle::Plain => text.into(),
        ScalarStyle::SingleQuoted => text.trim_matches('\'').into(),
        ScalarStyle::DoubleQuoted => text.trim_matches('"').into(),
        ScalarStyle::Literal | ScalarStyle::Folded => text.split_once('\n').map_or("", |(_, content)| content).into(),
    }
}
