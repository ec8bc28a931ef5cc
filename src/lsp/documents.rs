//! Open documents as ropes, edited in the order in which the client sends.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ropey::Rope;
use tower_lsp_server::ls_types::{Position, Range, TextDocumentContentChangeEvent};

use crate::text::Encoding;

/// Changes of documents that are not open yet. Helix tells of the edits that a rename makes in other files before it tells
/// that it opened them, with the text of before.
#[derive(Default)]
pub(super) struct Early(HashMap<PathBuf, Vec<(i32, Vec<TextDocumentContentChangeEvent>)>>);

impl Early {
    /// Keeps the changes that lead to `version`.
    pub(super) fn keep(&mut self, path: PathBuf, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        self.0.entry(path).or_default().push((version, changes));
    }

    /// The changes that follow `version` without a gap, and the version they lead to. Others are of an earlier opening.
    pub(super) fn take(&mut self, path: &Path, version: i32) -> (i32, Vec<TextDocumentContentChangeEvent>) {
        let mut kept = self.0.remove(path).unwrap_or_default();
        kept.sort_by_key(|(version, _)| *version);
        kept.into_iter().fold((version, Vec::new()), |(last, mut all), (version, changes)| {
            if last.checked_add(1) != Some(version) {
                return (last, all);
            }
            all.extend(changes);
            (version, all)
        })
    }
}

/// `rope` after `changes`. A change without a range replaces everything; a range that lies outside the text is cut to
/// it, since a client that is out of step must not end the server.
pub(super) fn apply(rope: &mut Rope, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
    for change in changes {
        match change.range {
            None => *rope = Rope::from_str(&change.text),
            Some(range) => replace(rope, range, &change.text, encoding),
        }
    }
}

fn replace(rope: &mut Rope, range: Range, text: &str, encoding: Encoding) {
    let start = char_at(rope, range.start, encoding);
    let end = char_at(rope, range.end, encoding).max(start);
    rope.remove(start..end);
    rope.insert(start, text);
}

/// The character index of a position; past the end of a line, the line's end before its break.
fn char_at(rope: &Rope, position: Position, encoding: Encoding) -> usize {
    let line = position.line as usize;
    if line >= rope.len_lines() {
        return rope.len_chars();
    }
    let start = rope.line_to_char(line);
    let text = rope.line(line);
    let mut units = 0;
    for (at, character) in text.chars().enumerate() {
        if units >= position.character as usize || matches!(character, '\n' | '\r') {
            return start + at;
        }
        units += match encoding {
            Encoding::Utf8 => character.len_utf8(),
            Encoding::Utf16 => character.len_utf16(),
            Encoding::Utf32 => 1,
        };
    }
    start + text.len_chars()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(start: (u32, u32), end: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
        let range = Range::new(Position::new(start.0, start.1), Position::new(end.0, end.1));
        TextDocumentContentChangeEvent { range: Some(range), range_length: None, text: text.to_owned() }
    }

    #[test]
    fn columns_count_in_the_encoding_of_the_client() {
        for (encoding, column) in [(Encoding::Utf8, 7), (Encoding::Utf16, 4), (Encoding::Utf32, 3)] {
            let mut rope = Rope::from_str("é\u{1F600} x\r\nnext\n");
            apply(&mut rope, vec![change((0, column), (0, column + 1), "mesh")], encoding);
            assert_eq!(rope.to_string(), "é\u{1F600} mesh\r\nnext\n", "{encoding:?}");
        }
    }

    #[test]
    fn a_range_outside_the_text_is_cut_to_it() {
        let mut rope = Rope::from_str("a\nb");
        apply(&mut rope, vec![change((0, 9), (0, 99), "!"), change((7, 0), (9, 0), "?")], Encoding::Utf16);
        assert_eq!(rope.to_string(), "a!\nb?");
    }
}
