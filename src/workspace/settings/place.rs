//! Hover and completion in `istio-ls.yaml`: plain data for a place of its text.

use super::describe::{Word, describe};
use crate::text::Span;
use crate::yaml::{Document, Node, Part, Path, Step};

/// The explanation of what stands at `offset`, in Markdown, and where that is.
#[must_use]
pub fn hover(document: &Document, offset: usize) -> Option<(Span, String)> {
    let path = document.path_at(offset);
    let setting = describe(&path.keys().collect::<Vec<_>>())?;
    match (path.part, path.steps.last()?) {
        (Part::Key, Step::Entry(entry)) => Some((entry.key_span, setting.doc)),
        (Part::Value, step) => {
            let scalar = step.node().as_scalar()?;
            let word = setting.values.into_iter().find(|word| word.text == scalar.text)?;
            Some((step.node().span, word.doc)).filter(|(_, doc)| !doc.is_empty())
        }
        _ => None,
    }
}

/// What can be written at `offset`: keys that are not there yet, or words.
#[must_use]
pub fn completions(document: &Document, offset: usize) -> Vec<Word> {
    let path = document.path_at(offset);
    let mut keys: Vec<&str> = path.keys().collect();
    let mut holder = path.steps.last().map_or(document.root.as_ref(), |step| Some(step.node()));
    if path.part == Part::Key {
        keys.pop();
        let outer = path.steps.len().checked_sub(2);
        holder = outer.map_or(document.root.as_ref(), |outer| path.steps.get(outer).map(|step| step.node()));
    }
    let Some(setting) = describe(&keys) else { return Vec::new() };
    if path.part == Part::Value && is_beside_key(document, &path, offset) {
        return setting.values;
    }
    let is_there = |word: &Word| holder.and_then(|holder: &Node| holder.entry(word.text)).is_some();
    // What is being written is offered again.
    let is_written = |word: &Word| match path.steps.last() {
        Some(Step::Entry(entry)) => path.part == Part::Key && entry.key == word.text,
        _ => false,
    };
    setting.keys.into_iter().filter(|word| is_written(word) || !is_there(word)).collect()
}

/// The place is on the line of the key, where a single value goes.
fn is_beside_key(document: &Document, path: &Path<'_>, offset: usize) -> bool {
    let line = |offset| document.lines.line_of(offset);
    match path.steps.last() {
        Some(Step::Entry(entry)) => line(entry.key_span.start()) == line(offset),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{completions, hover};
    use crate::yaml;

    /// The document of `text` and the place of `|` in it.
    fn place(text: &str) -> (yaml::Document, usize) {
        let offset = text.find('|').unwrap();
        (yaml::parse(text.replace('|', "").into()), offset)
    }

    fn offered(text: &str) -> Vec<&'static str> {
        let (document, offset) = place(text);
        completions(&document, offset).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn keys_are_offered_where_one_can_begin() {
        let known = ["hosts", "namespaces", "gateways", "secrets"];
        assert_eq!(offered("known:\n  |\n"), known);
        assert_eq!(offered("known:\n  ho|\n"), known);
        assert_eq!(offered("known:\n  hosts: [a]\n  |\n"), known[1..]);
        assert_eq!(offered("known:\n  ho|sts: [a]\n"), known, "the key itself is there again");
        assert!(offered("|").contains(&"rules"));
        assert!(offered("ru|").contains(&"rules"));
        assert!(!offered("rules: {}\n|").contains(&"rules"), "it is there");
        assert_eq!(offered("scopes:\n- |\n"), ["name", "paths", "namespace", "meshConfig"]);
        assert_eq!(offered("scopes:\n- name: a\n  |\n"), ["paths", "namespace", "meshConfig"]);
    }

    #[test]
    fn words_are_offered_behind_a_key() {
        assert_eq!(offered("schema: |\n"), ["auto", "on", "off"]);
        assert_eq!(offered("rules:\n  IST0101: w|\n"), ["off", "hint", "info", "warning", "error"]);
        assert_eq!(offered("known: |\n"), [""; 0]);
        assert_eq!(offered("istioVersion: |\n"), [""; 0]);
    }

    #[test]
    fn rules_are_offered_by_their_ids() {
        assert!(offered("rules:\n  unknown-g|\n").contains(&"unknown-gateway"));
        assert!(!offered("rules:\n  unknown-gateway: off\n  |\n").contains(&"unknown-gateway"), "it is there");
    }

    #[test]
    fn a_key_and_a_word_are_explained() {
        let explained = |text: &str| {
            let (document, offset) = place(text);
            hover(&document, offset).map(|(span, doc)| (span.of(&document.text).to_owned(), doc))
        };
        let (covered, doc) = explained("known:\n  host|s: [a]\n").unwrap();
        assert!(covered == "hosts" && doc.starts_with("Hosts"), "{covered}: {doc}");
        assert_eq!(
            explained("rules: {unknown-host: o|ff}"),
            Some(("off".to_owned(), "The rule does not run.".to_owned()))
        );
        assert_eq!(explained("exclude: [a|]"), None);
        assert_eq!(explained("foo|: 1"), None);
    }
}
