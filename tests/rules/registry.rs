//! The registry: every rule file is registered, in order, with the id that its name says.

use std::collections::BTreeSet;
use std::path::Path;

use istio_ls::rules::registry;

fn rule_files(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            rule_files(&entry.path(), found);
        } else if std::fs::read_to_string(entry.path()).unwrap().contains("\nrule! {") {
            let name = entry.file_name().into_string().unwrap();
            found.insert(name.trim_end_matches(".rs").replace('_', "-"));
        }
    }
}

#[test]
fn every_rule_file_is_registered_under_the_id_of_its_name() {
    let mut files = BTreeSet::new();
    rule_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules"), &mut files);
    let registered: BTreeSet<String> = registry::all().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(files, registered);
}

#[test]
fn the_registry_is_in_the_order_of_the_ids() {
    let ids: Vec<_> = registry::all().map(|rule| rule.id).collect();
    assert!(ids.is_sorted(), "{ids:?}");
}

#[test]
fn a_rule_is_found_by_the_codes_of_other_tools() {
    assert_eq!(registry::find("unknown-gateway").map(|rule| rule.id), Some("unknown-gateway"));
    assert_eq!(registry::find("kia1102").map(|rule| rule.id), Some("unknown-gateway"));
}

#[test]
fn the_first_line_of_every_message_is_short_and_in_the_house_style() {
    for rule in registry::all() {
        let text = super::examples::example(rule, "Example").unwrap();
        for finding in super::fixture::all_findings(&super::fixture::Fixture::parse(&text).check_for(rule).snapshot()) {
            let first = finding.message.lines().next().unwrap();
            assert!(first.chars().count() <= 100, "{}: {first}", finding.rule);
            assert!(!first.ends_with('.'), "{}: {first}", finding.rule);
        }
    }
}
