//! The JSON schema of `istio-ls.yaml` accepts what istio-ls reads and refuses what it points out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

use istio_ls::workspace::settings::{SETTINGS, findings, json_schema};
use serde_json::{Value, json};

/// `value` fits `schema`; the words of JSON Schema that ours uses.
fn fits(value: &Value, schema: &Value, root: &Value) -> bool {
    let types = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        other => panic!("the schema says {other}"),
    };
    let all = |list: &Value| list.as_array().unwrap().clone();
    schema.as_object().unwrap().iter().all(|(word, says)| match word.as_str() {
        "type" if says.is_array() => all(says).iter().any(|name| types(name.as_str().unwrap())),
        "type" => types(says.as_str().unwrap()),
        "const" => value == says,
        "$ref" => fits(value, &root["definitions"][says.as_str().unwrap().rsplit('/').next().unwrap()], root),
        "anyOf" => all(says).iter().any(|one| fits(value, one, root)),
        "allOf" => all(says).iter().all(|one| fits(value, one, root)),
        "items" => value.as_array().is_none_or(|items| items.iter().all(|item| fits(item, says, root))),
        "required" => all(says).iter().all(|name| value.get(name.as_str().unwrap()).is_some() || !value.is_object()),
        "properties" => says
            .as_object()
            .unwrap()
            .iter()
            .all(|(name, one)| value.get(name).is_none_or(|value| fits(value, one, root))),
        "additionalProperties" => value.as_object().is_none_or(|object| {
            let more = object.iter().filter(|(name, _)| schema["properties"].get(name).is_none());
            more.into_iter().all(|(_, value)| says.as_bool().unwrap_or_else(|| fits(value, says, root)))
        }),
        "description" | "$schema" | "title" | "definitions" => true,
        other => panic!("the schema says {other}"),
    })
}

fn schema() -> Value {
    serde_json::from_str(&json_schema()).unwrap()
}

fn is_right(settings: &Value) -> bool {
    findings(&istio_ls::yaml::parse(settings.to_string().into())).is_empty()
}

#[test]
fn what_is_read_without_a_word_fits() {
    for settings in [
        json!({}),
        json!({"rules": {"unknown-gateway": "off", "IST0101": "hint"}}),
        json!({"exclude": ["vendor/**"], "context": ["../cluster", "dump/*.yaml"]}),
        json!({"istioVersion": "1.27"}),
        json!({"istioVersion": 1.27}),
        json!({"meshConfig": "../mesh/config.yaml"}),
        json!({"meshConfig": {"rootNamespace": "ops"}}),
        json!({"scopes": [{"paths": ["base"]}, {"name": "a", "paths": ["b"], "namespace": "c", "meshConfig": "d.yaml"}]}),
        json!({"known": {"hosts": ["*.a.b"], "namespaces": ["a", {"name": "b", "labels": {"c": "d"}}]}}),
        json!({"known": {"gateways": [{"istio": "egressgateway"}], "secrets": ["a/b", "c"]}}),
        json!({"schema": "on", "hints": false, "lenses": true}),
    ] {
        assert!(is_right(&settings), "{settings}");
        assert!(fits(&settings, &schema(), &schema()), "{settings}");
    }
}

#[test]
fn what_is_pointed_out_does_not_fit() {
    for settings in [
        json!({"ruels": {}}),
        json!({"rules": {"unknown-gateway": "loud"}}),
        json!({"exclude": "vendor"}),
        json!({"exclude": [1]}),
        json!({"context": [{"a": "b"}]}),
        json!({"istioVersion": ["1.27"]}),
        json!({"meshConfig": ["a"]}),
        json!({"scopes": [{"name": "a"}]}),
        json!({"scopes": [{"paths": ["a"], "files": ["b"]}]}),
        json!({"known": {"hosts": "a.b"}}),
        json!({"known": {"namespaces": [{"labels": {}}]}}),
        json!({"schema": "perhaps"}),
        json!({"hints": "true"}),
    ] {
        assert!(!is_right(&settings), "{settings}");
        assert!(!fits(&settings, &schema(), &schema()), "{settings}");
    }
}

#[test]
fn every_setting_of_the_file_is_in_the_schema() {
    let schema = schema();
    for setting in SETTINGS {
        let property = schema["properties"].get(setting.name);
        assert_eq!(property.is_none(), setting.editor_only, "{}", setting.name);
        assert!(property.is_none_or(|property| property["description"] == setting.doc), "{}", setting.name);
    }
}
