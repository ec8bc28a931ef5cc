//! Edits one by one lead to the findings that a fresh start gives.

use std::path::PathBuf;

use istio_ls::rules::registry;
use istio_ls::workspace::{Settings, Workspace};
use proptest::prelude::*;

use super::examples::example;
use super::fixture::{Fixture, all_findings};

/// The documents of all examples, each a file of its own.
fn documents() -> Vec<String> {
    let sections = registry::all().flat_map(|rule| ["Example", "Instead"].map(|section| example(rule, section)));
    let files = sections.flatten().flat_map(|text| Fixture::parse(&text).files);
    let mut documents: Vec<String> =
        files.flat_map(|(_, text)| text.split("---\n").map(str::to_owned).collect::<Vec<_>>()).collect();
    documents.sort();
    documents.dedup();
    documents
}

/// What a reader of the findings sees, without an order that only the history explains.
fn seen(workspace: &Workspace) -> Vec<String> {
    let mut seen: Vec<String> = all_findings(&workspace.snapshot())
        .into_iter()
        .map(|finding| {
            let mut related: Vec<_> = finding.related.iter().map(|related| format!("{related:?}")).collect();
            related.sort();
            let mut fixes: Vec<_> = finding.fixes.iter().map(|fix| format!("{fix:?}")).collect();
            fixes.sort();
            format!("{} {:?} {} {related:?} {fixes:?}", finding.rule, finding.location, finding.message)
        })
        .collect();
    seen.sort();
    seen
}

#[derive(Debug, Clone)]
enum Step {
    Write { file: usize, documents: Vec<usize> },
    Remove { file: usize },
}

fn step(documents: usize) -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6usize, prop::collection::vec(0..documents, 1..8))
            .prop_map(|(file, documents)| Step::Write { file, documents }),
        1 => (0..6usize).prop_map(|file| Step::Remove { file }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn edits_lead_where_a_fresh_start_leads(steps in prop::collection::vec(step(documents().len()), 1..12)) {
        let documents = documents();
        let path = |file: usize| PathBuf::from(format!("{file}.yaml"));
        let mut edited = Workspace::new(Settings::default());
        let mut texts = std::collections::BTreeMap::new();
        for step in steps {
            match step {
                Step::Write { file, documents: chosen } => {
                    let chosen: Vec<&str> = chosen.iter().map(|at| documents[*at].as_str()).collect();
                    let text = chosen.join("---\n");
                    edited.set_text(&path(file), &text);
                    texts.insert(path(file), text);
                }
                Step::Remove { file } => {
                    edited.remove(&path(file));
                    texts.remove(&path(file));
                }
            }
            edited.check_all();
        }
        let mut fresh = Workspace::new(Settings::default());
        fresh.set_texts(texts.into_iter().collect());
        fresh.check_all();
        prop_assert_eq!(seen(&edited), seen(&fresh));
    }
}
