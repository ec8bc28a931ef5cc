//! Namespaces, names, labels and annotations that kustomizations set; the order of layers.

use expect_test::expect;

use crate::build::build;

#[test]
fn names_are_set_and_references_of_istio_stay() {
    expect![[r#"
        ---
        apiVersion: v1  # objects.yaml:1
        kind: Service  # objects.yaml:2
        metadata:
          name: blue-reviews-v2  # objects.yaml:3
          namespace: prod  # objects.yaml:3
        ---
        apiVersion: networking.istio.io/v1  # objects.yaml:2
        kind: VirtualService  # objects.yaml:3
        metadata:
          name: blue-reviews-v2  # objects.yaml:5
          namespace: prod  # objects.yaml:5
        spec:
          hosts:
            - reviews  # objects.yaml:6
        ---
        apiVersion: v1  # objects.yaml:2
        kind: Namespace  # objects.yaml:3
        metadata:
          name: prod  # objects.yaml:4
        ---
        apiVersion: apps/v1  # objects.yaml:2
        kind: Deployment  # objects.yaml:3
        metadata:
          name: blue-reviews-v2  # objects.yaml:4
          namespace: prod  # objects.yaml:4
        spec:
          template:
            spec:
              serviceAccountName: ?  # objects.yaml:5
    "#]]
    .assert_eq(&build(
        "\
#- kustomization.yaml
resources: [objects.yaml]
namespace: prod
namePrefix: blue-
nameSuffix: -v2
#- objects.yaml
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: dev}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec: {hosts: [reviews]}
---
apiVersion: v1
kind: Namespace
metadata: {name: dev}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews}
spec: {template: {spec: {serviceAccountName: reviews}}}
",
        "",
    ));
}

#[test]
fn labels_reach_selectors_only_where_asked() {
    expect![[r#"
        ---
        apiVersion: v1  # objects.yaml:1
        kind: Service  # objects.yaml:2
        metadata:
          name: reviews  # objects.yaml:3
          labels:
            team: a  # objects.yaml:3
            env: prod  # objects.yaml:3
          annotations:
            note: x  # objects.yaml:3
        spec:
          selector:
            app: reviews  # objects.yaml:4
            env: prod  # objects.yaml:4
        ---
        apiVersion: apps/v1  # objects.yaml:2
        kind: Deployment  # objects.yaml:3
        metadata:
          name: reviews  # objects.yaml:4
          labels:
            team: a  # objects.yaml:4
            env: prod  # objects.yaml:4
          annotations:
            note: x  # objects.yaml:4
        spec:
          selector:
            matchLabels:
              app: reviews  # objects.yaml:5
              env: prod  # objects.yaml:5
          template:
            metadata:
              labels:
                app: reviews  # objects.yaml:5
                env: prod  # objects.yaml:5
              annotations:
                note: x  # objects.yaml:5
        ---
        apiVersion: networking.istio.io/v1  # objects.yaml:2
        kind: Sidecar  # objects.yaml:3
        metadata:
          name: reviews  # objects.yaml:4
          labels:
            team: a  # objects.yaml:4
            env: prod  # objects.yaml:4
          annotations:
            note: x  # objects.yaml:4
        spec:
          workloadSelector:
            labels:
              app: reviews  # objects.yaml:5
    "#]]
    .assert_eq(&build(
        "\
#- kustomization.yaml
resources: [objects.yaml]
labels:
- {pairs: {team: a}}
- {pairs: {env: prod}, includeSelectors: true}
commonAnnotations: {note: x}
#- objects.yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews}
spec: {selector: {matchLabels: {app: reviews}}, template: {metadata: {labels: {app: reviews}}}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: reviews}
spec: {workloadSelector: {labels: {app: reviews}}}
",
        "",
    ));
}

#[test]
fn a_patch_finds_an_object_by_each_of_its_names() {
    let built = |target: &str| {
        build(
            &format!(
                "#- base/kustomization.yaml\nresources: [rule.yaml]\nnamePrefix: blue-\nnamespace: prod\n#- \
                 base/rule.yaml\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {{name: \
                 reviews}}\nspec: {{host: reviews}}\n#- top/kustomization.yaml\nresources: [../base]\npatches:\n- patch: \
                 |\n    apiVersion: networking.istio.io/v1\n    kind: DestinationRule\n    metadata: {target}\n    spec: \
                 {{host: ratings}}\n"
            ),
            "top",
        )
    };
    for target in ["{name: reviews}", "{name: blue-reviews, namespace: prod}", "{name: reviews, namespace: prod}"] {
        assert!(built(target).contains("host: ratings"), "{target}");
    }
    for target in ["{name: green-reviews}", "{name: blue-reviews}"] {
        assert!(built(target).contains("! top/kustomization.yaml:3: the patch selects nothing"), "{target}");
    }
}

#[test]
fn a_component_changes_what_its_kustomization_has_gathered() {
    expect![[r#"
        ---
        apiVersion: networking.istio.io/v1  # prod/rule.yaml:1
        kind: DestinationRule  # prod/rule.yaml:2
        metadata:
          name: reviews  # prod/rule.yaml:3
          namespace: prod  # prod/rule.yaml:3
        spec:
          host: reviews  # prod/rule.yaml:4
          trafficPolicy:
            tls:
              mode: ISTIO_MUTUAL  # strict/kustomization.yaml:7
        ---
        apiVersion: security.istio.io/v1  # strict/peer.yaml:1
        kind: PeerAuthentication  # strict/peer.yaml:2
        metadata:
          name: default  # strict/peer.yaml:3
          namespace: prod  # strict/peer.yaml:3
    "#]]
    .assert_eq(&build(
        "\
#- prod/kustomization.yaml
resources: [rule.yaml]
components: [../strict]
namespace: prod
#- prod/rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec: {host: reviews}
#- strict/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [peer.yaml]
patches:
- target: {kind: DestinationRule}
  patch: |
    - {op: add, path: /spec/trafficPolicy, value: {tls: {mode: ISTIO_MUTUAL}}}
#- strict/peer.yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
",
        "prod",
    ));
}

#[test]
fn values_of_replacements_are_not_known() {
    let shown = build(
        "\
#- kustomization.yaml
resources: [service.yaml]
replacements:
- source: {kind: ConfigMap, fieldPath: data.host}
  targets:
  - select: {kind: VirtualService}
    fieldPaths: [spec.hosts.0, 'spec.http.*.route.0.destination.host']
#- service.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [a, b]
  http: [{route: [{destination: {host: a}}]}]
",
        "",
    );
    assert!(shown.contains("- ?  # service.yaml:5\n    - b") && shown.contains("host: ?"), "{shown}");
}

#[test]
fn items_of_a_list_are_objects() {
    let shown = build(
        "\
#- kustomization.yaml
resources: [list.yaml]
namespace: prod
patches:
- {target: {name: b}, patch: '{$patch: delete, kind: Sidecar, metadata: {name: b}}'}
#- list.yaml
apiVersion: v1
kind: List
items:
- {apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: a}}
- {apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: b}}
",
        "",
    );
    assert!(shown.contains("namespace: prod") && !shown.contains("name: b"), "{shown}");
}
