//! Strategic merges: Istio's lists are replaced, those of Kubernetes' own kinds merged by their keys.

use expect_test::expect;

use crate::build::build;

#[test]
fn a_patch_keeps_what_it_does_not_name() {
    expect![[r#"
        ---
        apiVersion: networking.istio.io/v1  # base/rule.yaml:1
        kind: DestinationRule  # base/rule.yaml:2
        metadata:
          name: reviews  # base/rule.yaml:4
        spec:
          host: reviews  # base/rule.yaml:6
          trafficPolicy:
            tls:
              mode: ISTIO_MUTUAL  # prod/tls.yaml:9
            portLevelSettings:
              - port:
                  number: 8080  # prod/tls.yaml:11
    "#]]
    .assert_eq(&build(
        "\
#- base/kustomization.yaml
resources: [rule.yaml]
#- base/rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
spec:
  host: reviews
  trafficPolicy:
    loadBalancer: {simple: RANDOM}
    tls: {mode: DISABLE}
    portLevelSettings:
    - port: {number: 80}
    - port: {number: 443}
#- prod/kustomization.yaml
resources: [../base]
patches:
- path: tls.yaml
#- prod/tls.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
spec:
  trafficPolicy:
    loadBalancer: null
    tls:
      mode: ISTIO_MUTUAL
    portLevelSettings:
    - port: {number: 8080}
",
        "prod",
    ));
}

#[test]
fn an_inline_patch_has_its_places_in_the_kustomization() {
    expect![[r#"
        ---
        apiVersion: networking.istio.io/v1  # rule.yaml:1
        kind: DestinationRule  # rule.yaml:2
        metadata:
          name: reviews  # rule.yaml:3
        spec:
          host: ratings  # kustomization.yaml:8
    "#]]
    .assert_eq(&build(
        "\
#- kustomization.yaml
resources: [rule.yaml]
patchesStrategicMerge:
- |-
  apiVersion: networking.istio.io/v1
  kind: DestinationRule
  metadata: {name: reviews}
  spec:
    host: ratings
#- rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec: {host: reviews}
",
        "",
    ));
}

#[test]
fn lists_of_built_in_kinds_are_merged_by_their_keys() {
    expect![[r#"
        ---
        apiVersion: v1  # service.yaml:1
        kind: Service  # service.yaml:2
        metadata:
          name: reviews  # service.yaml:3
        spec:
          ports:
            - port: 9090  # kustomization.yaml:11
              name: http-metrics  # kustomization.yaml:11
            - port: 443  # kustomization.yaml:9
              name: https-web  # kustomization.yaml:9
              targetPort: 8443  # service.yaml:7
    "#]]
    .assert_eq(&build(
        "\
#- kustomization.yaml
resources: [service.yaml]
patches:
- patch: |
    apiVersion: v1
    kind: Service
    metadata: {name: reviews}
    spec:
      ports:
      - {port: 443, name: https-web}
      - {port: 80, $patch: delete}
      - {port: 9090, name: http-metrics}
#- service.yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec:
  ports:
  - {port: 80, name: http}
  - {port: 443, name: tls, targetPort: 8443}
",
        "",
    ));
}

#[test]
fn directives_delete_and_replace() {
    expect![[r#"
        ---
        apiVersion: networking.istio.io/v1  # objects.yaml:2
        kind: Sidecar  # objects.yaml:3
        metadata:
          name: sidecar  # objects.yaml:4
        spec:
          outboundTrafficPolicy:
            mode: ALLOW_ANY  # kustomization.yaml:17
    "#]]
    .assert_eq(&build(
        "\
#- kustomization.yaml
resources: [objects.yaml]
patches:
- target: {kind: Gateway}
  patch: |
    $patch: delete
    apiVersion: networking.istio.io/v1
    kind: Gateway
    metadata: {name: any}
- target: {kind: Sidecar, name: side.*}
  patch: |
    apiVersion: networking.istio.io/v1
    kind: Sidecar
    metadata: {name: any}
    spec:
      outboundTrafficPolicy:
        $patch: replace
        mode: ALLOW_ANY
#- objects.yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: sidecar}
spec:
  outboundTrafficPolicy: {mode: REGISTRY_ONLY, egressProxy: {host: egress}}
",
        "",
    ));
}

#[test]
fn what_a_template_fills_in_is_known_only_where_it_is_replaced() {
    expect![[r#"
        ---
        apiVersion: networking.istio.io/v1  # rule.yaml:1
        kind: DestinationRule  # rule.yaml:2
        metadata:
          name: reviews  # rule.yaml:3
        spec:
          host: ratings  # kustomization.yaml:7
          trafficPolicy: ?  # rule.yaml:6
    "#]]
    .assert_eq(&build(
        "\
#- kustomization.yaml
resources: [rule.yaml]
patches:
- patch: |
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: reviews}
    spec: {host: ratings, trafficPolicy: {tls: {mode: SIMPLE}}}
#- rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: {{ .Values.host }}
  trafficPolicy: {{ toYaml .Values.policy }}
",
        "",
    ));
}
