//! The lines of a text that does not parse, looked at one by one: indentation, dashes, key, value.

use std::collections::HashMap;
use std::ops::Range;

use super::split::lines;

/// All lines of a text.
pub(super) struct Rows<'a> {
    text: &'a str,
    written: &'a str,
    rows: Vec<Row>,
    /// How many lines have each indentation.
    indents: HashMap<usize, usize>,
}

/// One line. All offsets are those of the whole text.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Where the line begins.
    pub(super) start: usize,
    /// The first byte that is no blank.
    pub(super) content: usize,
    /// The first byte behind the dashes of list items.
    pub(super) body: usize,
    /// Behind the last byte that is no blank.
    pub(super) end: usize,
}

impl Row {
    /// Columns before the content.
    pub(super) fn indent(&self) -> usize {
        self.content - self.start
    }

    pub(super) fn is_item(&self) -> bool {
        self.body > self.content
    }
}

/// The value on a line, as far as one line tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// Behind the colon of the key; `None` where the line has no key.
    pub(super) colon: Option<usize>,
    /// The value without blanks and comment; of a line without key all of it.
    pub(super) span: Range<usize>,
    /// The quote that nothing closes.
    pub(super) quote: Option<char>,
    /// What would close the open brackets, innermost first.
    pub(super) closers: String,
    /// Where text begins behind the end of a quoted or bracketed value.
    pub(super) rest: Option<usize>,
}

impl<'a> Rows<'a> {
    /// The lines of `text`, in which template actions are filled in; `written` is the same as the author wrote it.
    pub(super) fn new(text: &'a str, written: &'a str) -> Self {
        let rows: Vec<Row> = lines(text, 0).map(|line| row(text, line)).collect();
        let mut indents = HashMap::new();
        for row in rows.iter().filter(|row| row.content < row.end) {
            *indents.entry(row.indent()).or_default() += 1;
        }
        Self { text, written, rows, indents }
    }

    /// More lines than this one and a neighbour begin in its column.
    pub(super) fn share_indent(&self, row: &Row) -> bool {
        self.indents.get(&row.indent()).is_some_and(|count| *count > 2)
    }

    pub(super) fn text(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or("")
    }

    /// As the author wrote it, for a message.
    pub(super) fn written(&self, range: Range<usize>) -> &'a str {
        self.written.get(range).unwrap_or("")
    }

    /// Number of the line that holds `offset`.
    pub(super) fn at(&self, offset: usize) -> usize {
        self.rows.partition_point(|row| row.start <= offset).saturating_sub(1)
    }

    /// The line, if it holds more than a comment.
    pub(super) fn row(&self, number: usize) -> Option<&Row> {
        self.rows.get(number).filter(|row| row.content < row.end && !self.text(row.content..row.end).starts_with('#'))
    }

    /// The lines before `number` that hold something, nearest first.
    pub(super) fn before(&self, number: usize) -> impl Iterator<Item = (usize, &Row)> {
        (0..number.min(self.rows.len())).rev().filter_map(|number| Some((number, self.row(number)?)))
    }

    /// The lines behind `number` that hold something.
    pub(super) fn after(&self, number: usize) -> impl Iterator<Item = (usize, &Row)> {
        (number + 1..self.rows.len()).filter_map(|number| Some((number, self.row(number)?)))
    }

    pub(super) fn value(&self, row: &Row) -> Value {
        let body = self.text(row.body..row.end);
        let colon = colon(body).map(|at| row.body + at);
        let from = colon.unwrap_or(row.body);
        let from = from + self.text(from..row.end).len() - self.text(from..row.end).trim_start().len();
        let text = self.text(from..row.end);
        let mut value = Value { colon, span: from..row.end, quote: None, closers: String::new(), rest: None };
        match text.chars().next() {
            Some('[' | '{' | '"' | '\'') => lex(text, from, &mut value),
            Some('#') if colon.is_some() => value.span.end = from,
            _ => {
                value.span.end = from + text.find(" #").map_or(text, |at| text.get(..at).unwrap_or("")).trim_end().len()
            }
        }
        value
    }
}

fn row(text: &str, line: Range<usize>) -> Row {
    let words = text.get(line.clone()).unwrap_or("");
    let trimmed = words.trim_start_matches([' ', '\t', '\u{FEFF}']);
    let content = line.end - trimmed.len();
    let end = content + trimmed.trim_end().len();
    let mut body = trimmed.trim_end();
    while let Some(rest) = body.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])) {
        body = rest.trim_start();
    }
    Row { start: line.start, content, body: end - body.len(), end }
}

/// Behind the colon of the key that `body` begins with.
fn colon(body: &str) -> Option<usize> {
    let from = match body.chars().next()? {
        '[' | '{' | '#' => return None,
        quote @ ('"' | '\'') => 2 + body.get(1..)?.find(quote)?,
        _ => 0,
    };
    let comment = body.find(" #").unwrap_or(body.len());
    let rest = body.get(from..comment)?;
    let ends = |(at, _): &(usize, &str)| {
        rest.get(at + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    };
    let (at, _) = rest.match_indices(':').find(ends)?;
    (from == 0 || at == 0).then_some(from + at + 1)
}

/// Follows quotes and brackets through the value `text`, which begins with one.
fn lex(text: &str, from: usize, value: &mut Value) {
    let mut closers = Vec::new();
    let mut characters = text.char_indices().peekable();
    let mut fresh = true;
    let mut end = 0;
    while let Some((at, character)) = characters.next() {
        if closers.is_empty() && at > 0 {
            let rest = text.get(at..).unwrap_or("").trim_start();
            if !rest.is_empty() && !rest.starts_with('#') {
                value.rest = Some(from + text.len() - rest.len());
                end = text.find(" #").unwrap_or(text.len()).max(end);
            }
            break;
        }
        match character {
            '"' | '\'' if fresh => {
                let closed = loop {
                    match characters.next() {
                        Some((_, '\\')) if character == '"' => _ = characters.next(),
                        Some((_, next)) if next == character => {
                            if character == '\'' && characters.next_if(|(_, next)| *next == '\'').is_some() {
                                continue;
                            }
                            break true;
                        }
                        Some(_) => {}
                        None => break false,
                    }
                };
                if !closed {
                    value.quote = Some(character);
                    end = text.len();
                    break;
                }
            }
            '[' => closers.push(']'),
            '{' => closers.push('}'),
            ']' | '}' => _ = closers.pop(),
            '#' if text.get(..at).is_some_and(|before| before.ends_with(' ')) => break,
            _ => {}
        }
        if !character.is_whitespace() {
            fresh = matches!(character, '[' | '{' | ',' | ':');
            end = characters.peek().map_or(text.len(), |(next, _)| *next);
        }
    }
    value.closers = closers.into_iter().rev().collect();
    value.span = from..from + text.get(..end).unwrap_or(text).trim_end().len();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(line: &str) -> (Option<usize>, &str, Option<char>, String, Option<&str>) {
        let rows = Rows::new(line, line);
        let value = rows.value(&rows.rows[0]);
        let rest = value.rest.map(|rest| rows.text(rest..line.len()));
        (value.colon, rows.text(value.span), value.quote, value.closers, rest)
    }

    #[test]
    fn a_line_tells_its_key_and_value() {
        assert_eq!(value("  - host: a b # c"), (Some(9), "a b", None, String::new(), None));
        assert_eq!(value("\"a:b\": 'it''s'"), (Some(6), "'it''s'", None, String::new(), None));
        assert_eq!(value("http://x"), (None, "http://x", None, String::new(), None));
        assert_eq!(value("host: # later"), (Some(5), "", None, String::new(), None));
    }

    #[test]
    fn what_is_not_closed_is_found() {
        assert_eq!(value("a: \"b # c"), (Some(2), "\"b # c", Some('"'), String::new(), None));
        assert_eq!(value("a: [b, {c: 'd' # e"), (Some(2), "[b, {c: 'd'", None, "}]".to_owned(), None));
        assert_eq!(value("a: [\"b, c"), (Some(2), "[\"b, c", Some('"'), "]".to_owned(), None));
    }

    #[test]
    fn what_stands_behind_the_end_is_found() {
        assert_eq!(value("a: [b] ]"), (Some(2), "[b] ]", None, String::new(), Some("]")));
        assert_eq!(value("a: \"b\" c"), (Some(2), "\"b\" c", None, String::new(), Some("c")));
        assert_eq!(value("a: \"b\" # c"), (Some(2), "\"b\"", None, String::new(), None));
    }
}
