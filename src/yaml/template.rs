//! Actions of Go templates (`{{ ... }}`), as Helm uses them, put out of the parser's way without moving a byte.
//!
//! A line that holds nothing but actions becomes empty lines; an action beside other text becomes a word, so that what
//! stands around it keeps its place in the tree. `{{a: b}: c}` and the like are YAML, not actions.

use std::ops::Range;

use super::split::lines;
use crate::text::Span;

/// Longest action that is looked for, so that hostile text costs little.
const LONGEST: usize = 4096;

/// A text with its template actions filled in.
pub(super) struct Filled {
    /// As long as the text it comes from.
    pub(super) text: String,
    /// Every action outside comment lines, in order.
    pub(super) actions: Vec<Action>,
}

/// One `{{ ... }}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action {
    /// Braces included.
    pub span: Span,
    /// What it does.
    pub verb: Verb,
}

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `if`
    If,
    /// `with`
    With,
    /// `range`
    Range,
    /// `else`, with a condition of its own or without
    Else,
    /// `end`
    End,
    /// `define` or `block`: what stands in it is written elsewhere.
    Define,
    /// It stands for text of its own.
    Write,
    /// A comment.
    Comment,
    /// It sets a variable.
    Assign,
}

impl Action {
    /// What stands between the braces.
    #[must_use]
    pub fn words(self, text: &str) -> &str {
        self.span.of(text).trim_matches(['{', '}']).trim_matches('-').trim()
    }
}

/// Fills the actions of `text`; `None` when it has none.
pub(super) fn fill(text: &str) -> Option<Filled> {
    text.find("{{")?;
    let actions = actions(text);
    if actions.is_empty() {
        return None;
    }
    let mut out = text.as_bytes().to_vec();
    let mut rest = actions.as_slice();
    while let [first, ..] = rest {
        let start = text.get(..first.span.start()).and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |at| at + 1);
        // The actions of one line; one that spans several lines pulls them together.
        let (mut count, mut end) = (0, line_end(text, start));
        while let Some(next) = rest.get(count).filter(|next| next.span.start() < end) {
            if next.span.end() > end {
                end = line_end(text, next.span.end());
            }
            count += 1;
        }
        let (here, after) = rest.split_at(count.max(1));
        fill_line(text, start..end, here, &mut out);
        rest = after;
    }
    Some(Filled { text: String::from_utf8(out).unwrap_or_else(|_| text.to_owned()), actions })
}

/// End of a template comment that begins on `line` of `text` and goes on beyond it; else 0.
pub(super) fn comment_end(text: &str, line: Range<usize>) -> usize {
    let opens = text.get(line.clone()).and_then(|words| words.find("{{"));
    let end = opens.and_then(|at| comment(text, line.start + at)).unwrap_or(0);
    if end > line.end { end } else { 0 }
}

/// `words` is made of actions.
pub(super) fn is_action(words: &str) -> bool {
    words.starts_with("{{") && words.ends_with("}}")
}

fn fill_line(text: &str, line: Range<usize>, actions: &[Action], out: &mut [u8]) {
    let mut put = |range: Range<usize>, byte: u8| {
        if let Some(bytes) = out.get_mut(range) {
            bytes.fill(byte);
        }
    };
    let words = text.get(line.clone()).unwrap_or("");
    let indent = words.len() - words.trim_start_matches([' ', '\t']).len();
    // Actions that lead the line and are followed by nothing, or that only frame what follows, leave no trace.
    let mut lead = line.start + indent;
    let mut leading = 0;
    for action in actions {
        if text.get(lead..action.span.start()).is_none_or(|gap| !gap.trim().is_empty()) {
            break;
        }
        lead = action.span.end();
        leading += 1;
    }
    let rest = text.get(lead..line.end).unwrap_or("").trim_start();
    if rest.is_empty() || rest.starts_with('#') {
        put(line.start..line.end - rest.len(), b'\n');
        return;
    }
    // `{{- if .none }} []{{ end }}` goes on with the line above it.
    let closes = |action: &Action| matches!(action.verb, Verb::End | Verb::Comment);
    let closed =
        actions.last().is_some_and(|last| closes(last) && last.span.end() == line.start + words.trim_end().len());
    if closed && words.trim_start().starts_with("{{-") && !rest.contains(':') && !rest.starts_with('-') {
        put(line, b'\n');
        return;
    }
    let framed = actions.iter().take(leading).take_while(|action| action.verb != Verb::Write).last();
    let mut done = line.start;
    if let Some(last) = framed {
        put(line.start..last.span.end(), b'\n');
        put(last.span.end() - indent..last.span.end(), b' ');
        done = last.span.end();
    }
    for action in actions.iter().filter(|action| action.span.start() >= done) {
        put(action.span.range(), if closes(action) { b' ' } else { b'x' });
    }
}

/// Every action of `text` outside comment lines, in order.
#[must_use]
pub fn actions(text: &str) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut at = 0;
    // Looking for the end of what is no action must not cost the square of a hostile text.
    let mut work = 8 * text.len() + LONGEST;
    let mut rows = lines(text, 0);
    let mut row = 0..0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("{{")).map(|found| at + found) {
        at = start + 2;
        while row.end <= start {
            row = rows.next().unwrap_or(start..text.len());
        }
        if text.get(row.clone()).is_some_and(|words| words.trim_start().starts_with('#')) {
            at = row.end;
            continue;
        }
        let end = comment(text, start).or_else(|| action(text, start));
        let cost = end.map_or(LONGEST.min(text.len() - start), |end| end - start);
        let Some(left) = work.checked_sub(cost) else { break };
        work = left;
        if let Some(end) = end {
            let span = Span::new(start, end);
            actions.push(Action { span, verb: verb(span.of(text)) });
            at = end;
        }
    }
    actions
}

fn verb(action: &str) -> Verb {
    let words = action.trim_start_matches('{').trim_start_matches('-').trim_start();
    if words.starts_with("/*") {
        return Verb::Comment;
    }
    let names = words.split_once('=').map_or("", |(names, _)| names);
    let is_name =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '$' | '_' | ',' | ':') || letter.is_whitespace();
    if names.starts_with('$') && names.chars().all(is_name) {
        return Verb::Assign;
    }
    match words.split(|character: char| !character.is_alphanumeric()).next().unwrap_or("") {
        "if" => Verb::If,
        "with" => Verb::With,
        "range" => Verb::Range,
        "else" => Verb::Else,
        "end" => Verb::End,
        "define" | "block" => Verb::Define,
        _ => Verb::Write,
    }
}

/// End of the comment action (`{{/* ... */}}`) at `start`.
fn comment(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let longest = (0..=LONGEST.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end))?;
    let words = rest.get(..longest)?.strip_prefix("{{")?;
    let body = words.strip_prefix('-').unwrap_or(words).trim_start().strip_prefix("/*")?;
    let after = body.get(body.find("*/")? + 2..)?.trim_start();
    let rest = after.strip_prefix('-').unwrap_or(after).strip_prefix("}}")?;
    Some(start + longest - rest.len())
}

/// End of the action at `start`: the first `}}` outside Go's strings, else the first on the line. What holds another
/// `{{` or YAML's colon is none.
fn action(text: &str, start: usize) -> Option<usize> {
    let body = text.as_bytes().get(start + 2..)?;
    let body = body.get(..LONGEST.min(body.len()))?;
    let length = closing(body, true).or_else(|| {
        let line = body.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
        closing(line, false)
    })?;
    Some(start + 2 + length)
}

fn closing(body: &[u8], strings: bool) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = body.get(at..)?;
        match rest {
            [b'}', b'}', ..] => return Some(at + 2),
            [] | [b'{', b'{', ..] | [b':', b' ' | b'\n' | b'\r', ..] => return None,
            [b'"', after @ ..] if strings => {
                let mut escaped = false;
                let length = after.iter().position(|byte| {
                    let closes = *byte == b'"' && !escaped;
                    escaped = *byte == b'\\' && !escaped;
                    closes || *byte == b'\n'
                })?;
                if after.get(length) != Some(&b'"') {
                    return None;
                }
                at += length + 2;
            }
            [b'`', after @ ..] if strings => at += after.iter().position(|byte| *byte == b'`')? + 2,
            _ => at += 1,
        }
    }
}

/// End of the line that holds `at`, its line end included.
fn line_end(text: &str, at: usize) -> usize {
    lines(text, at).next().map_or(at, |line| line.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The filled text with each word that stands for an action as one `x`.
    fn filled(text: &str) -> String {
        let filled = fill(text).expect("an action");
        assert_eq!(filled.text.len(), text.len());
        let mut previous = ' ';
        let mut again = |character: char| std::mem::replace(&mut previous, character) == 'x' && character == 'x';
        filled.text.chars().filter(|character| !again(*character)).collect()
    }

    #[test]
    fn a_line_of_actions_vanishes() {
        assert_eq!(filled("a: 1\n  {{- if .Values.x }}\nb: 2\n").replace("\n\n", ""), "a: 1\nb: 2\n");
        assert_eq!(filled("{{ if x }} {{ y }} # why\n").trim_start(), "# why\n");
    }

    #[test]
    fn an_action_beside_text_becomes_a_word() {
        assert_eq!(filled("image: \"{{ .repo }}:{{ .tag | default \"x\" }}\"\n"), "image: \"x:x\"\n");
        assert_eq!(filled("{{ $key }}: {{ $value | quote }}\n"), "x: x\n");
        assert_eq!(filled("a: b {{- end }}\n").trim_end(), "a: b");
    }

    #[test]
    fn what_frames_the_rest_of_its_line_leaves_the_indentation() {
        assert_eq!(filled("  {{ if .x }}- a{{ end }}\n").trim_matches('\n').trim_end(), "  - a");
    }

    #[test]
    fn actions_may_span_lines() {
        assert_eq!(
            filled("a: 1\n{{- /*\n  b: {{ 2 }}\n*/ -}}\nc: 3\n").lines().filter(|line| !line.is_empty()).count(),
            2
        );
        assert_eq!(filled("a: {{ include \"x\"\n  (dict) }}\n"), "a: x\n");
    }

    #[test]
    fn yaml_with_two_braces_is_no_template() {
        for text in ["a: {b: c}", "{{a: b}: c}", "a: {{b: c}}", "# {{ x }}\n", "a: {{ .Values.x\nb: {c: {d: e}}\n"] {
            assert!(fill(text).is_none(), "{text}");
        }
    }
}
