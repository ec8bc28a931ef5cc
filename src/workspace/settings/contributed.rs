//! The settings as an extension of VS Code contributes them: by their full names, with the words of a choice explained.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::page::schema_of;
use super::table::{Choice, LEVELS, SETTINGS, Setting, Shape};
use crate::rules::{page as rule_page, registry};

/// The properties of `contributes.configuration`. What only the editor can say is the extension's to find out.
#[must_use]
pub fn contributed() -> Value {
    let mut properties = Map::new();
    contribute("istio-ls", SETTINGS, &mut properties);
    properties.into()
}

fn contribute(holder: &str, settings: &[Setting], properties: &mut Map<String, Value>) {
    for setting in settings.iter().filter(|setting| !setting.editor_only) {
        let name = format!("{holder}.{}", setting.name);
        match setting.shape {
            // The form of the settings has a field for each of its fields.
            Shape::Object(fields) => contribute(&name, fields, properties),
            _ => {
                let order = properties.len();
                properties.insert(name, with(property(setting), "order", order));
            }
        }
    }
}

fn property(setting: &Setting) -> Value {
    let mut doc = setting.doc.to_owned();
    let property = match setting.shape {
        Shape::Bool => json!({"type": "boolean", "default": setting.default == "true"}),
        Shape::Choice(choices) => with(words(choices), "default", setting.default),
        // The form of the settings can ask for a text, not for a text or a number.
        Shape::Text(_) => json!({"type": "string", "default": ""}),
        Shape::Rules => {
            let rule = |rule: &crate::rules::Rule| {
                (rule.id.to_owned(), json!({"description": rule_page::summary(rule), "enum": values(LEVELS)}))
            };
            let rules: Map<String, Value> = registry::all().map(rule).collect();
            for level in LEVELS {
                let _ = write!(doc, "\n- `{}`: {}", level.value, level.doc);
            }
            json!({"type": "object", "default": {}, "properties": rules, "additionalProperties": words(LEVELS)})
        }
        _ => schema_of(&setting.shape),
    };
    if !matches!(setting.shape, Shape::Bool | Shape::Choice(_)) {
        let _ = write!(doc, "\n\nDefault: {}.", setting.default);
    }
    with(property, "markdownDescription", doc)
}

fn with(mut object: Value, key: &str, value: impl Into<Value>) -> Value {
    if let Some(entries) = object.as_object_mut() {
        entries.insert(key.to_owned(), value.into());
    }
    object
}

fn words(choices: &[Choice]) -> Value {
    let docs: Vec<&str> = choices.iter().map(|choice| choice.doc).collect();
    json!({"type": "string", "enum": values(choices), "enumDescriptions": docs})
}

fn values(choices: &[Choice]) -> Vec<&'static str> {
    choices.iter().map(|choice| choice.value).collect()
}
