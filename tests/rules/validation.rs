//! What the validation of istiod refuses or warns of, kind by kind. The files of `validation/` hold one object for each
//! check, each a workspace of its own; objects that are named `ok` are close to a mistake and right.

use super::fixture::Fixture;

/// Each object of `text` gives the findings marked in it.
#[track_caller]
fn check(text: &str) {
    let mut differences = String::new();
    for object in text.split("---\n") {
        let fixture = Fixture::parse(object);
        let found = fixture.differences(&fixture.check().snapshot());
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
    check(include_str!("validation/virtual_service.yaml"));
}

#[test]
fn destination_rules() {
    check(include_str!("validation/destination_rule.yaml"));
}

#[test]
fn gateways() {
    check(include_str!("validation/gateway.yaml"));
}

#[test]
fn sidecars() {
    check(include_str!("validation/sidecar.yaml"));
}

#[test]
fn envoy_filters() {
    check(include_str!("validation/envoy_filter.yaml"));
}
