//! `check --fix`: applies fixes until nothing more can be repaired.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::cli::{Loaded, Report};
use crate::text::{TextEdit, apply_edits};
use crate::workspace::LocatedFix;

/// A round repairs at least one finding; more rounds than this mean that two fixes undo each other.
const MAX_ROUNDS: usize = 50;

/// The text of a file before and after.
struct Repaired {
    before: String,
    now: String,
}

/// Applies the safe fixes (`with_unsafe`: also the first unsafe one of a finding without a safe one) and writes the files,
/// or with `diff` shows on `out` what would change.
pub(super) fn apply(loaded: &mut Loaded, with_unsafe: bool, diff: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut repaired: BTreeMap<PathBuf, Repaired> = BTreeMap::new();
    for _ in 0..MAX_ROUNDS {
        let report = loaded.check();
        let texts = one_round(&report, with_unsafe);
        if texts.is_empty() {
            break;
        }
        for (path, now) in &texts {
            let before = || report.file(path).map(|file| file.text()).unwrap_or_default();
            let entry =
                repaired.entry(path.clone()).or_insert_with(|| Repaired { before: before(), now: String::new() });
            entry.now.clone_from(now);
        }
        for (path, text) in texts {
            loaded.set_text(&path, &text);
        }
    }
    let here = std::env::current_dir()?;
    for (path, Repaired { before, now }) in repaired {
        if diff {
            write_diff(&super::shown(&path, &here), &before, &now, out)?;
        } else {
            // What was not UTF-8 was not read as it is, and must not be written so.
            let on_disk = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            anyhow::ensure!(
                on_disk == before.as_bytes(),
                "{} is not repaired: it is not UTF-8, or changed",
                path.display()
            );
            std::fs::write(&path, now).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}

/// The texts after as many fixes as do not touch each other.
fn one_round(report: &Report<'_>, with_unsafe: bool) -> BTreeMap<PathBuf, String> {
    let mut edits: BTreeMap<PathBuf, Vec<TextEdit>> = BTreeMap::new();
    for finding in &report.findings {
        let safe = finding.fixes.iter().find(|fix| fix.safe);
        let chosen = safe.or_else(|| finding.fixes.first().filter(|_| with_unsafe));
        if let Some(fix) = chosen {
            add(fix, &mut edits);
        }
    }
    let text = |(path, edits): (PathBuf, Vec<TextEdit>)| {
        let text = apply_edits(&report.file(&path)?.text(), &edits)?;
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
