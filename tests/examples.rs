//! The example meshes: nothing is found in the right one; in the broken one, what its README lists and nothing else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may fail")]

use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

#[test]
fn nothing_is_found_in_the_right_mesh() {
    assert_eq!(found("shop"), Vec::<String>::new());
}

#[test]
fn the_broken_mesh_has_the_mistakes_that_its_readme_lists() {
    let listed = listed("shop-broken");
    assert_eq!(listed.len(), 14, "the README's table is read");
    assert_eq!(found("shop-broken"), listed);
}

fn example(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// The findings of `check` as `file: Kind name: rule`, sorted.
fn found(name: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_istio-ls"))
        .args(["check", "--format", "json", "--fail-on", "never"])
        .arg(example(name))
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report in JSON");
    let word = |finding: &Value, field: &str| finding.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut lines: Vec<String> = report
        .get("diagnostics")
        .and_then(Value::as_array)
        .expect("a list of findings")
        .iter()
        .map(|finding| {
            let resource = word(finding, "resource");
            let (kind, full_name) = resource.split_once(' ').unwrap_or_default();
            let short_name = full_name.rsplit('/').next().unwrap_or_default();
            format!("{}: {kind} {short_name}: {}", word(finding, "file"), word(finding, "rule"))
        })
        .collect();
    lines.sort();
    lines
}

/// The rows of the README's table in the same words.
fn listed(name: &str) -> Vec<String> {
    let readme = fs::read_to_string(example(name).join("README.md")).expect("a README");
    let mut lines: Vec<String> = readme
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<String> = line.split('|').map(|cell| cell.trim().replace('`', "")).collect();
            let cell = |at: usize| cells.get(at).map_or("", String::as_str);
            format!("{}: {}: {}", cell(1), cell(2), cell(3))
        })
        .collect();
    lines.sort();
    lines
}
