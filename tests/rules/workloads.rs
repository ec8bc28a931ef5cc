//! Subsets and the labels that nodes give to pods.

use super::fixture::Fixture;

/// A subset of one region, beside a pod without that label and `others`, gives the findings marked in it.
#[track_caller]
fn check(subset: &str, others: &str) {
    let fixture = Fixture::parse(&format!(
        "\
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{{name: http, port: 80}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{metadata: {{labels: {{app: web}}}}}}}}
---
{others}apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: web, namespace: shop}}
spec:
  host: web
  subsets:
  - name: west
    labels: {{topology.kubernetes.io/region: west}}{subset}
"
    ));
    let differences = fixture.differences(&fixture.check().snapshot());
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn a_region_may_come_from_a_node_outside_the_workspace() {
    check("", "");
}

#[test]
fn a_region_that_none_of_the_nodes_is_in_selects_nothing() {
    check(
        " #~ subset-selects-nothing",
        "apiVersion: v1\nkind: Node\nmetadata: {name: one, labels: {topology.kubernetes.io/region: east}}\n---\n",
    );
}

#[test]
fn of_sidecars_that_nobody_reads_only_that_is_said() {
    let fixture = Fixture::parse(
        "\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: one, namespace: shop} #~ sidecar-in-ambient
spec: {egress: [{hosts: [\"./*\"]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: two, namespace: shop} #~ sidecar-in-ambient
spec: {egress: [{hosts: [\"*/*\"]}]}
",
    );
    assert_eq!(fixture.differences(&fixture.check().snapshot()), "");
}
