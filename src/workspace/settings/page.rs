//! The settings for readers: the page for people and the JSON schema for editors without istio-ls.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::table::{Choice, LEVELS, SETTINGS, Setting, Shape, Text};
use crate::rules::{page as rule_page, registry};

/// The page of all settings, in Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# Settings\n\nNothing needs to be set for the common case. `istio-ls.yaml` and the editor's settings under `istio-ls` \
         say the same. For a file the nearest `istio-ls.yaml` upwards counts, within its repository, and its folder is \
         read as a workspace of its own; where there is none, the editor's settings count for the folder that is open. \
         Paths are relative to the folder of the file that says them. What is wrong in the file is pointed out there and counts as not set; whatever \
         else it says counts. [`istio-ls.schema.json`](istio-ls.schema.json) is its schema.\n\n",
    );
    page.push_str("| setting | holds | default | what it does |\n| --- | --- | --- | --- |\n");
    rows(SETTINGS, "", &mut page);
    page.push_str("\n## Words\n\n");
    choices(SETTINGS, "", &mut page);
    words("rules.*", LEVELS, &mut page);
    let _ = write!(page, "\n## Example\n\n```yaml\n{EXAMPLE}```\n");
    page
}

/// Every setting, for the page.
const EXAMPLE: &str = include_str!("example.yaml");

fn rows(settings: &[Setting], holder: &str, page: &mut String) {
    for setting in settings {
        let name = format!("{holder}{}", setting.name);
        let (holds, doc) = (setting.shape.title(), setting.doc.replace('|', "\\|"));
        let default = if setting.required { "(required)" } else { setting.default };
        let whose = if setting.editor_only { " In the editor's settings only." } else { "" };
        let _ = writeln!(page, "| `{name}` | {holds} | {default} | {doc}{whose} |");
        rows(setting.shape.fields(), &holder_of(&name, &setting.shape), page);
    }
}

fn choices(settings: &[Setting], holder: &str, page: &mut String) {
    for setting in settings {
        let name = format!("{holder}{}", setting.name);
        words(&name, setting.shape.choices(), page);
        choices(setting.shape.fields(), &holder_of(&name, &setting.shape), page);
    }
}

fn words(name: &str, choices: &[Choice], page: &mut String) {
    for choice in choices {
        let _ = writeln!(page, "- `{name}: {}`: {}", choice.value, choice.doc);
    }
}

fn holder_of(name: &str, shape: &Shape) -> String {
    if matches!(shape, Shape::List(_)) { format!("{name}[].") } else { format!("{name}.") }
}

/// The JSON schema of `istio-ls.yaml`.
#[must_use]
pub fn json_schema() -> String {
    let mut schema = object(SETTINGS);
    if let Some(root) = schema.as_object_mut() {
        root.insert("$schema".to_owned(), "http://json-schema.org/draft-07/schema#".into());
        root.insert("title".to_owned(), "istio-ls.yaml".into());
        root.insert("definitions".to_owned(), json!({"level": enumeration(LEVELS)}));
    }
    format!("{schema:#}\n")
}

fn object(settings: &[Setting]) -> Value {
    let in_file = || settings.iter().filter(|setting| !setting.editor_only);
    let property = |setting: &Setting| {
        let mut schema = schema_of(&setting.shape);
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".to_owned(), setting.doc.into());
        }
        (setting.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = in_file().map(property).collect();
    let required: Vec<&str> = in_file().filter(|setting| setting.required).map(|setting| setting.name).collect();
    let mut schema = json!({"type": "object", "additionalProperties": false, "properties": properties});
    if let (false, Some(object)) = (required.is_empty(), schema.as_object_mut()) {
        object.insert("required".to_owned(), required.into());
    }
    schema
}

fn schema_of(shape: &Shape) -> Value {
    match shape {
        Shape::Bool => json!({"type": "boolean"}),
        // A version looks like a number where it has no quotes.
        Shape::Text(Text::Version) => json!({"type": ["string", "number"]}),
        Shape::Text(_) => json!({"type": "string"}),
        Shape::Choice(choices) => enumeration(choices),
        Shape::List(item) => json!({"type": "array", "items": schema_of(item)}),
        Shape::Object(fields) => object(fields),
        Shape::Named(fields) => json!({"anyOf": [{"type": "string"}, object(fields)]}),
        Shape::Rules => {
            let rule = |rule: &crate::rules::Rule| {
                (
                    rule.id.to_owned(),
                    json!({"description": rule_page::summary(rule), "allOf": [{"$ref": "#/definitions/level"}]}),
                )
            };
            let rules: Map<String, Value> = registry::all().map(rule).collect();
            json!({"type": "object", "properties": rules, "additionalProperties": {"$ref": "#/definitions/level"}})
        }
        Shape::Labels => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Shape::MeshConfig => json!({"type": ["object", "string"]}),
    }
}

fn enumeration(choices: &[Choice]) -> Value {
    let one = |choice: &Choice| json!({"const": choice.value, "description": choice.doc});
    json!({"anyOf": choices.iter().map(one).collect::<Vec<_>>()})
}
