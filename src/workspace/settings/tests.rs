//! What settings are read, and what is said of those that are not.

use super::{Known, KnownNamespace, KnownSecret, LEVELS, Level, SETTINGS, SchemaChecks, Settings, describe, findings};
use crate::rules::registry;
use crate::text::apply_edits;
use crate::yaml;

/// `text` where ... is wrong: the words covered and the first line of the message.
fn said(text: &str) -> Vec<(String, String)> {
    let document = yaml::parse(text.into());
    let first_line = |message: &str| message.lines().next().unwrap().to_owned();
    findings(&document)
        .into_iter()
        .map(|defect| (defect.span.of(text).to_owned(), first_line(&defect.message)))
        .collect()
}

fn says(text: &str, covered: &str, message: &str) {
    assert_eq!(said(text), [(covered.to_owned(), message.to_owned())], "{text}");
}

/// `text` after the first repair of its only defect.
fn repaired(text: &str) -> String {
    let document = yaml::parse(text.into());
    let defects = findings(&document);
    let [defect] = defects.as_slice() else { panic!("{defects:?}") };
    let repair = defect.repairs.first().expect("a repair");
    assert!(repair.safe, "{repair:?}");
    apply_edits(text, std::slice::from_ref(&repair.edit)).unwrap()
}

fn read(text: &str) -> Settings {
    Settings::read(&yaml::parse(text.into()))
}

#[test]
fn the_example_sets_every_setting() {
    let text = include_str!("example.yaml");
    assert_eq!(said(text), []);
    for setting in SETTINGS.iter().filter(|setting| !setting.editor_only) {
        assert!(text.contains(&format!("{}:", setting.name)), "{}", setting.name);
    }
    let settings = read(text);
    assert_eq!(settings.rules.get("undeclared-protocol"), Some(&Level::Off));
    assert_eq!(settings.exclude, ["vendor/**"]);
    assert_eq!(settings.istio_version.as_deref(), Some("1.27"));
    assert_eq!(settings.mesh_config.as_ref().unwrap().root_namespace, "istio-config");
    let scope = settings.scopes.first().unwrap();
    assert_eq!(scope.name.as_deref(), Some("staging"));
    assert_eq!(scope.paths, ["base", "overlays/staging/*.yaml"]);
    assert_eq!(scope.namespace.as_deref(), Some("shop"));
    assert_eq!(settings.context, ["cluster/services.yaml"]);
    let injected = [("istio-injection".to_owned(), "enabled".to_owned())].into();
    let known = Known {
        hosts: vec!["api.pay.example".to_owned(), "*.svc.other.local".to_owned()],
        namespaces: vec![
            KnownNamespace { name: "monitoring".to_owned(), labels: None },
            KnownNamespace { name: "shop".to_owned(), labels: Some(injected) },
        ],
        gateways: vec![[("istio".to_owned(), "egressgateway".to_owned())].into()],
        secrets: vec![KnownSecret {
            namespace: Some("istio-ingress".to_owned()),
            name: "public-certificate".to_owned(),
        }],
    };
    assert_eq!(settings.known, known);
    assert_eq!((settings.schema, settings.hints, settings.lenses), (SchemaChecks::Auto, true, false));
}

#[test]
fn every_word_of_the_table_can_be_set() {
    for level in LEVELS {
        let settings = read(&format!("rules: {{unknown-host: {}}}", level.value));
        assert!(settings.rules.contains_key("unknown-host"), "{}", level.value);
    }
    for word in describe(&["schema"]).unwrap().values {
        let settings = read(&format!("schema: {}\nhints: false\n", word.text));
        assert!(!settings.hints, "{}", word.text);
    }
}

#[test]
fn a_mesh_configuration_may_be_a_file() {
    let settings = read("meshConfig: mesh.yaml\nscopes: [{paths: [a], meshConfig: b.yaml}]\n");
    assert_eq!((settings.mesh_config, settings.mesh_config_file.as_deref()), (None, Some("mesh.yaml")));
    assert_eq!(settings.scopes.first().unwrap().mesh_config_file.as_deref(), Some("b.yaml"));
}

#[test]
fn an_editor_says_the_same_as_json() {
    let settings = read(r#"{"schema": "off", "yamlLanguageServer": true, "rules": {"IST0101": "hint"}}"#);
    assert_eq!((settings.schema, settings.yaml_language_server), (SchemaChecks::Off, true));
    assert_eq!(settings.rules.get("IST0101"), Some(&Level::Hint));
}

#[test]
fn what_is_right_counts_beside_what_is_wrong() {
    let settings =
        read("hints: perhaps\nlenses: false\nrules: {unknown-gateway: loud, unknown-host: off}\nexclude: [1, a]\n");
    assert_eq!((settings.hints, settings.lenses), (true, false));
    assert_eq!(settings.rules.keys().collect::<Vec<_>>(), ["unknown-host"]);
    assert_eq!(settings.exclude, ["a"]);
    assert!(
        !read("lenses: false\nmeshConfig: {rootNamespace: , trustDomain: [a]}\nexclude: [\"\\u0085\\0\"]\n").lenses
    );
    assert!(!read("lenses: false\nmeshConfig: {rootNamespace: [").lenses, "the text ends half-way");
}

#[test]
fn a_wrong_field_of_the_mesh_configuration_leaves_the_others() {
    let text = "meshConfig: {enableAutoMtls: perhaps, rootNamespace: ops}";
    says(text, "perhaps", "`enableAutoMtls` of the mesh configuration has another type");
    let mesh = read(text).mesh_config.unwrap();
    assert_eq!((mesh.enable_auto_mtls, mesh.root_namespace.as_str()), (true, "ops"));
}

#[test]
fn unknown_settings_are_pointed_out() {
    says("ruels: {}", "ruels", "there is no setting `ruels`; did you mean `rules`?");
    says("gateways: []", "gateways", "there is no setting `gateways`");
    says("known: {host: []}", "host", "there is no field `host`; did you mean `hosts`?");
    says(
        "rules: {unknown-gatewya: off}",
        "unknown-gatewya",
        "there is no rule `unknown-gatewya`; did you mean `unknown-gateway`?",
    );
    assert_eq!(repaired("ruels: {}  # why\n"), "rules: {}  # why\n");
}

#[test]
fn values_of_another_form_are_pointed_out() {
    says("rules: {unknown-gateway: warn}", "warn", "`unknown-gateway` is off, hint, info, warning or error");
    says("schema: ono", "ono", "`schema` is auto, on or off");
    says("hints: [a]", "[a]", "`hints` is true or false");
    says("exclude: vendor", "vendor", "`exclude` is a list of globs");
    says("known: []", "[]", "`known` is an object");
    says("known: {namespaces: [Shop]}", "Shop", "`namespaces` is no namespace");
    says("known: {hosts: [a*b]}", "a*b", "`hosts` is no host; a wildcard leads it, as in `*.example.com`");
    says("known: {secrets: [a/b/c]}", "a/b/c", "`secrets` is no Secret; write `namespace/name` or `name`");
    says("known: {gateways: [{istio: true}]}", "true", "`istio` is text, which needs quotes here");
    says("scopes: [{name: a}]", "{name: a}", "an entry of `scopes` lacks `paths`");
    says("exclude: ['a[']", "'a['", "`exclude` is no glob");
    says("istioVersion: latest", "latest", "`istioVersion` is no version; write it as `1.24`");
}

#[test]
fn what_is_meant_beyond_doubt_is_repaired() {
    assert_eq!(repaired("exclude: vendor # not ours\n"), "exclude: # not ours\n- vendor\n");
    assert_eq!(repaired("rules: {unknown-gateway: Warning}"), "rules: {unknown-gateway: warning}");
    assert_eq!(repaired("hints: 'true'\n"), "hints: true\n");
    assert_eq!(repaired("known: {gateways: [{istio: true}]}"), "known: {gateways: [{istio: \"true\"}]}");
}

#[test]
fn nothing_is_said_of_what_is_left_out() {
    assert_eq!(said(""), []);
    assert_eq!(said("rules:\nknown:\n  hosts:\n"), []);
    assert_eq!(read("rules:\n"), Settings::default());
}

#[test]
fn text_that_is_not_yaml_is_pointed_out() {
    assert!(!said("rules: {a").is_empty());
}

#[test]
fn what_is_not_utf_8_is_pointed_out_and_the_rest_counts() {
    let text = String::from_utf8_lossy(b"exclude: [caf\xe9/**]\nhints: false\n");
    let defects = findings(&yaml::parse(text.as_ref().into()));
    let [defect] = defects.as_slice() else { panic!("{defects:?}") };
    assert_eq!((defect.rule, defect.span.start()), ("malformed-setting", 13));
    assert!(!read(&text).hints);
}

#[test]
fn rules_about_later_versions_of_istio_do_not_run() {
    let rule = registry::find("sni-host-mismatch").unwrap();
    for (text, runs) in
        [("", true), ("istioVersion: 1.20", false), ("istioVersion: v1.21.3", true), ("istioVersion: '1.30'", true)]
    {
        assert_eq!(read(text).runs(rule), runs, "{text}");
    }
}
