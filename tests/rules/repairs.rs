//! Safe fixes: each removes its finding, adds none, and leaves nothing for a second go.

use std::path::PathBuf;

use istio_ls::rules::registry;
use istio_ls::text::{TextEdit, apply_edits};
use istio_ls::workspace::{LocatedFinding, LocatedFix, Snapshot, Workspace};

use super::examples::example;
use super::fixture::{Fixture, all_findings};
use super::validation::objects;

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

/// What safe fixes leave undone, or do besides, in a workspace.
fn failures(name: &str, check: &dyn Fn() -> Workspace) -> Vec<String> {
    let mut failures = Vec::new();
    let before = all_findings(&check().snapshot());
    for (at, finding) in before.iter().enumerate() {
        for fix in finding.fixes.iter().filter(|fix| fix.safe) {
            let mut workspace = check();
            let snapshot = workspace.snapshot();
            apply(fix, &snapshot, &mut workspace);
            let after = all_findings(&workspace.snapshot());
            let same_rule =
                |findings: &[LocatedFinding]| findings.iter().filter(|other| other.rule == finding.rule).count();
            let new: Vec<_> = after
                .iter()
                .filter(|left| !before.iter().any(|known| known.rule == left.rule))
                .map(|left| left.rule)
                .collect();
            if same_rule(&after) >= same_rule(&before) || !new.is_empty() || after.len() >= before.len() {
                failures.push(format!("{name} #{at} `{}`: left {}, new {new:?}", fix.title, after.len()));
            }
        }
    }
    failures
}

#[test]
fn every_safe_fix_removes_its_finding_and_adds_none() {
    let examples = registry::all().flat_map(|rule| {
        let fixture = Fixture::parse(&example(rule, "Example").unwrap());
        failures(rule.id, &|| fixture.check_for(rule))
    });
    let objects = objects().flat_map(|object| {
        let fixture = Fixture::parse(object);
        failures(object, &|| fixture.check())
    });
    let failures: Vec<String> = examples.chain(objects).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
