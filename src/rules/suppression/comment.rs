//! Comments that silence rules: `# istio-ls: ignore unknown-gateway, IST0174 -- why`.

use smol_str::SmolStr;

use crate::text::{Span, TextEdit, apply_edits};
use crate::yaml::{self, Document};

const WORDS: &str = "istio-ls: ignore";

/// A comment that silences rules. Spans are relative to the document's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The rules, by id or by a code of another tool.
    pub names: Vec<Name>,
    /// The whole comment, with the blanks before it, or with its line where it has one of its own.
    pub span: Span,
    /// What it silences.
    pub reach: Reach,
}

/// A name in a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// As written.
    pub text: SmolStr,
    /// Where.
    pub span: Span,
}

/// What a comment silences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Findings that start here: behind something, its own line; on a line of its own, the next one.
    Line(Span),
    /// It stands above everything else of its document: the document, and, in the first document, the file.
    Document,
}

/// The comments of `document` that silence rules.
#[must_use]
pub fn comments(document: &Document) -> Vec<Comment> {
    let head = document.root.as_ref().map_or(usize::MAX, |root| root.span.start());
    let read = document.comments.iter().filter_map(|comment| {
        let text = document.text.get(comment.span.range())?;
        let at = text.find(WORDS)? + WORDS.len();
        let names = names(text.get(at..)?, comment.span.start() + at);
        let is_head = comment.own_line && comment.span.start() < head;
        let reach = if is_head { Reach::Document } else { Reach::Line(line(document, comment)?) };
        let span =
            if comment.own_line { whole_line(document, comment.span) } else { with_blanks(document, comment.span) };
        (!names.is_empty()).then_some(Comment { names, span, reach })
    });
    read.collect()
}

/// The names up to `--`, with their places.
fn names(list: &str, start: usize) -> Vec<Name> {
    let list = list.split(" --").next().unwrap_or("");
    let mut names = Vec::new();
    let mut at = start;
    for part in list.split_inclusive([',', ' ', '\t']) {
        let name = part.trim_end_matches([',', ' ', '\t']);
        if !name.is_empty() {
            names.push(Name { text: name.into(), span: Span::new(at, at + name.len()) });
        }
        at += part.len();
    }
    names
}

/// The line that a comment is for.
fn line(document: &Document, comment: &yaml::Comment) -> Option<Span> {
    let mut line = document.lines.line_of(comment.span.start());
    if comment.own_line {
        line += 1;
        let is_empty = |line: usize| {
            let text = document.lines.start_of(line).and_then(|start| document.text.get(start..));
            text.and_then(|text| text.lines().next()).is_some_and(|text| {
                let text = text.trim_start();
                text.is_empty() || text.starts_with('#')
            })
        };
        while line < document.lines.lines() && is_empty(line) {
            line += 1;
        }
    }
    let start = document.lines.start_of(line)?;
    let end = document.lines.start_of(line + 1).unwrap_or(document.text.len() + 1);
    Some(Span::new(start, end))
}

fn whole_line(document: &Document, span: Span) -> Span {
    let line = document.lines.line_of(span.start());
    let start = document.lines.start_of(line).unwrap_or(span.start());
    Span::new(start, document.lines.start_of(line + 1).unwrap_or(document.text.len()))
}

fn with_blanks(document: &Document, span: Span) -> Span {
    let before = document.text.get(..span.start()).unwrap_or("");
    Span::new(before.trim_end_matches([' ', '\t']).len(), span.end())
}

/// The edit that silences `rule` for findings that start at `offset`: behind the line, or, where no comment can stand
/// there, on a line above it. None where neither is possible, as in JSON.
#[must_use]
pub fn ignore(document: &Document, offset: usize, rule: &str) -> Option<TextEdit> {
    let line = document.lines.line_of(offset);
    let start = document.lines.start_of(line)?;
    let text = document.text.get(start..)?.lines().next()?;
    let existing =
        comments(document).into_iter().find(|comment| comment.span.start() >= start && is_for(comment, offset));
    if let Some(name) = existing.and_then(|comment| comment.names.last().cloned()) {
        return Some(TextEdit::insert(name.span.end(), format!(", {rule}")));
    }
    let behind = TextEdit::insert(start + text.trim_end().len(), format!("  # {WORDS} {rule}"));
    let indent = text.get(..text.len() - text.trim_start().len()).unwrap_or("");
    let above = TextEdit::insert(start, format!("{indent}# {WORDS} {rule}\n"));
    [behind, above].into_iter().find(|edit| silences(document, edit, offset, rule))
}

fn is_for(comment: &Comment, offset: usize) -> bool {
    matches!(comment.reach, Reach::Line(line) if line.range().contains(&offset))
}

/// With `edit` done, a comment silences the rule at the place, and nothing else of the text changed its meaning.
fn silences(document: &Document, edit: &TextEdit, offset: usize, rule: &str) -> bool {
    let Some(text) = apply_edits(&document.text, std::slice::from_ref(edit)) else { return false };
    let offset = if edit.span.start() <= offset { offset + edit.text.len() } else { offset };
    let after = yaml::parse(text.as_str().into());
    let silences = |comment: &Comment| is_for(comment, offset) && comment.names.iter().any(|name| name.text == rule);
    after.errors.len() == document.errors.len() && comments(&after).iter().any(silences)
}
