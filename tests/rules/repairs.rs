//! Safe fixes: each removes its finding, adds none, and leaves nothing for a second go.

use std::path::PathBuf;

use istio_ls::rules::registry;
use istio_ls::text::{TextEdit, apply_edits};
use istio_ls::workspace::{LocatedFix, Snapshot, Workspace};

use super::examples::example;
use super::fixture::{Fixture, all_findings};

fn apply(fix: &LocatedFix, snapshot: &Snapshot, workspace: &mut Workspace) {
    let mut paths: Vec<PathBuf> = fix.edits.iter().map(|edit| edit.location.path.to_path_buf()).collect();
    paths.sort();
    paths.dedup();
    for path in paths {
        let edits: Vec<TextEdit> = fix
            .edits
            .iter()
            .filter(|edit| *edit.location.path == *path)
            .map(|edit| TextEdit::replace(edit.location.span, edit.text.clone()))
            .collect();
        let text = apply_edits(&snapshot.file(&path).unwrap().text(), &edits).expect("the edits of a fix fit together");
        workspace.set_text(&path, &text);
    }
    workspace.check_all();
}

#[test]
fn every_safe_fix_removes_its_finding_and_adds_none() {
    let mut failures = Vec::new();
    for rule in registry::all() {
        let fixture = Fixture::parse(&example(rule, "Example").unwrap());
        let before = all_findings(&fixture.check_for(rule).snapshot());
        for (at, finding) in before.iter().enumerate() {
            for fix in finding.fixes.iter().filter(|fix| fix.safe) {
                let mut workspace = fixture.check_for(rule);
                let snapshot = workspace.snapshot();
                apply(fix, &snapshot, &mut workspace);
                let after = all_findings(&workspace.snapshot());
                let same_rule = |findings: &[istio_ls::workspace::LocatedFinding]| {
                    findings.iter().filter(|other| other.rule == finding.rule).count()
                };
                let new: Vec<_> = after
                    .iter()
                    .filter(|left| !before.iter().any(|known| known.rule == left.rule))
                    .map(|left| left.rule)
                    .collect();
                if same_rule(&after) >= same_rule(&before) || !new.is_empty() || after.len() >= before.len() {
                    failures.push(format!("{} #{at} `{}`: left {}, new {new:?}", rule.id, fix.title, after.len()));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
