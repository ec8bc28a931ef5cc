//! Mends a text that does not parse, so that one broken line does not hide the others.
//!
//! The parser stops at the first error. Each round tries the [`candidates`] of the lines around it, keeps the cheapest
//! that mends all, else the one whose parse gets furthest with the least left out, and goes on from there. Of a text
//! with many errors whole entries are left out in the end, and the bytes that are parsed have a bound.

use super::candidates::{Candidate, candidates};
use super::events::{Failure, probe};
use super::rows::Rows;
use super::source::Source;
use super::tree::SyntaxError;
use crate::text::{Span, TextEdit};

/// Errors of one document that are mended with care.
const ROUNDS: usize = 12;

/// Bytes that are parsed to find the repairs of one document.
const WORK: usize = 4 << 20;

/// A cost from which on a candidate leaves out more than a line.
const DEAR: usize = 50;

/// How far above the error lines are looked at.
const ABOVE: usize = 4;

/// Finds the edits that make `source` parse, or parse further than `failure`, and what was wrong first.
pub(super) fn repair(source: &Source<'_>, failure: Failure) -> (Vec<TextEdit>, SyntaxError) {
    let rows = Rows::new(&source.filled, source.original);
    let mut work = WORK;
    let mut edits = Vec::new();
    let mut error = None;
    let mut failure = Some(failure);
    for round in 0.. {
        let Some(stop) = &failure else { break };
        // Of a text with many errors only entries are left out.
        let candidates = match round {
            _ if stop.limit => Vec::new(),
            0..ROUNDS => suspects(&rows, stop),
            _ => enclosing(&rows, rows.at(stop.reach)),
        };
        let next = mend(source, candidates, &edits, stop, &mut work);
        let Some((candidate, mended, further)) = next else {
            error = error.or_else(|| Some(SyntaxError { span: Span::at(stop.at), message: stop.message.clone() }));
            break;
        };
        let message = candidate.message.unwrap_or_else(|| stop.message.clone());
        error = error.or(Some(SyntaxError { span: candidate.span, message }));
        (edits, failure) = (mended, further);
    }
    (edits, error.unwrap_or_else(|| SyntaxError { span: Span::at(0), message: "this is not valid YAML".to_owned() }))
}

/// The best candidate, all edits with it, and where the parser stops then.
type Mended = (Candidate, Vec<TextEdit>, Option<Failure>);

fn mend(
    source: &Source<'_>,
    candidates: Vec<Candidate>,
    edits: &[TextEdit],
    stop: &Failure,
    work: &mut usize,
) -> Option<Mended> {
    let mut best: Option<(usize, Mended)> = None;
    for candidate in candidates {
        let mended = together(edits, &candidate.edits);
        let Some(repaired) = source.repaired(&mended) else { continue };
        let Some(left) = work.checked_sub(repaired.text.len()) else { break };
        *work = left;
        let further = probe(&repaired.text).map(|failure| Failure {
            at: repaired.start(failure.at),
            reach: repaired.end(failure.reach),
            ..failure
        });
        if further.is_none() && candidate.cost < DEAR {
            return Some((candidate, mended, None));
        }
        let reach = further.as_ref().map_or(source.original.len(), |further| further.reach);
        // What is left out to get there counts against it.
        let lost: usize = candidate.edits.iter().filter(|edit| edit.text.is_empty()).map(|edit| edit.span.len()).sum();
        let score = reach.saturating_sub(2 * lost);
        if reach > stop.reach && best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, (candidate, mended, further)));
        }
    }
    best.map(|(_, mended)| mended)
}

/// The candidates of all lines that may be to blame, cheapest first. The parser mostly notices an error one line late.
fn suspects(rows: &Rows<'_>, stop: &Failure) -> Vec<Candidate> {
    let here = rows.at(stop.at);
    let mut numbers = vec![here];
    numbers.extend(rows.before(here).take(ABOVE).map(|(number, _)| number));
    if numbers.len() > 1 {
        numbers.swap(0, 1);
    }
    numbers.extend(rows.after(here).next().map(|(number, _)| number));
    let reached = rows.at(stop.reach);
    let open = rows.before(here).filter(|(_, row)| {
        let value = rows.value(row);
        value.quote.is_some() || !value.closers.is_empty()
    });
    let mut lowest = usize::MAX;
    let ancestors = rows.before(here).filter(|(_, row)| {
        let outer = row.indent() < lowest;
        lowest = lowest.min(row.indent());
        outer
    });
    let more = ancestors.take(2 * ABOVE).chain(open.take(2)).map(|(number, _)| number);
    for number in std::iter::once(reached).chain(more) {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let mut found = Vec::new();
    for (distance, number) in numbers.into_iter().enumerate() {
        found.extend(
            candidates(rows, number)
                .into_iter()
                .map(|candidate| Candidate { cost: candidate.cost + distance, ..candidate }),
        );
    }
    found.extend(enclosing(rows, here));
    found.extend(enclosing(rows, reached));
    found.sort_by_key(|candidate| candidate.cost);
    found
}

/// The entries around line `number`, each left out with all it holds: the last resort, which always gets further.
fn enclosing(rows: &Rows<'_>, number: usize) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut lowest = rows.row(number).map_or(usize::MAX, |row| row.indent() + 1);
    for (above, row) in rows.row(number).map(|row| (number, row)).into_iter().chain(rows.before(number)) {
        if row.indent() >= lowest {
            continue;
        }
        lowest = row.indent();
        let inside = rows.after(above.max(number)).take_while(|(_, below)| below.indent() > lowest).last();
        let end = inside.or(rows.row(number).map(|row| (number, row))).map_or(row.end, |(_, last)| last.end);
        let span = Span::new(row.content, end.max(row.end));
        found.push(Candidate {
            edits: vec![TextEdit::delete(span)],
            cost: 100 + 10 * found.len(),
            span,
            message: None,
        });
    }
    found
}

/// `edits` and `more`; where they meet, `more` takes the place of what was there.
fn together(edits: &[TextEdit], more: &[TextEdit]) -> Vec<TextEdit> {
    let kept = edits.iter().filter(|edit| !more.iter().any(|new| new.span.contains(edit.span)));
    kept.chain(more).cloned().collect()
}
