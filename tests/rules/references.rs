//! Hosts that nothing provides, beyond the examples in the pages.

use super::fixture::{Fixture, settings};

/// On demand, beside Service `shop/web`, this resource of namespace `team` gives the findings marked in it.
#[track_caller]
fn check(kind: &str, spec: &str) {
    let fixture = Fixture::parse(&format!(
        "\
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{ports: [{{name: http, port: 80}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: job, namespace: team}}
spec: {{ports: [{{name: http, port: 80}}]}}
---
apiVersion: networking.istio.io/v1
kind: {kind}
metadata: {{name: web, namespace: team}}
spec:
{spec}"
    ));
    let settings = settings("rules: {host-outside-workspace: info}");
    assert_eq!(fixture.differences(&fixture.check_with(settings).snapshot()), "");
}

#[test]
fn a_wildcard_rule_is_for_what_it_covers() {
    check("DestinationRule", "  host: \"*.shop.svc.cluster.local\"\n");
    check("DestinationRule", "  host: \"*.example.com\" #~ host-outside-workspace `\"*.example.com\"` no effect\n");
}

#[test]
fn a_host_is_said_to_be_unknown_once() {
    check("DestinationRule", "  host: web #~ short-host-in-other-namespace\n");
    check("DestinationRule", "  host: jobb #~ unknown-host\n");
}

#[test]
fn every_cluster_has_its_api_server() {
    check(
        "VirtualService",
        "  hosts: [api.example.com]
  http:
  - route: [{destination: {host: kubernetes.default.svc.cluster.local, port: {number: 443}}}]
",
    );
}
