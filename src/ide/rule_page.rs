//! Names of rules in comments and in `istio-ls.yaml`: what they mean.

use std::ops::Range;
use std::path::Path;

use super::{DocumentAt, Files};
use crate::rules::suppression::comments;
use crate::rules::{page, registry};
use crate::yaml::{Part, Step};

/// The page of the rule whose name stands at byte `offset` of `file`, and the bytes of the name.
pub(super) fn rule_page(files: &dyn Files, file: &Path, offset: usize) -> Option<(String, Range<usize>)> {
    let found = files.document_at(file, offset)?;
    let within = offset.checked_sub(found.start)?;
    let is_settings = file.file_name().is_some_and(|name| name == "istio-ls.yaml");
    let name = in_comment(&found, within).or_else(|| in_settings(&found, within).filter(|_| is_settings));
    let (name, range) = name?;
    let rule = registry::find(&name)?;
    Some((page::page(rule), range.start + found.start..range.end + found.start))
}

fn in_comment(found: &DocumentAt, offset: usize) -> Option<(String, Range<usize>)> {
    let names = comments(&found.document).into_iter().flat_map(|comment| comment.names);
    let name = names.into_iter().find(|name| name.span.touches(offset))?;
    Some((name.text.to_string(), name.span.range()))
}

/// A key under `rules`.
fn in_settings(found: &DocumentAt, offset: usize) -> Option<(String, Range<usize>)> {
    let path = found.document.path_at(offset);
    let is_key = path.part == Part::Key && path.keys().next() == Some("rules");
    match path.steps.last()? {
        Step::Entry(entry) if is_key && path.steps.len() == 2 => Some((entry.key.to_string(), entry.key_span.range())),
        _ => None,
    }
}
