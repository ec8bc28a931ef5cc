//! What could mend a line that does not parse: small edits, the cheapest loss first.

use super::keys::shortened;
use super::rows::{Row, Rows};
use crate::text::{Span, TextEdit};

/// One way to mend the text.
pub(super) struct Candidate {
    pub(super) edits: Vec<TextEdit>,
    /// What is lost by it: the smaller the likelier it is what the author meant.
    pub(super) cost: usize,
    /// The place that is wrong.
    pub(super) span: Span,
    /// What is wrong, where this candidate knows it better than the parser.
    pub(super) message: Option<String>,
}

/// Indentations that are tried for one line.
const LEVELS: usize = 6;

/// Every way to mend the text at line `number`.
pub(super) fn candidates(rows: &Rows<'_>, number: usize) -> Vec<Candidate> {
    let Some(row) = rows.row(number) else { return Vec::new() };
    let mut found = Found { rows, row, number, candidates: Vec::new() };
    found.tabs();
    found.missing_colon();
    found.unclosed();
    found.unquoted();
    found.behind_the_end();
    found.wrong_indentation();
    found.losses();
    found.candidates
}

struct Found<'a> {
    rows: &'a Rows<'a>,
    row: &'a Row,
    number: usize,
    candidates: Vec<Candidate>,
}

impl Found<'_> {
    fn add(&mut self, cost: usize, edits: Vec<TextEdit>, span: Span, message: impl Into<Option<String>>) {
        self.candidates.push(Candidate { edits, cost, span, message: message.into() });
    }

    /// Tabs in the indentation: of this line, or of all lines when the whole text is indented so.
    fn tabs(&mut self) {
        let rows = self.rows;
        let tabbed = |row: &Row| {
            let indent = row.start..row.content;
            rows.text(indent.clone()).contains('\t').then(|| Span::new(indent.start, indent.end))
        };
        let blanks = |span: Span, width: usize| {
            TextEdit::replace(span, rows.text(span.range()).replace('\t', &" ".repeat(width)))
        };
        let Some(span) = tabbed(self.row) else { return };
        let message = "tabs cannot indent YAML; use blanks".to_owned();
        let one = vec![blanks(span, 1)];
        let all = rows.row(0).into_iter().chain(rows.after(0).map(|(_, row)| row));
        let all = all.filter_map(tabbed).map(|span| blanks(span, 2)).collect();
        self.add(1, one, span, message.clone());
        self.add(3, all, span, message);
    }

    /// A lone word, or a key without the blank behind its colon.
    fn missing_colon(&mut self) {
        let value = self.rows.value(self.row);
        let text = self.rows.text(value.span.clone());
        if value.colon.is_some()
            || text.is_empty()
            || value.quote.is_some()
            || text.starts_with(['[', '{', '&', '*', '!', '|', '>', '%', '@', '`'])
        {
            return;
        }
        let span = Span::new(value.span.start, value.span.end);
        match text.split_once([' ', '\t']) {
            None => {
                let word = shortened(self.rows.written(value.span.clone()));
                let message = format!("expected `{word}: value` here; the `:` is missing");
                // Amid a list, or behind a key without value, the lines below belong to those, not to the word.
                let (colon, nothing) = match self.next() {
                    Some(_) if self.interrupts() => (45, 3),
                    Some(next) if self.row.is_item() && next.indent() > self.key_column() => (9, 40),
                    _ => (2, 40),
                };
                let unlike_a_key = usize::from(!text.starts_with(char::is_alphabetic)) * 8;
                self.add(colon + unlike_a_key, vec![TextEdit::insert(value.span.end, ":")], span, message.clone());
                self.add(nothing, vec![TextEdit::delete(span)], span, message);
            }
            Some((key, _)) if !key.ends_with(':') => {
                let word = shortened(self.rows.written(value.span.start..value.span.start + key.len()));
                let message = format!("expected `key: value` here; is the `:` behind `{word}` missing?");
                self.add(6, vec![TextEdit::insert(value.span.start + key.len(), ":")], span, message);
            }
            Some(_) => {}
        }
        if let Some((key, rest)) = text.split_once(':').filter(|(key, rest)| !key.is_empty() && !rest.starts_with("//"))
        {
            let after = value.span.start + key.len() + 1;
            let word = shortened(self.rows.written(value.span.start..after));
            let message = format!("a blank is missing behind `{word}`");
            if !rest.is_empty() {
                self.add(2, vec![TextEdit::insert(after, " ")], Span::new(value.span.start, after), message);
            }
        }
    }

    fn next(&self) -> Option<&Row> {
        self.rows.after(self.number).next().map(|(_, next)| next)
    }

    /// Column of the key or value on the line.
    fn key_column(&self) -> usize {
        self.row.body - self.row.start
    }

    /// The line stands between a key and its value, or between two items of one list.
    fn interrupts(&self) -> bool {
        let Some(next) = self.next() else { return false };
        let mut above = self.rows.before(self.number).map(|(_, above)| above);
        let Some(first) = above.next() else { return false };
        let column = first.body - first.start;
        if column <= self.key_column() && self.rows.value(first).colon == Some(first.end) {
            let words_own = next.is_item() && next.indent() == self.key_column() && column < self.key_column();
            return !words_own && (next.indent() > column || (next.is_item() && next.indent() == column));
        }
        let level = std::iter::once(first).chain(above).find(|above| above.indent() <= self.row.indent());
        let entry = |row: &Row| row.is_item() && self.rows.value(row).colon.is_some();
        level.is_some_and(|level| entry(level) && entry(next) && level.indent() == next.indent())
    }

    /// Lines below that can be the value of a key on this line: how likely, the smaller the likelier.
    fn cost_for_children(&self) -> usize {
        let key = self.key_column();
        let mut below = self.rows.after(self.number).map(|(_, below)| below);
        match (below.next(), below.next()) {
            (Some(first), _) if first.is_item() && first.indent() >= key => 3,
            (Some(first), Some(second)) if first.indent() > key && first.indent() == second.indent() => 7,
            (Some(first), _) if first.indent() > key => 12,
            _ => 20,
        }
    }

    /// A quote or bracket that nothing closes.
    fn unclosed(&mut self) {
        let value = self.rows.value(self.row);
        let end = value.span.end;
        let span = Span::new(value.span.start, end);
        if let Some(quote) = value.quote {
            let message = format!("the quote is not closed; add {quote}");
            self.add(3, vec![TextEdit::insert(end, format!("{quote}{}", value.closers))], span, message);
        } else if self.rows.text(value.span.clone()).starts_with("{{") && !value.closers.is_empty() {
            let message = "the template action is not closed; add `}}`".to_owned();
            self.add(3, vec![TextEdit::insert(span.start(), "'"), TextEdit::insert(end, "'")], span, message);
        } else if let Some(closer) = value.closers.chars().next() {
            let message = format!("a bracket is not closed; add `{closer}`");
            self.add(4, vec![TextEdit::insert(end, value.closers)], span, message);
        } else if self.rows.text(value.span.clone()).ends_with(['"', '\'', ']', '}']) {
            let message = "a comma is missing between two entries".to_owned();
            self.add(9, vec![TextEdit::insert(end, ",")], Span::at(end), message);
        }
    }

    /// A plain value that cannot be plain.
    fn unquoted(&mut self) {
        let value = self.rows.value(self.row);
        let text = self.rows.text(value.span.clone());
        let span = Span::new(value.span.start, value.span.end);
        let Some(first) = text.chars().next().filter(|first| !matches!(first, '"' | '\'')) else { return };
        let odd = !first.is_alphanumeric() && !matches!(first, '/' | '.' | '_' | '~' | '$' | '(' | '<' | '+');
        let message = if odd {
            format!("a value cannot begin with `{first}`; put it in quotes")
        } else if value.colon.is_some() && (text.contains(": ") || text.ends_with(':')) {
            "a value that holds `: ` must stand in quotes".to_owned()
        } else {
            return;
        };
        let quote = if text.contains('\'') { "\"" } else { "'" };
        self.add(5, vec![TextEdit::insert(span.start(), quote), TextEdit::insert(span.end(), quote)], span, message);
    }

    /// Text behind a closing quote or bracket.
    fn behind_the_end(&mut self) {
        let value = self.rows.value(self.row);
        let Some(rest) = value.rest else { return };
        let span = Span::new(rest, self.row.end);
        let message = match self.rows.text(span.range()).chars().next() {
            Some(bracket @ (']' | '}')) => format!("`{bracket}` closes nothing; remove it"),
            _ => "text stands behind the end of the value; put all of it in quotes".to_owned(),
        };
        self.add(6, vec![TextEdit::delete(span)], span, message);
    }

    /// The line moved to an indentation that the lines around it know.
    fn wrong_indentation(&mut self) {
        let row = self.row;
        let next = self.rows.after(self.number).next().map(|(_, next)| next);
        let mut levels: Vec<usize> = Vec::new();
        let mut lowest = usize::MAX;
        for (_, above) in self.rows.before(self.number) {
            if above.indent() < lowest {
                lowest = above.indent();
                // Whatever was found deeper is the text of this block scalar.
                if self.rows.text(self.rows.value(above).span).starts_with(['|', '>']) {
                    levels.clear();
                }
                if above.is_item() {
                    levels.push(above.body - above.start);
                }
                levels.push(lowest);
            }
            if lowest == 0 || levels.len() >= LEVELS {
                break;
            }
        }
        lowest = usize::MAX;
        for (_, below) in self.rows.after(self.number).take(10 * LEVELS) {
            if below.indent() < lowest {
                lowest = below.indent();
                levels.push(lowest);
            }
            if lowest == 0 || levels.len() >= 2 * LEVELS {
                break;
            }
        }
        let opens = self.rows.value(row).colon == Some(row.end);
        let own = if self.rows.share_indent(row) { 8 } else { 4 };
        for (index, level) in levels.iter().enumerate() {
            if *level == row.indent() || levels.get(..index).is_some_and(|seen| seen.contains(level)) {
                continue;
            }
            // A key without value is taken for the parent of the lines below it.
            let parent =
                next.is_none_or(|next| !opens || *level < next.indent() || (next.is_item() && *level == next.indent()));
            let cost = own + 2 * level.abs_diff(row.indent()).min(10) + if parent { 0 } else { 6 };
            let span = Span::new(row.start, row.content);
            let message = format!("the indentation fits no line above; {level} blanks would");
            let place = if span.is_empty() { Span::new(row.content, row.end) } else { span };
            self.add(cost, vec![TextEdit::replace(span, " ".repeat(*level))], place, message);
        }
    }

    /// The value, the line, or more left out.
    fn losses(&mut self) {
        let row = self.row;
        let value = self.rows.value(row);
        let line = Span::new(row.content, row.end);
        if value.colon.is_some() && !value.span.is_empty() {
            let span = Span::new(value.span.start, value.span.end);
            let cost = self.cost_for_children();
            self.add(cost, vec![TextEdit::delete(span)], span, None);
        }
        if row.is_item() && row.body < row.end {
            let span = Span::new(row.body, row.end);
            self.add(25, vec![TextEdit::delete(span)], span, None);
        }
        self.add(40, vec![TextEdit::delete(line)], line, None);

        // What stands under the line: each place at which the indentation falls back ends a candidate.
        let (mut last, mut deepest, mut count) = (None, 0, 0);
        let mut ends: Vec<(usize, usize)> = Vec::new();
        for (_, below) in self.rows.after(self.number) {
            let indent = below.indent();
            if let Some(end) = last.filter(|_| indent <= deepest && ends.len() < LEVELS) {
                ends.push((end, count));
            }
            if indent <= row.indent() {
                last = None;
                break;
            }
            deepest = if indent < deepest || deepest == 0 { indent } else { deepest };
            last = Some(below.end);
            count += 1;
        }
        ends.extend(last.map(|end| (end, count)));
        for (end, count) in ends {
            if let Some((_, first)) = self.rows.after(self.number).next() {
                self.add(50 + count, vec![TextEdit::delete(Span::new(first.start, end))], line, None);
            }
            self.add(60 + count, vec![TextEdit::delete(Span::new(row.content, end))], line, None);
        }
    }
}
