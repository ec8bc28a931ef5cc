//! JSON patches.

use expect_test::expect;

use crate::build::build;

const GATEWAY: &str = "\
#- gateway.yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: edge
  annotations: {example.com/a~b: old}
spec:
  servers:
  - port: {number: 80}
    hosts: [a.example]
  - port: {number: 443}
    hosts: [b.example]
";

/// What is built of [`GATEWAY`] with these operations, which begin on line 5 of the kustomization.
fn patched(operations: &str) -> String {
    let operations = operations.replace('\n', "\n    ");
    build(
        &format!(
            "#- kustomization.yaml\nresources: [gateway.yaml]\npatches:\n- target: {{kind: Gateway}}\n  patch: |\n    \
             {operations}\n{GATEWAY}"
        ),
        "",
    )
}

#[test]
fn operations_follow_one_another() {
    expect![[r#"
        ---
        apiVersion: networking.istio.io/v1  # gateway.yaml:1
        kind: Gateway  # gateway.yaml:2
        metadata:
          name: edge  # gateway.yaml:4
          annotations:
            example.com/a~b: new  # kustomization.yaml:9
        spec:
          servers:
            - port:
                number: 80  # gateway.yaml:8
              hosts:
                - first.example  # kustomization.yaml:6
                - c.example  # kustomization.yaml:5
            - port:
                number: 443  # gateway.yaml:10
              hosts:
                - b.example  # gateway.yaml:11
                - last.example  # kustomization.yaml:7
              tls:
                mode: SIMPLE  # kustomization.yaml:8
    "#]]
    .assert_eq(&patched(
        "\
- {op: replace, path: /spec/servers/0/hosts/0, value: c.example}
- {op: add, path: /spec/servers/0/hosts/0, value: first.example}
- {op: add, path: /spec/servers/1/hosts/-, value: last.example}
- {op: add, path: /spec/servers/1/tls, value: {mode: SIMPLE}}
- {op: replace, path: /metadata/annotations/example.com~1a~0b, value: new}",
    ));
}

#[test]
fn values_are_moved_copied_tested_and_removed() {
    expect![[r#"
        ---
        apiVersion: networking.istio.io/v1  # gateway.yaml:1
        kind: Gateway  # gateway.yaml:2
        metadata:
          name: edge  # gateway.yaml:4
        spec:
          servers:
            - port:
                number: 443  # gateway.yaml:10
              hosts:
                - b.example  # gateway.yaml:11
    "#]]
    .assert_eq(&patched(
        "\
- {op: test, path: /spec/servers/0/port/number, value: 80}
- {op: copy, from: /spec/servers/1/hosts, path: /spec/servers/0/hosts}
- {op: move, from: /spec/servers/1/port, path: /spec/servers/0/port}
- {op: remove, path: /spec/servers/1}
- {op: remove, path: /metadata/annotations}",
    ));
}

#[test]
fn a_field_that_is_not_there_can_be_replaced() {
    assert!(
        patched("- {op: replace, path: /spec/selector, value: {app: edge}}")
            .contains("app: edge  # kustomization.yaml:5")
    );
}

#[test]
fn a_patch_that_fails_changes_nothing() {
    for (operation, why) in [
        ("{op: remove, path: /spec/selector}", "the object has nothing at `/spec/selector`"),
        ("{op: add, path: /spec/selector/app, value: edge}", "the object has nothing at `/spec/selector/app`"),
        ("{op: replace, path: /spec/servers/2, value: {}}", "the object has nothing at `/spec/servers/2`"),
        ("{op: test, path: /kind, value: Sidecar}", "the object has another value at `/kind`"),
    ] {
        let shown = patched(&format!("- {{op: remove, path: /spec/servers/0/hosts}}\n- {operation}"));
        assert!(shown.contains("a.example") && shown.contains(&format!("! kustomization.yaml:6: {why}")), "{shown}");
    }
}

#[test]
fn operations_can_be_json_in_a_file() {
    let shown = build(
        &format!(
            "#- kustomization.yaml\nresources: [gateway.yaml]\npatchesJson6902:\n- target: {{version: v1, kind: Gateway, \
             name: edge}}\n  path: hosts.json\n#- hosts.json\n[{{\"op\": \"replace\",\n  \"path\": \
             \"/spec/servers/0/hosts\",\n  \"value\": [\"c.example\"]}}]\n{GATEWAY}"
        ),
        "",
    );
    assert!(shown.contains("- c.example  # hosts.json:3"), "{shown}");
}

#[test]
fn an_annotation_can_be_added_where_there_is_none() {
    let kustomization = |path: &str| {
        format!(
            "#- kustomization.yaml\nresources: [rule.yaml]\npatches:\n- target: {{kind: Gateway}}\n  patch: |\n    \
             - {{op: add, path: {path}, value: b}}\n#- rule.yaml\napiVersion: networking.istio.io/v1\nkind: Gateway\n\
             metadata: {{name: edge}}\n"
        )
    };
    let shown = build(&kustomization("/metadata/annotations/a"), "");
    assert!(shown.contains("a: b") && !shown.contains("! "), "{shown}");
    let shown = build(&kustomization("/metadata/labels/a"), "");
    assert!(shown.contains("nothing at `/metadata/labels/a`"), "{shown}");
}
