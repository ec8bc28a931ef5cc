//! Takes out the findings that comments and annotations silence, and says which comments silence nothing.

use std::path::Path;
use std::sync::Arc;

use super::snapshot::{LocatedEdit, LocatedFix};
use super::{File, LocatedFinding, Location, PlacedDocument, Settings};
use crate::rules::suppression::{Comment, Name, Reach, comments, is_suppressed_by_annotation, names};
use crate::rules::{Severity, registry};
use crate::text::{Span, only_near};

const UNUSED: &str = "unused-suppression";

/// A comment in its file.
struct Placed {
    comment: Comment,
    document: usize,
    start: usize,
    used: Vec<bool>,
}

/// What is left of `findings`, all findings about `file`.
pub(super) fn apply(file: &File, settings: &Settings, mut findings: Vec<LocatedFinding>) -> Vec<LocatedFinding> {
    let mut placed: Vec<Placed> = file.documents.iter().enumerate().flat_map(of_document).collect();
    findings.retain(|finding| {
        let Some((number, document)) = file.document_at(finding.location.span.start()) else { return true };
        let offset = finding.location.span.start() - document.start;
        let mut silenced = annotated(document, offset, finding);
        for one in &mut placed {
            if reaches(one, number, offset) {
                for (name, used) in one.comment.names.iter().zip(&mut one.used) {
                    if names(&name.text, finding.rule, &finding.aliases) {
                        *used = true;
                        silenced = true;
                    }
                }
            }
        }
        !silenced
    });
    if let Some(severity) = severity(settings) {
        findings.extend(placed.iter().flat_map(|one| unused(one, &file.path, settings, severity)));
    }
    findings
}

fn of_document((number, document): (usize, &PlacedDocument)) -> Vec<Placed> {
    let placed = |comment: Comment| {
        let used = vec![false; comment.names.len()];
        Placed { comment, document: number, start: document.start, used }
    };
    comments(&document.content.yaml).into_iter().map(placed).collect()
}

fn annotated(document: &PlacedDocument, offset: usize, finding: &LocatedFinding) -> bool {
    let resources = document.content.resources.iter().filter(|resource| resource.span.touches(offset));
    resources.into_iter().any(|resource| is_suppressed_by_annotation(resource, finding.rule, &finding.aliases))
}

fn reaches(placed: &Placed, document: usize, offset: usize) -> bool {
    match placed.comment.reach {
        Reach::Line(line) => placed.document == document && line.range().contains(&offset),
        Reach::Document => placed.document == 0 || placed.document == document,
    }
}

fn severity(settings: &Settings) -> Option<Severity> {
    let rule = registry::find(UNUSED).filter(|rule| settings.runs(rule))?;
    Some(settings.severity(rule).unwrap_or(rule.severity))
}

fn unused(placed: &Placed, path: &Arc<Path>, settings: &Settings, severity: Severity) -> Vec<LocatedFinding> {
    let names = placed.comment.names.iter().zip(&placed.used).filter(|(_, used)| !**used);
    let at = |span: Span| Location { path: path.clone(), span: span.shifted(placed.start) };
    let finding = |(name, _): (&Name, &bool)| {
        let rule = registry::find(&name.text);
        // A rule that is off might find something, and so might another tool.
        if rule.is_some_and(|rule| !settings.runs(rule)) {
            return None;
        }
        let near = only_near(&name.text, registry::all().map(|rule| rule.id));
        let (message, fix) = match (rule, near) {
            (Some(_), _) => {
                (format!("nothing to ignore: {} finds nothing here", name.text), (removal(placed, name), String::new()))
            }
            (None, Some(near)) => (format!("there is no rule {}", name.text), (name.span, near.to_owned())),
            (None, None) => (format!("there is no rule {}", name.text), (removal(placed, name), String::new())),
        };
        let (span, text) = fix;
        let title = if text.is_empty() { format!("remove {}", name.text) } else { format!("write {text}") };
        // What a part of the workspace does not show may be there in the whole: a comment is not deleted unasked.
        let safe = !text.is_empty();
        let edits = vec![LocatedEdit { location: at(span), text }];
        let finding = LocatedFinding::of_text(UNUSED, severity, at(name.span), message);
        Some(LocatedFinding { fixes: vec![LocatedFix { title, safe, edits }], ..finding })
    };
    names.filter_map(finding).collect()
}

/// The comment where the name is its only one, else the name with a comma.
fn removal(placed: &Placed, name: &Name) -> Span {
    let names = &placed.comment.names;
    let Some(at) = names.iter().position(|other| other == name).filter(|_| names.len() > 1) else {
        return placed.comment.span;
    };
    match names.get(at + 1) {
        Some(next) => Span::new(name.span.start(), next.span.start()),
        None => {
            let before = at.checked_sub(1).and_then(|at| names.get(at));
            Span::new(before.map_or(name.span.start(), |before| before.span.end()), name.span.end())
        }
    }
}
