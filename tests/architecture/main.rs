//! The layers hold: each module names only modules below it, LSP types and the disk stay at their places, every file
//! says what it is for and stays readable in one sitting.

mod paths;

use paths::{Path, paths};
use std::fs;
use std::path::Path as FilePath;

/// The modules of the crate, lowest first. The two edges stand beside each other on top.
const LAYERS: [&str; 10] =
    ["text", "yaml", "resource", "helm", "kustomize", "index", "tls", "rules", "ide", "workspace"];
const EDGES: [&str; 2] = ["lsp", "cli"];

/// The crate's two roots, which name everything.
const ROOTS: [&str; 2] = ["lib.rs", "main.rs"];

const LONGEST_FILE: usize = 400;

#[test]
fn the_layers_hold() {
    let src = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&src, "");
    assert!(files.iter().any(|(path, _)| path == "text/mod.rs"), "the sources are read");
    let broken: Vec<String> = files.iter().flat_map(|(path, text)| violations(path, text)).collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

/// Every Rust file under `folder`, its path beginning with `prefix`.
fn rust_files(folder: &FilePath, prefix: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources").map(|entry| entry.expect("an entry")) {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files.extend(rust_files(&entry.path(), &format!("{path}/")));
        } else if path.ends_with(".rs") {
            files.push((path, fs::read_to_string(entry.path()).expect("a readable source")));
        }
    }
    files.sort();
    files
}

/// What is wrong with the file `path` (relative to `src`), one line each.
fn violations(path: &str, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    if !text.starts_with("//!") {
        broken.push(format!("src/{path}: begin with `//!` and say what the module owns"));
    }
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        broken.push(format!("src/{path}: {lines} lines, more than {LONGEST_FILE}: split it by purpose"));
    }
    if ROOTS.contains(&path) {
        return broken;
    }
    let module = module_of(path);
    let top = module.first().map_or("", String::as_str);
    if rank(top).is_none() {
        broken.push(format!("src/{path}: module `{top}` is in no layer: place it in tests/architecture/main.rs"));
    }
    for named in paths(text) {
        let written = named.segments.join("::");
        if let Some(other) = crate_module(&module, &named).filter(|other| !may_name(top, other)) {
            broken.push(format!("src/{path}: `{written}`: `{top}` may not name `{other}`, which is not below it"));
        }
        if top != "lsp" && names(&named, &[&["tower_lsp_server"], &["ls_types"]]) {
            broken.push(format!("src/{path}: `{written}`: LSP types belong in src/lsp"));
        }
        let disk: [&[&str]; 4] = [&["std", "fs"], &["tokio", "fs"], &["ignore"], &["notify"]];
        if !["workspace", "cli"].contains(&top) && names(&named, &disk) {
            broken.push(format!("src/{path}: `{written}`: only src/workspace and src/cli touch the disk"));
        }
    }
    broken
}

/// `ide/hover.rs` and `ide/hover/mod.rs` are both `ide::hover`.
fn module_of(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// The top module of this crate that a path in `module` leads to, if it leads there.
fn crate_module(module: &[String], named: &Path) -> Option<String> {
    let mut segments = named.segments.iter().peekable();
    let supers = named.segments.iter().take_while(|segment| *segment == "super").count();
    if supers == 0 {
        return segments.next_if(|first| *first == "crate" || *first == "istio_ls").and(segments.next()).cloned();
    }
    let mut place = [module, &named.inside].concat();
    place.truncate(place.len().saturating_sub(supers));
    place.extend(segments.skip(supers).cloned());
    place.into_iter().next()
}

/// Modules below, and the module itself; what is no module (a macro at the crate's root) has no layer.
fn may_name(top: &str, other: &str) -> bool {
    match (rank(top), rank(other)) {
        (Some(here), Some(there)) => there < here || top == other,
        _ => true,
    }
}

fn rank(module: &str) -> Option<usize> {
    let edge = EDGES.contains(&module).then_some(LAYERS.len());
    LAYERS.iter().position(|layer| *layer == module).or(edge)
}

fn names(named: &Path, forbidden: &[&[&str]]) -> bool {
    forbidden
        .iter()
        .any(|start| start.len() <= named.segments.len() && named.segments.iter().zip(*start).all(|(a, b)| a == b))
}

#[test]
fn naming_a_higher_layer_is_seen_however_it_is_written() {
    for text in [
        "use crate::rules::Finding;",
        "use crate::{text::Span, rules::Finding};",
        "fn f() -> crate::lsp::Server { todo!() }",
        "use istio_ls::cli;",
        "use super::super::ide::hover;",
        "mod tests { use super::super::super::ide::hover; }",
    ] {
        let broken = violations("yaml/tree.rs", &format!("//! Doc.\n{text}"));
        assert_eq!(broken.len(), 1, "{text}: {broken:?}");
    }
}

#[test]
fn naming_the_own_or_a_lower_layer_is_right() {
    for text in [
        "use crate::text::Span;",
        "use crate::yaml::Node;",
        "use super::Node;",
        "use super::super::text::Span;",
        "mod tests { use super::*; use super::super::Node; }",
        "crate::some_macro!();",
        "// crate::rules is above us",
    ] {
        assert_eq!(violations("yaml/tree.rs", &format!("//! Doc.\n{text}")), [""; 0], "{text}");
    }
}

#[test]
fn the_edges_do_not_name_each_other() {
    assert_eq!(violations("lsp/mod.rs", "//! Doc.\nuse crate::cli::Format;").len(), 1);
    assert_eq!(violations("cli/check.rs", "//! Doc.\nuse crate::lsp::Server;").len(), 1);
    assert_eq!(violations("cli/check.rs", "//! Doc.\nuse crate::workspace::Workspace;"), [""; 0]);
}

#[test]
fn lsp_types_and_the_disk_stay_at_their_places() {
    for (text, home) in [
        ("use tower_lsp_server::ls_types::Range;", "lsp/convert.rs"),
        ("use ls_types::Range;", "lsp/convert.rs"),
        ("use std::{fmt, fs};", "workspace/load.rs"),
        ("fn f() { tokio::fs::read(\"x\"); }", "cli/mod.rs"),
        ("use ignore::WalkBuilder;", "workspace/load.rs"),
        ("use notify::Watcher;", "workspace/watch.rs"),
    ] {
        let text = format!("//! Doc.\n{text}");
        assert_eq!(violations(home, &text), [""; 0], "{text} in {home}");
        assert_eq!(violations("ide/hover.rs", &text).len(), 1, "{text} in ide");
    }
}

#[test]
fn a_file_says_what_it_is_for_and_is_short() {
    assert_eq!(violations("text/span.rs", "use std::fmt;").len(), 1);
    assert_eq!(violations("main.rs", "fn main() {}").len(), 1);
    assert_eq!(violations("text/span.rs", &format!("//! Doc.{}", "\n//".repeat(LONGEST_FILE))).len(), 1);
    assert_eq!(violations("text/span.rs", &format!("//! Doc.{}", "\n//".repeat(LONGEST_FILE - 1))), [""; 0]);
    assert_eq!(violations("helpers/mod.rs", "//! Doc.").len(), 1);
}
