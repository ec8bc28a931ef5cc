//! What can be said at a place of `istio-ls.yaml`: the explanation, the keys and the words.

use std::fmt::Write as _;

use super::table::{Choice, LEVELS, SETTINGS, Setting, Shape};
use crate::rules::{page, registry};

/// What a place of `istio-ls.yaml` is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// In Markdown; empty on top and at labels.
    pub doc: String,
    /// The keys that can stand in it.
    pub keys: Vec<Word>,
    /// The words that it can be.
    pub values: Vec<Word>,
}

/// A word that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub text: &'static str,
    /// What it means.
    pub doc: String,
}

/// The setting that `keys` lead to, items of lists left out (as [`Path::keys`](crate::yaml::Path::keys) does); none
/// where there is no such setting. No keys: the file as a whole.
#[must_use]
pub fn describe(keys: &[&str]) -> Option<Description> {
    let Some((first, rest)) = keys.split_first() else {
        return Some(Description { doc: String::new(), keys: names(SETTINGS), values: Vec::new() });
    };
    let mut setting = find(SETTINGS, first)?;
    for key in rest {
        match setting.shape {
            Shape::Rules => return rule(key),
            _ => setting = find(setting.shape.fields(), key)?,
        }
    }
    let mut doc = format!("{}\n\nHolds {}.", setting.doc, setting.shape.title());
    if !setting.default.is_empty() {
        let _ = write!(doc, " Default: {}.", setting.default);
    }
    let keys = match setting.shape {
        Shape::Rules => {
            registry::all().map(|rule| Word { text: rule.id, doc: page::summary(rule).to_owned() }).collect()
        }
        _ => names(setting.shape.fields()),
    };
    let values = match setting.shape {
        Shape::Bool => ["true", "false"].map(|text| Word { text, doc: String::new() }).into(),
        _ => words(setting.shape.choices()),
    };
    Some(Description { doc, keys, values })
}

fn rule(id: &str) -> Option<Description> {
    let rule = registry::find(id)?;
    let doc = format!("{}\n\nSeverity: {}.", page::summary(rule), rule.severity.as_str());
    Some(Description { doc, keys: Vec::new(), values: words(LEVELS) })
}

fn find(settings: &'static [Setting], name: &str) -> Option<&'static Setting> {
    settings.iter().find(|setting| setting.name == name)
}

fn names(settings: &[Setting]) -> Vec<Word> {
    let in_file = settings.iter().filter(|setting| !setting.editor_only);
    in_file.map(|setting| Word { text: setting.name, doc: setting.doc.to_owned() }).collect()
}

fn words(choices: &[Choice]) -> Vec<Word> {
    choices.iter().map(|choice| Word { text: choice.value, doc: choice.doc.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::describe;

    fn keys(path: &[&str]) -> Vec<&'static str> {
        describe(path).unwrap().keys.iter().map(|word| word.text).collect()
    }

    fn values(path: &[&str]) -> Vec<&'static str> {
        describe(path).unwrap().values.iter().map(|word| word.text).collect()
    }

    #[test]
    fn keys_are_offered_at_every_depth() {
        assert!(keys(&[]).contains(&"meshConfig"));
        assert!(!keys(&[]).contains(&"yamlLanguageServer"), "it is the editor's to say");
        assert_eq!(keys(&["known"]), ["hosts", "namespaces", "gateways", "secrets"]);
        assert_eq!(keys(&["known", "namespaces"]), ["name", "labels"]);
        assert!(keys(&["rules"]).contains(&"unknown-gateway"));
    }

    #[test]
    fn words_are_offered_where_only_some_are_right() {
        assert_eq!(values(&["schema"]), ["auto", "on", "off"]);
        assert_eq!(values(&["hints"]), ["true", "false"]);
        assert_eq!(values(&["rules", "IST0101"]), ["off", "hint", "info", "warning", "error"]);
    }

    #[test]
    fn what_is_no_setting_has_no_description() {
        assert_eq!(describe(&["rulez"]), None);
        assert_eq!(describe(&["schema", "auto"]), None);
        assert_eq!(describe(&["rules", "no-such-rule"]), None);
    }

    #[test]
    fn a_setting_says_what_it_holds_and_what_counts_without_it() {
        let doc = describe(&["schema"]).unwrap().doc;
        assert!(doc.ends_with("Holds auto, on or off. Default: auto."), "{doc}");
    }
}
