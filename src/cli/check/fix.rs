//! `check --fix`: applies fixes until nothing more can be repaired.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;

use super::recheck;
use crate::text::{TextEdit, apply_edits};
use crate::workspace::{LocatedFinding, LocatedFix, Snapshot, Workspace};

/// A round repairs at least one finding; more rounds than this mean that two fixes undo each other.
const MAX_ROUNDS: usize = 50;

/// Applies the safe fixes (`with_unsafe`: also the first unsafe one of a finding without a safe one) and writes the files,
/// or with `diff` shows on `out` what would change.
pub(super) fn apply(
    workspace: &mut Workspace,
    with_unsafe: bool,
    diff: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let original = workspace.snapshot();
    let mut repaired: BTreeMap<PathBuf, String> = BTreeMap::new();
    for _ in 0..MAX_ROUNDS {
        let (snapshot, findings) = recheck(workspace);
        let texts = one_round(&snapshot, &findings, with_unsafe);
        if texts.is_empty() {
            break;
        }
        for (path, text) in texts {
            workspace.set_text(&path, &text);
            repaired.insert(path, text);
        }
    }
    workspace.check_all();
    for (path, text) in repaired {
        if diff {
            let before = original.file(&path).map(|file| file.text()).unwrap_or_default();
            write_diff(&path.display().to_string(), &before, &text, out)?;
        } else {
            std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}

/// The texts after as many fixes as do not touch each other.
fn one_round(snapshot: &Snapshot, findings: &[LocatedFinding], with_unsafe: bool) -> BTreeMap<PathBuf, String> {
    let mut edits: BTreeMap<PathBuf, Vec<TextEdit>> = BTreeMap::new();
    for finding in findings {
        let safe = finding.fixes.iter().find(|fix| fix.safe);
        let chosen = safe.or_else(|| finding.fixes.first().filter(|_| with_unsafe));
        if let Some(fix) = chosen {
            add(fix, &mut edits);
        }
    }
    let text = |(path, edits): (PathBuf, Vec<TextEdit>)| {
        let text = apply_edits(&snapshot.file(&path)?.text(), &edits)?;
        Some((path, text))
    };
    edits.into_iter().filter_map(text).collect()
}

/// Adds the edits of `fix` unless one of them meets an edit that is already there.
fn add(fix: &LocatedFix, edits: &mut BTreeMap<PathBuf, Vec<TextEdit>>) {
    let meets = |one: &TextEdit, other: &TextEdit| one.span.start <= other.span.end && other.span.start <= one.span.end;
    let new: Vec<(PathBuf, TextEdit)> = fix
        .edits
        .iter()
        .map(|edit| (edit.location.path.to_path_buf(), TextEdit::replace(edit.location.span, edit.text.clone())))
        .collect();
    let collides = |(path, edit): &(PathBuf, TextEdit)| {
        edits.get(path).is_some_and(|known| known.iter().any(|other| meets(edit, other)))
    };
    if !new.iter().any(collides) {
        for (path, edit) in new {
            edits.entry(path).or_default().push(edit);
        }
    }
}

fn write_diff(path: &str, before: &str, after: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let diff = similar::TextDiff::from_lines(before, after);
    write!(out, "{}", diff.unified_diff().header(path, path))?;
    Ok(())
}
