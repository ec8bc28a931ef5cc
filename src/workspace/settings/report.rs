//! The defects of `istio-ls.yaml` as findings of its file.

use std::ffi::OsStr;

use super::unmatched::unmatched;
use super::{Defect, FILE, findings};
use crate::rules::registry;
use crate::text::Span;
use crate::workspace::{File, LocatedEdit, LocatedFinding, LocatedFix, Location, Settings, Snapshot};

/// What `file` sets in a wrong way; nothing where it is not `istio-ls.yaml`.
pub(in crate::workspace) fn report(file: &File, snapshot: &Snapshot) -> Vec<LocatedFinding> {
    // The first document is the one that is read.
    let document = file.documents.first().filter(|_| file.path.file_name() == Some(OsStr::new(FILE)));
    let (Some(document), Some(root)) = (document, file.path.parent()) else { return Vec::new() };
    let (yaml, settings) = (&document.content.yaml, snapshot.settings());
    let defects = findings(yaml).into_iter().chain(unmatched(yaml, root, snapshot));
    defects.filter_map(|defect| locate(defect, file, settings)).collect()
}

fn locate(defect: Defect, file: &File, settings: &Settings) -> Option<LocatedFinding> {
    let rule = registry::find(defect.rule).filter(|rule| settings.runs(rule))?;
    let at = |span: Span| Location { path: file.path.clone(), span };
    let fixes = defect.repairs.into_iter().map(|repair| LocatedFix {
        title: repair.title,
        safe: repair.safe,
        edits: vec![LocatedEdit { location: at(repair.edit.span), text: repair.edit.text }],
    });
    let severity = settings.severity(rule).unwrap_or(rule.severity);
    let finding = LocatedFinding::of_text(rule.id, severity, at(defect.span), defect.message);
    Some(LocatedFinding { fixes: fixes.collect(), ..finding })
}
