//! Ports of Services, beyond the examples in the pages.

use super::fixture::Fixture;

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
