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

/// An entry with these fields beside its TCP port, where the proxies have this environment.
#[track_caller]
fn check_capture(metadata: &str, labels: &str, protocol: &str, fields: &str) {
    let fixture = Fixture::parse(&format!(
        "\
apiVersion: v1
kind: ConfigMap
metadata: {{name: istio, namespace: istio-system}}
data:
  mesh: |
    defaultConfig: {{proxyMetadata: {{{metadata}}}}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: database, namespace: shop, labels: {{{labels}}}}}
spec:
  hosts: [db.example.com]
  ports:
  - {{number: 5432, name: tcp{protocol}
  {fields}
"
    ));
    assert_eq!(fixture.differences(&fixture.check().snapshot()), "");
}

#[test]
fn a_port_without_protocol_may_carry_tcp() {
    check_capture("", "", "} #~ tcp-port-capture `5432`", "resolution: DNS");
    check_capture("", "", ", protocol: \"\"} #~ tcp-port-capture", "resolution: DNS");
}

#[test]
fn a_proxy_that_answers_dns_tells_hosts_apart_by_their_own_addresses() {
    let captures = "ISTIO_META_DNS_CAPTURE: \"true\"";
    check_capture(captures, "", ", protocol: TCP}", "resolution: DNS");
    let opted_out = "networking.istio.io/enable-autoallocate-ip: \"false\"";
    check_capture(captures, opted_out, ", protocol: TCP} #~ tcp-port-capture", "resolution: DNS");
}

#[test]
fn an_entry_that_resolves_nothing_sends_connections_on() {
    check_capture("", "", ", protocol: tcp} #~ tcp-port-without-addresses", "resolution: NONE");
    check_capture("", "", ", protocol: TCP}", "addresses: [192.0.2.10]");
}
