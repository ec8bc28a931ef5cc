//! A workspace of Istio's configuration alone: a sidecar is assumed where nothing speaks against one.

use istio_ls::rules::Severity;

use super::fixture::{Fixture, all_findings};

const PAY: &str = "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [api.pay.example]
  resolution: DNS
  ports:
  - {number: 80, name: http, protocol: HTTP}
  - {number: 443, name: https, protocol: HTTPS}
---
";

fn rule(tls: &str) -> String {
    format!(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: pay, namespace: shop}}
spec:
  host: api.pay.example
  trafficPolicy:
    portLevelSettings:
    - port: {{number: 443}}
      tls:
        {tls}
---
"
    )
}

fn namespace(labels: &str) -> String {
    format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{{labels}}}}}\n---\n")
}

fn deployment(namespace: &str) -> String {
    format!(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {namespace}}}
spec: {{template: {{metadata: {{labels: {{app: web, sidecar.istio.io/inject: \"true\"}}}}}}}}
---
"
    )
}

/// The severity of each finding marked in the text.
#[track_caller]
fn check(parts: &[&str]) -> Vec<Severity> {
    let fixture = Fixture::parse(&parts.concat());
    let snapshot = fixture.check().snapshot();
    assert_eq!(fixture.differences(&snapshot), "");
    all_findings(&snapshot).iter().map(|finding| finding.severity).collect()
}

#[test]
fn mtls_to_the_outside_fails_whoever_sends_it_and_is_told_more_gently() {
    let rule = rule("mode: ISTIO_MUTUAL #~ istio-mutual-to-external `ISTIO_MUTUAL` sidecars of shop");
    assert_eq!(check(&[PAY, &rule]), [Severity::Warning]);
}

#[test]
fn with_a_client_in_the_workspace_it_is_an_error() {
    let rule = rule("mode: ISTIO_MUTUAL #~ istio-mutual-to-external `ISTIO_MUTUAL`");
    assert_eq!(check(&[PAY, &rule, &deployment("shop")]), [Severity::Error]);
}

#[test]
fn a_client_of_another_namespace_is_one_too() {
    let rule = rule("mode: ISTIO_MUTUAL #~ istio-mutual-to-external `ISTIO_MUTUAL`");
    assert_eq!(check(&[PAY, &rule, &deployment("till")]), [Severity::Error]);
}

#[test]
fn tls_in_tls_is_possible_only() {
    // An application that nobody sees may send plaintext to the port.
    assert_eq!(check(&[PAY, &rule("mode: SIMPLE #~ double-tls `SIMPLE` sidecars of shop")]), [Severity::Info]);
}

#[test]
fn a_credential_that_sidecars_ignore_adds_no_second_layer() {
    assert_eq!(check(&[PAY, &rule("{mode: SIMPLE, credentialName: pay-ca}")]), []);
}

#[test]
fn a_namespace_with_injection_has_a_sidecar() {
    let rule = rule("mode: ISTIO_MUTUAL #~ istio-mutual-to-external");
    assert_eq!(check(&[&namespace("istio-injection: enabled"), PAY, &rule]), [Severity::Warning]);
    assert_eq!(check(&[&namespace("istio.io/rev: canary"), PAY, &rule]), [Severity::Warning]);
}

#[test]
fn a_namespace_without_injection_has_no_sidecar() {
    assert_eq!(check(&[&namespace("team: shop"), PAY, &rule("mode: ISTIO_MUTUAL")]), []);
    assert_eq!(check(&[&namespace("istio-injection: disabled"), PAY, &rule("mode: ISTIO_MUTUAL")]), []);
    let rule = rule("mode: ISTIO_MUTUAL #~ destination-rule-tls-in-ambient `ISTIO_MUTUAL` ztunnel");
    assert_eq!(check(&[&namespace("istio.io/dataplane-mode: ambient"), PAY, &rule]), [Severity::Warning]);
}

#[test]
fn what_the_assumed_sidecar_does_not_see_it_does_not_send() {
    let sidecar = "\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {egress: [{hosts: [\"./*.svc.cluster.local\"]}]}
---
";
    assert_eq!(check(&[PAY, &rule("mode: ISTIO_MUTUAL"), sidecar]), []);
}

#[test]
fn a_rule_for_selected_clients_is_read_by_them() {
    let rule = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: pay, namespace: shop}
spec:
  host: api.pay.example
  workloadSelector: {matchLabels: {app: till}}
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL #~ istio-mutual-to-external
";
    assert_eq!(check(&[PAY, rule]), [Severity::Warning]);
}

#[test]
fn a_rule_for_the_whole_mesh_is_read_where_the_service_is() {
    let rule = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: all, namespace: istio-system}
spec:
  host: \"*.pay.example\"
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL #~ istio-mutual-to-external `ISTIO_MUTUAL` sidecars of shop
";
    assert_eq!(check(&[PAY, rule]), [Severity::Warning]);
    assert_eq!(check(&[&PAY.replace("shop", "istio-system"), &rule.replace("#~", "#")]), []);
}

#[test]
fn plain_http_to_a_port_for_tls() {
    let route = "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: pay, namespace: shop}
spec:
  hosts: [api.pay.example]
  http:
  - route:
    - destination:
        host: api.pay.example #~ plaintext-to-tls-backend `api.pay.example` sidecars of shop
        port: {number: 443}
";
    assert_eq!(check(&[PAY, route]), [Severity::Warning]);
}
