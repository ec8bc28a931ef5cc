//! Hosts outside the mesh: which routes and rules decide, beyond the examples in the pages.

use super::fixture::Fixture;

const HOST: &str = "\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}}}
---
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

/// TLS for `port`, and a VirtualService with `routes`, give the findings marked in them.
#[track_caller]
fn check(port: u32, tls: &str, routes: &str) {
    let fixture = Fixture::parse(&format!(
        "{HOST}\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: pay, namespace: shop}}
spec:
  host: api.pay.example
  trafficPolicy:
    portLevelSettings:
    - port: {{number: {port}}}
      tls: {tls}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: pay, namespace: shop}}
spec:
{routes}"
    ));
    assert_eq!(fixture.differences(&fixture.check().snapshot()), "");
}

#[test]
fn a_route_for_a_wildcard_takes_the_requests_away_from_port_80() {
    check(
        80,
        "{mode: SIMPLE}",
        "  hosts: [\"*.pay.example\"]
  http:
  - match: [{port: 80}]
    route: [{destination: {host: api.pay.example, port: {number: 443}}}]
",
    );
}

#[test]
fn a_route_for_another_port_leaves_the_requests_on_port_80() {
    check(
        80,
        "{mode: SIMPLE} #~ tls-to-plaintext-port `SIMPLE`",
        "  hosts: [api.pay.example]
  tls:
  - match: [{port: 443, sniHosts: [api.pay.example]}]
    route: [{destination: {host: api.pay.example, port: {number: 443}}}]
",
    );
}

#[test]
fn a_written_sni_turns_the_check_of_names_off_where_a_route_leads_requests_to_the_tls_port_too() {
    check(
        443,
        "{mode: SIMPLE, sni: api.pay.example} #~ unverified-subject `api.pay.example`",
        "  hosts: [api.pay.example]
  http:
  - match: [{port: 80}]
    route: [{destination: {host: api.pay.example, port: {number: 443}}}]
",
    );
}

#[test]
fn the_host_that_a_share_of_a_route_sets_counts_in_any_case() {
    check(
        443,
        "{mode: SIMPLE} #~ sni-host-mismatch `SIMPLE` asks for old.example, the request for api.pay.example",
        "  hosts: [old.example]
  http:
  - route:
    - destination: {host: api.pay.example, port: {number: 443}}
      headers: {request: {set: {HOST: api.pay.example}}}
",
    );
}

#[test]
fn without_resolution_a_target_port_leads_nowhere() {
    let fixture = Fixture::parse(
        "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [\"*.pay.example\"]
  resolution: NONE
  ports:
  - {number: 80, name: http, protocol: HTTP, targetPort: 443}
",
    );
    assert_eq!(fixture.differences(&fixture.check().snapshot()), "");
}
