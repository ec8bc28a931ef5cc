//! Cuts a file into its documents, before anything is parsed, so that an error stays in its document.

use std::ops::Range;

use super::template;

/// The byte ranges of the documents of a file: in order, without gaps, each beginning at a line start.
///
/// A document begins with the comments and directives before its `---` and ends before the next one, or with its `...`.
/// A marker counts wherever it begins a line, as in YAML, except inside a template comment (`{{/* ... */}}`).
#[must_use]
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let (mut begin, mut has_body, mut comment_end) = (0, false, 0);
    for line in lines(text, 0) {
        if line.start < comment_end {
            continue;
        }
        let words = text.get(line.clone()).unwrap_or("");
        comment_end = template::comment_end(text, line.clone());
        if is_marker(words, "---") {
            if has_body {
                pieces.push(begin..line.start);
                begin = line.start;
            }
            has_body = true;
        } else if is_marker(words, "...") {
            pieces.push(begin..line.end);
            (begin, has_body) = (line.end, false);
        } else {
            has_body = has_body || !is_prologue(words);
        }
    }
    if begin < text.len() || pieces.is_empty() {
        pieces.push(begin..text.len());
    }
    pieces
}

/// The lines of `text` from byte `at` on, each with its line end (`\n`, `\r\n` or a lone `\r`).
pub(super) fn lines(text: &str, mut at: usize) -> impl Iterator<Item = Range<usize>> {
    std::iter::from_fn(move || {
        let rest = text.get(at..)?.as_bytes();
        let end = match rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(end) if rest.get(end..end + 2) == Some(b"\r\n") => end + 2,
            Some(end) => end + 1,
            None if rest.is_empty() => return None,
            None => rest.len(),
        };
        let line = at..at + end;
        at = line.end;
        Some(line)
    })
}

/// The line is the document marker: at the line start, alone or before a blank. A byte order mark may stand before it.
pub(super) fn is_marker(line: &str, marker: &str) -> bool {
    let line = line.strip_prefix('\u{FEFF}').unwrap_or(line);
    line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

/// The line may stand before a `---` and belong to its document: a comment, a directive, a template action, nothing.
fn is_prologue(line: &str) -> bool {
    let line = line.trim_start_matches('\u{FEFF}');
    let words = line.trim();
    words.is_empty() || words.starts_with('#') || line.starts_with('%') || template::is_action(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        split(text).into_iter().map(|range| text.get(range).expect("a piece of the text")).collect()
    }

    #[test]
    fn a_document_begins_at_its_marker() {
        assert_eq!(
            pieces("a: 1\n---\nb: 2\n--- # c\nd: |\n  ---\n"),
            ["a: 1\n", "---\nb: 2\n", "--- # c\nd: |\n  ---\n"]
        );
    }

    #[test]
    fn comments_and_directives_before_the_first_marker_belong_to_its_document() {
        assert_eq!(pieces("# top\n%YAML 1.2\n---\na: 1\n"), ["# top\n%YAML 1.2\n---\na: 1\n"]);
        assert_eq!(pieces("\u{FEFF}---\na: 1\n"), ["\u{FEFF}---\na: 1\n"]);
        assert_eq!(pieces("---\n---\na: 1"), ["---\n", "---\na: 1"]);
    }

    #[test]
    fn an_end_marker_belongs_to_the_document_it_ends() {
        assert_eq!(pieces("a: 1\n...\n# next\n---\nb: 2"), ["a: 1\n...\n", "# next\n---\nb: 2"]);
    }

    #[test]
    fn markers_count_after_any_line_end_and_only_alone() {
        assert_eq!(pieces("a\r---\rb\r\n---\r\nc"), ["a\r", "---\rb\r\n", "---\r\nc"]);
        assert_eq!(pieces("a\n---b\n----\n ---\n"), ["a\n---b\n----\n ---\n"]);
        assert_eq!(pieces("a: |\n---\nb"), ["a: |\n", "---\nb"]);
    }

    #[test]
    fn template_guards_do_not_disturb_the_markers() {
        assert_eq!(
            pieces("{{- if .Values.on }}\n---\na: 1\n{{- end }}\n---\nb: 2\n"),
            ["{{- if .Values.on }}\n---\na: 1\n{{- end }}\n", "---\nb: 2\n"]
        );
        assert_eq!(pieces("a: 1\n{{- /*\n---\n*/ -}}\nb: 2\n"), ["a: 1\n{{- /*\n---\n*/ -}}\nb: 2\n"]);
    }

    #[test]
    fn an_empty_file_is_one_empty_piece() {
        assert_eq!(pieces(""), [""]);
    }
}
