//! What istiod answers: each case is a workspace (`cases/*.yaml`) with the facts read from the Envoy configuration that
//! istiod generated for it (`cases/*.json`, values that are null, false or empty left out).

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value};

use crate::fixture;

/// Recorded in another form, or said in our own words.
const NOT_COMPARED: [&str; 4] = ["endpoints", "matchHosts", "reason", "assumptions"];

#[test]
fn every_answer_is_istiods() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls/cases");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    assert!(paths.len() > 200, "the cases are there");
    let mut differences = String::new();
    for path in paths {
        let rows = fixture::rows(&fixture::index(&std::fs::read_to_string(&path).unwrap()));
        let recorded: Value = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        for table in ["workloads", "outbound", "inbound", "gateway"] {
            let (ours, theirs) = (lines(&rows[table]), lines(&recorded[table]));
            let name = path.file_stem().unwrap().to_string_lossy();
            for line in ours.iter().filter(|line| !theirs.contains(line)) {
                let _ = writeln!(differences, "{name}: we say {line}");
            }
            for line in theirs.iter().filter(|line| !ours.contains(line)) {
                let _ = writeln!(differences, "{name}: istiod says {line}");
            }
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

fn lines(table: &Value) -> Vec<String> {
    table.as_array().unwrap().iter().map(|row| lean(row).unwrap_or_default().to_string()).collect()
}

/// `value` without what says nothing; lists of routes in a fixed order.
fn lean(value: &Value) -> Option<Value> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().filter_map(lean).collect();
            if items.iter().any(Value::is_object) {
                items.sort_by_key(ToString::to_string);
            }
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(fields) => {
            let told = fields.iter().filter(|(key, _)| !NOT_COMPARED.contains(&key.as_str()));
            Some(Value::Object(
                told.filter_map(|(key, value)| Some((key.clone(), lean(value)?))).collect::<Map<_, _>>(),
            ))
        }
        other => Some(other.clone()),
    }
}
