//! What templates define for others to include, as all templates of a chart and its subcharts share it.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::changes::Changes;
use crate::text::Span;
use crate::yaml::{self, Node, Value, Verb};

/// What the templates of a chart define.
#[derive(Debug, Default)]
pub struct Defines {
    /// By name; none where two differ, or where one cannot be read.
    bodies: BTreeMap<SmolStr, Option<Arc<Body>>>,
    /// The paths below `.Values` that some template changes while it is filled in.
    changed_values: Vec<SmolStr>,
}

/// A template, or a part of one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) pieces: Vec<Piece>,
    /// The variables that do not keep what they are declared with.
    pub(super) changed: Arc<[SmolStr]>,
}

/// A piece of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// What is written as it stands.
    Text(SmolStr),
    /// An expression whose value is written.
    Write(SmolStr),
    /// A variable that is declared or set.
    Assign(SmolStr),
    /// The branches of an `if`, `with` or `range`, each with the words that open it, the `else` of the later ones left out.
    Block(Vec<(SmolStr, Vec<Self>)>),
    /// Something that is not understood.
    Unreadable,
}

/// A block whose end is still to come.
struct Open {
    branches: Vec<(SmolStr, Vec<Piece>)>,
    is_defined: bool,
}

impl Defines {
    /// What `texts`, whole files, define.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut defines = Self::default();
        for text in texts {
            let changes = Changes::of(text);
            defines.changed_values.extend(changes.values);
            let changed: Arc<[SmolStr]> = changes.variables.into();
            let (_, found) = pieces(text);
            for (name, pieces) in found {
                let body = Some(Arc::new(Body { pieces, changed: Arc::clone(&changed) }));
                let known = defines.bodies.entry(name).or_insert_with(|| body.clone());
                // Which of two Helm takes hangs on the order of the files.
                if *known != body {
                    *known = None;
                }
            }
        }
        defines
    }

    /// `values`, unknown where templates change them.
    #[must_use]
    pub fn unchanged(&self, mut values: Node) -> Node {
        for path in &self.changed_values {
            let path: Vec<&str> = path.split('.').filter(|key| !key.is_empty()).collect();
            forget(&mut values, &path);
        }
        values
    }

    /// What is called `name`.
    pub(super) fn body(&self, name: &str) -> Option<&Arc<Body>> {
        self.bodies.get(name)?.as_ref()
    }
}

/// Takes what stands at `path` for unknown.
fn forget(node: &mut Node, path: &[&str]) {
    let Some((first, rest)) = path.split_first() else {
        node.templated = true;
        return;
    };
    if let Value::Mapping(mapping) = &mut node.value {
        let entries = Arc::make_mut(mapping).entries.iter_mut();
        entries.filter(|entry| entry.key == *first).for_each(|entry| forget(&mut entry.value, rest));
    }
}

/// A file with this text says what others include, or changes what they see.
#[must_use]
pub fn concerns_others(text: &str) -> bool {
    // Few texts have any of these words, and looking for them is cheap.
    let may_do = text.contains("{{") && ["define", "block", "set ", "erge"].iter().any(|word| text.contains(word));
    may_do
        && (yaml::actions(text).iter().any(|action| action.verb == Verb::Define)
            || !Changes::of(text).values.is_empty())
}

/// The pieces of a template, and what it defines.
fn pieces(text: &str) -> (Vec<Piece>, Vec<(SmolStr, Vec<Piece>)>) {
    let mut open = vec![Open { branches: vec![(SmolStr::default(), Vec::new())], is_defined: false }];
    let mut defined = Vec::new();
    let (mut at, mut is_trimmed) = (0, false);
    for action in yaml::actions(text) {
        let written = action.span.of(text);
        let literal = Span::new(at, action.span.start()).of(text);
        push(&mut open, literal_piece(trimmed(literal, is_trimmed, written.starts_with("{{-"))));
        (at, is_trimmed) = (action.span.end(), written.ends_with("-}}"));
        let words = action.words(text);
        match action.verb {
            Verb::Comment => {}
            Verb::Assign => push(&mut open, Some(Piece::Assign(words.into()))),
            Verb::Write => push(&mut open, Some(Piece::Write(words.into()))),
            Verb::If | Verb::With | Verb::Range => {
                open.push(Open { branches: vec![(words.into(), Vec::new())], is_defined: false });
            }
            Verb::Define => {
                let name = words.split('"').nth(1).unwrap_or("");
                open.push(Open { branches: vec![(name.into(), Vec::new())], is_defined: true });
            }
            Verb::Else => {
                let words = words.strip_prefix("else").unwrap_or("").trim();
                open.last_mut().into_iter().for_each(|open| open.branches.push((words.into(), Vec::new())));
            }
            Verb::End => match open.pop() {
                Some(block) if block.is_defined => defined.extend(block.branches),
                Some(block) => push(&mut open, Some(Piece::Block(block.branches))),
                None => {}
            },
        }
    }
    let rest = text.get(at..).unwrap_or("");
    push(&mut open, literal_piece(trimmed(rest, is_trimmed, false)));
    let is_closed = open.len() == 1;
    let top = open.into_iter().next().and_then(|open| open.branches.into_iter().next());
    (top.filter(|_| is_closed).map_or_else(|| vec![Piece::Unreadable], |(_, pieces)| pieces), defined)
}

fn push(open: &mut [Open], piece: Option<Piece>) {
    let branch = open.last_mut().and_then(|open| open.branches.last_mut());
    if let (Some((_, pieces)), Some(piece)) = (branch, piece) {
        pieces.push(piece);
    }
}

fn literal_piece(literal: &str) -> Option<Piece> {
    // An action in a comment of YAML, or one that is none for YAML's sake.
    match literal.contains("{{") {
        true => Some(Piece::Unreadable),
        false => (!literal.is_empty()).then(|| Piece::Text(literal.into())),
    }
}

/// What of a literal the braces around it (`-}}`, `{{-`) leave.
pub(super) fn trimmed(literal: &str, before: bool, after: bool) -> &str {
    let literal = if before { literal.trim_start() } else { literal };
    if after { literal.trim_end() } else { literal }
}
