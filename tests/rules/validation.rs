//! What the validation of istiod refuses or warns of, kind by kind. The files of `validation/` hold one object for each
//! check, each a workspace of its own; objects that are named `ok` are close to a mistake and right.

use super::fixture::{Fixture, all_findings};

const VIRTUAL_SERVICES: &str = include_str!("validation/virtual_service.yaml");
const DESTINATION_RULES: &str = include_str!("validation/destination_rule.yaml");
const GATEWAYS: &str = include_str!("validation/gateway.yaml");
const SIDECARS: &str = include_str!("validation/sidecar.yaml");
const ENVOY_FILTERS: &str = include_str!("validation/envoy_filter.yaml");
const SERVICE_ENTRIES: &str = include_str!("validation/service_entry.yaml");
const WORKLOADS: &str = include_str!("validation/workloads.yaml");
const AUTHENTICATIONS: &str = include_str!("validation/authentication.yaml");
const AUTHORIZATION_POLICIES: &str = include_str!("validation/authorization_policy.yaml");
const MESH_CONFIGS: &str = include_str!("validation/mesh_config.yaml");
const TELEMETRIES: &str = include_str!("validation/telemetry.yaml");
const TRAFFIC_EXTENSIONS: &str = include_str!("validation/traffic_extension.yaml");
const WASM_PLUGINS: &str = include_str!("validation/wasm_plugin.yaml");

/// All the objects.
pub(crate) fn objects() -> impl Iterator<Item = &'static str> {
    let files = [
        VIRTUAL_SERVICES,
        DESTINATION_RULES,
        GATEWAYS,
        SIDECARS,
        ENVOY_FILTERS,
        SERVICE_ENTRIES,
        WORKLOADS,
        AUTHENTICATIONS,
        AUTHORIZATION_POLICIES,
        MESH_CONFIGS,
        TELEMETRIES,
        TRAFFIC_EXTENSIONS,
        WASM_PLUGINS,
    ];
    files.into_iter().flat_map(|file| file.split("---\n"))
}

/// Each object of `text` gives the findings marked in it.
#[track_caller]
fn check(text: &str) {
    let mut differences = String::new();
    for object in text.split("---\n") {
        let fixture = Fixture::parse(object);
        let workspace = fixture.check();
        for finding in all_findings(&workspace.snapshot()) {
            let first = finding.message.lines().next().unwrap();
            assert!(first.chars().count() <= 100, "{}: {first}", finding.rule);
        }
        let found = fixture.differences(&workspace.snapshot());
        if !found.is_empty() {
            differences.push_str(&format!("{object}\n{found}\n"));
        }
        let is_right = object.contains("{name: ok");
        assert_eq!(is_right, fixture.marks.is_empty(), "{object}");
    }
    assert_eq!(differences, "");
}

#[test]
fn virtual_services() {
    check(VIRTUAL_SERVICES);
}

#[test]
fn destination_rules() {
    check(DESTINATION_RULES);
}

#[test]
fn gateways() {
    check(GATEWAYS);
}

#[test]
fn sidecars() {
    check(SIDECARS);
}

#[test]
fn envoy_filters() {
    check(ENVOY_FILTERS);
}

/// The rules that speak of a response of so many bytes.
fn rules_for_a_body_of(size: usize) -> Vec<&'static str> {
    let fixture = Fixture::parse(&format!(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: web, namespace: shop}}
spec:
  hosts: [web.example.com]
  http:
  - directResponse: {{status: 503, body: {{string: {}}}}}
",
        "x".repeat(size)
    ));
    all_findings(&fixture.check().snapshot()).iter().map(|finding| finding.rule).collect()
}

#[test]
fn a_large_response_is_slow_and_a_huge_one_refused() {
    assert_eq!(rules_for_a_body_of(100 * 1024), Vec::<&str>::new());
    assert_eq!(rules_for_a_body_of(100 * 1024 + 1), ["ineffective-settings"]);
    assert_eq!(rules_for_a_body_of(1024 * 1024 + 1), ["refused-settings"]);
}

#[test]
fn service_entries() {
    check(SERVICE_ENTRIES);
}

#[test]
fn workloads() {
    check(WORKLOADS);
}

#[test]
fn authentications() {
    check(AUTHENTICATIONS);
}

#[test]
fn authorization_policies() {
    check(AUTHORIZATION_POLICIES);
}

#[test]
fn telemetries() {
    check(TELEMETRIES);
}

#[test]
fn mesh_configs() {
    check(MESH_CONFIGS);
}

#[test]
fn traffic_extensions() {
    check(TRAFFIC_EXTENSIONS);
}

#[test]
fn wasm_plugins() {
    check(WASM_PLUGINS);
}
