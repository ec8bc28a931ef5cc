//! What the cursor is in, found by reading the document once more with a mark in place of the typed word.

use std::ops::Range;

use crate::resource::Kind;
use crate::resource::schema::{self, Type};
use crate::yaml::{CollectionStyle, Document, Node, Step, parse};

/// Stands for the typed word; nobody writes it.
const MARK: &str = "istioLsCursor";

/// The cursor as completion needs it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) kind: Option<Kind>,
    pub(super) version: String,
    /// Keys from the object to the place, items left out; those of the holder where a key is typed.
    pub(super) keys: Vec<String>,
    /// The object and every node under it that holds the place, outermost first.
    pub(super) nodes: Vec<Node>,
    pub(super) what: What,
    /// The place is an item of a list, behind its dash or between brackets.
    pub(super) is_item: bool,
    /// The typed word up to the cursor.
    pub(super) typed: String,
    /// The whole word, in bytes of the document.
    pub(super) span: Range<usize>,
    /// Column of the first letter of the line.
    pub(super) indentation: usize,
    /// Column of the word.
    pub(super) column: usize,
    pub(super) in_flow: bool,
    pub(super) quoted: bool,
    /// Nothing but dashes stands before the word on its line.
    pub(super) own_line: bool,
    /// A colon follows the word.
    pub(super) has_colon: bool,
}

/// What is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Key,
    Value,
}

impl Place {
    /// What byte `offset` of `document` is in; none in comments, in blocks of text and in actions of a template.
    pub(super) fn find(document: &Document, offset: usize) -> Option<Self> {
        let text = &*document.text;
        let head = text.get(..offset)?;
        let opened = head.rfind("{{");
        if opened.is_some() && opened > head.rfind("}}") {
            return None;
        }
        let line = head.rfind('\n').map_or(0, |at| at + 1);
        let start = head.get(line..)?.rfind(ends_word).map_or(line, |at| {
            let end = head.get(line + at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            line + at + end
        });
        let (typed, before) = (head.get(start..)?, head.get(line..start)?);
        if typed.ends_with(':') || typed == "-" || typed.starts_with("---") {
            return None;
        }
        let rest = text.get(offset..)?;
        let length = rest.char_indices().find(|(at, letter)| {
            let next = rest.get(at + 1..).and_then(|rest| rest.chars().next());
            ends_word(*letter) || *letter == ':' && next.is_none_or(ends_word)
        });
        let end = offset + length.map_or(rest.len(), |(at, _)| at);
        let after = text.get(end..)?.lines().next().unwrap_or("");
        let quoted = before.ends_with(['"', '\'']);
        let has_colon = after.trim_start_matches(['"', '\'', ' ']).starts_with(':');
        let mut bare = before.trim_start();
        while let Some(rest) = bare.strip_prefix("- ") {
            bare = rest.trim_start();
        }
        let held = document.path_at(offset);
        let roots = document.root.iter().chain(held.steps.iter().map(|step| step.node()));
        let in_flow = roots.into_iter().any(|node| {
            node.style() == Some(CollectionStyle::Flow) && node.span.start() < offset && offset < node.span.end()
        }) || is_open(bare);
        let colon = if bare.is_empty() && !in_flow && !has_colon { ":" } else { "" };
        let marked = parse(format!("{}{MARK}{colon}{}", head.get(..start)?, text.get(end..)?).into());
        let place = Self {
            kind: None,
            version: String::new(),
            keys: Vec::new(),
            nodes: Vec::new(),
            what: What::Key,
            is_item: false,
            typed: typed.to_owned(),
            span: start..end,
            indentation: before.len() - before.trim_start().len(),
            column: before.len(),
            in_flow,
            quoted,
            has_colon,
            own_line: bare.is_empty(),
        };
        place.filled(&marked)
    }

    fn filled(mut self, marked: &Document) -> Option<Self> {
        let path = marked.path_at(self.span.start + 1);
        let root = marked.root.as_ref()?;
        let (last, above) = path.steps.split_last()?;
        self.what = match last {
            Step::Entry(entry) if entry.key == MARK => What::Key,
            step if step.node().as_scalar().is_some_and(|scalar| scalar.text == MARK) => What::Value,
            _ => return None,
        };
        let is_object = |node: &Node| node.get("kind").is_some() && node.get("apiVersion").is_some();
        let object = above.iter().rposition(|step| is_object(step.node()));
        let (top, below) = match object {
            Some(at) => (above.get(at)?.node(), above.get(at + 1..)?),
            None => (root, above),
        };
        self.nodes = std::iter::once(top).chain(below.iter().map(|step| step.node())).cloned().collect();
        self.keys = below.iter().filter_map(key_of).collect();
        self.is_item = matches!(below.last(), Some(Step::Item { .. }));
        if self.what == What::Value {
            self.is_item = matches!(last, Step::Item { .. });
            self.keys.extend(key_of(last));
        }
        let written = |key: &str| Some(top.get(key)?.as_scalar()?.text.to_string());
        let api_version = written("apiVersion").unwrap_or_default();
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", &api_version));
        self.kind = written("kind").and_then(|kind| Kind::find(group, &kind));
        let served = self.kind.and_then(schema::of).is_some_and(|table| table.root(version).is_some());
        let newest = || self.kind.map_or("", |kind| kind.versions().first().copied().unwrap_or(""));
        self.version = if served { version.to_owned() } else { newest().to_owned() };
        // `- word` may become a key or be the item itself; only the type tells.
        if self.what == What::Key
            && !self.has_colon
            && matches!(self.schema(), Some(Type::List(items, _)) if items.object().is_none())
        {
            self.what = What::Value;
            self.nodes.pop();
        }
        Some(self)
    }

    /// The type of what `keys` lead to.
    pub(super) fn schema(&self) -> Option<&'static Type> {
        schema::type_at(self.kind?, &self.version, self.keys.iter().map(String::as_str))
    }

    /// A list stands here whose next item has no dash yet.
    pub(super) fn wants_dash(&self) -> bool {
        !self.is_item && matches!(self.schema(), Some(Type::List(..)))
    }

    /// The keys as one word.
    pub(super) fn path(&self) -> String {
        self.keys.join(".")
    }

    /// The last key.
    pub(super) fn last(&self) -> &str {
        self.keys.last().map_or("", String::as_str)
    }

    /// A key on the way.
    pub(super) fn within(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known == key)
    }

    /// The text of the field `key` of the object.
    pub(super) fn top(&self, keys: &[&str]) -> Option<String> {
        let found = keys.iter().try_fold(self.nodes.first()?, |node, key| node.get(key))?;
        Some(found.as_scalar()?.text.to_string())
    }

    /// The text of `key` in the nearest node above that has it.
    pub(super) fn nearest(&self, key: &str) -> Option<String> {
        let value = self.nodes.iter().rev().find_map(|node| node.get(key))?;
        Some(value.as_scalar()?.text.to_string())
    }

    /// What is written in the object or list that holds the place, the word itself left out.
    pub(super) fn siblings(&self) -> Vec<String> {
        let Some(holder) = self.nodes.last() else { return Vec::new() };
        let keys = holder.as_mapping().into_iter().flat_map(|mapping| &mapping.entries).map(|entry| entry.key.as_str());
        let items = holder.as_sequence().into_iter().flat_map(|list| &list.items);
        let texts = items.filter_map(|item| Some(item.as_scalar()?.text.as_str()));
        keys.chain(texts).filter(|text| *text != MARK).map(str::to_owned).collect()
    }
}

fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || "{}[],\"'".contains(letter)
}

fn key_of(step: &Step<'_>) -> Option<String> {
    match step {
        Step::Entry(entry) => Some(entry.key.to_string()),
        Step::Item { .. } => None,
    }
}

/// A bracket of the line is still open.
fn is_open(line: &str) -> bool {
    let count = |letters: [char; 2]| line.matches(letters).count();
    count(['{', '[']) > count(['}', ']'])
}
