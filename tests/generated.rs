//! What is generated is what it would be now: the pages of the rules, the page and the schema of the settings, and
//! the settings of the extension for VS Code. `UPDATE_EXPECT=1` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use istio_ls::rules::{page, registry};
use istio_ls::workspace::settings;

#[test]
fn the_pages_of_the_rules_are_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let mut wanted: BTreeMap<String, String> =
        registry::all().map(|rule| (format!("{}.md", rule.id), page::page(rule))).collect();
    wanted.insert("README.md".to_owned(), page::index());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in &wanted {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
    let written: BTreeMap<String, String> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect();
    let stale: Vec<&String> = wanted
        .iter()
        .filter(|(name, text)| written.get(*name) != Some(text))
        .map(|(name, _)| name)
        .chain(written.keys().filter(|name| !wanted.contains_key(*name)))
        .collect();
    assert!(stale.is_empty(), "stale pages, `UPDATE_EXPECT=1 cargo test --test generated` writes them: {stale:?}");
}

#[test]
fn the_page_and_the_schema_of_the_settings_are_fresh() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (name, wanted) in [("settings.md", settings::page()), ("istio-ls.schema.json", settings::json_schema())] {
        let path = docs.join(name);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, &wanted).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(written == wanted, "docs/{name} is stale, `UPDATE_EXPECT=1 cargo test --test generated` writes it");
    }
}

#[test]
fn the_settings_of_the_extension_for_vscode_are_fresh() {
    // JSON has no comments to mark the place: it is the whole of the section with this title, the last one.
    let (begin, end) = ("        \"title\": \"Server\",\n        \"properties\": ", "\n      }\n    ]");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode/package.json");
    let written = fs::read_to_string(&path).unwrap();
    let (before, rest) = written.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let properties = format!("{:#}", settings::contributed()).replace('\n', "\n        ");
    let wanted = format!("{before}{begin}{properties}{end}{after}");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(written == wanted, "{} is stale, `UPDATE_EXPECT=1 cargo test --test generated` writes it", path.display());
}

#[test]
fn every_code_of_istioctl_names_its_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/istioctl.md");
    let table = fs::read_to_string(path).unwrap();
    let row = |code: &str| table.lines().find(|line| line.starts_with(&format!("| {code} "))).unwrap_or("");
    let codes = registry::all().flat_map(|rule| rule.aliases.iter().map(move |code| (rule.id, *code)));
    let missing: Vec<_> = codes
        .filter(|(_, code)| code.starts_with("IST"))
        .filter(|(id, code)| !row(code).contains(&format!("[{id}](rules/{id}.md)")))
        .collect();
    assert!(missing.is_empty(), "docs/istioctl.md lacks {missing:?}");
}
