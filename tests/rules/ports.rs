//! Ports of Services, beyond the examples in the pages.

use istio_ls::rules::Severity;

use super::fixture::{Fixture, all_findings};

#[test]
fn a_port_with_a_route_is_to_say_what_it_speaks() {
    let fixture = Fixture::parse(
        "\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  ports:
  - {name: custom, port: 80} #~ undeclared-protocol `custom` gateways send HTTP/1.1
  - {name: metrics, port: 9090}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: edge}
spec:
  hosts: [shop.example.com]
  http:
  - route: [{destination: {host: web.shop.svc.cluster.local, port: {number: 80}}}]
",
    );
    assert_eq!(fixture.differences(&fixture.check().snapshot()), "");
}

/// Two Services with these ports, in front of one workload with a sidecar, give findings of these severities.
#[track_caller]
fn check_services(one: &str, two: &str, severities: &[Severity]) {
    let fixture = Fixture::parse(&format!(
        "\
apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{istio-injection: enabled}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: one, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{one}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: two, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{two}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{metadata: {{labels: {{app: web}}}}}}}}
"
    ));
    let findings = all_findings(&fixture.check().snapshot());
    let found = findings.iter().filter(|finding| finding.rule == "conflicting-service-ports");
    assert_eq!(found.map(|finding| finding.severity).collect::<Vec<_>>(), severities);
}

#[test]
fn services_conflict_where_istio_takes_them_for_something_else() {
    let http = "{name: http, port: 80, targetPort: 8080}";
    check_services(http, "{name: tcp, port: 80, targetPort: 8080}", &[Severity::Warning]);
    check_services(http, "{name: http, port: 80, targetPort: 8080}", &[]);
    check_services(http, "{name: grpc, port: 8080, targetPort: 8080}", &[Severity::Info]);
}

#[test]
fn udp_is_not_for_istio() {
    check_services("{name: tcp-dns, port: 53}", "{name: dns, port: 53, protocol: UDP}", &[Severity::Hint]);
}
