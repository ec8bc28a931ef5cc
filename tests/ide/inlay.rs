//! What stands behind hosts and modes: each hint is put into the text between `⟨` and `⟩`.

use expect_test::{Expect, expect};

use super::fixture::At;

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&At::parse(&format!("{text}$0")).with_hints());
}

#[test]
fn a_destination_rule() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    tls: {mode: ISTIO_MUTUAL}
    portLevelSettings:
    - port: {number: 9080}
      tls: {mode: DISABLE}
  subsets:
  - name: v1
    labels: {version: v1}
    trafficPolicy: {tls: {mode: SIMPLE}}
",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: r, namespace: shop}
            spec:
              host: reviews⟨-> shop/reviews:9080 · plaintext, fails: 503 UC, connection reset⟩
              trafficPolicy:
                tls: {mode: ISTIO_MUTUAL⟨decides nothing⟩}
                portLevelSettings:
                - port: {number: 9080}
                  tls: {mode: DISABLE⟨plaintext, fails: 503 UC, connection reset⟩}
              subsets:
              - name: v1
                labels: {version: v1}
                trafficPolicy: {tls: {mode: SIMPLE⟨TLS, fails: 503 UC, connection reset⟩}}
        "#]],
    );
}

#[test]
fn the_routes_of_a_virtual_service() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}
    - destination: {host: legacy.old.svc.cluster.local, port: {number: 80}}
    - destination: {host: ghost}
",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: r, namespace: shop}
            spec:
              hosts: [reviews]
              http:
              - route:
                - destination: {host: reviews⟨-> shop/reviews:9080 · mTLS (auto)⟩}
                - destination: {host: legacy.old.svc.cluster.local⟨-> old/legacy:80 · plaintext (no proxy there)⟩, port: {number: 80}}
                - destination: {host: ghost}
        "#]],
    );
}

#[test]
fn the_routes_of_a_gateway_and_its_server() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: ingress}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls: {mode: SIMPLE, credentialName: shop-cert}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [edge/public]
  http:
  - route:
    - destination: {host: reviews}
",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: public, namespace: edge}
            spec:
              selector: {istio: ingress}
              servers:
              - port: {number: 443, name: https, protocol: HTTPS}
                hosts: [shop.example.com]
                tls: {mode: SIMPLE⟨on edge/ingress · 1 route⟩, credentialName: shop-cert}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop, namespace: shop}
            spec:
              hosts: [shop.example.com]
              gateways: [edge/public]
              http:
              - route:
                - destination: {host: reviews⟨-> shop/reviews:9080 · mTLS (auto)⟩}
        "#]],
    );
}

#[test]
fn a_policy_and_a_host_outside_the_mesh() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: loose, namespace: shop}
spec: {selector: {matchLabels: {app: reviews}}, mtls: {mode: PERMISSIVE}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
",
        expect![[r#"
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: loose, namespace: shop}
            spec: {selector: {matchLabels: {app: reviews}}, mtls: {mode: PERMISSIVE⟨for 1 workload⟩}}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: pay, namespace: shop}
            spec: {hosts: [api.pay.example⟨-> api.pay.example:443 · the application's TLS / plaintext⟩], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
        "#]],
    );
}

#[test]
fn only_what_is_asked_for_is_worked_out() {
    let rule = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: r, namespace: shop}\n\
                spec:\n  host: reviews\n$0  trafficPolicy: {tls: {mode: DISABLE}}\n";
    let shown = At::parse(rule).with_hints();
    assert!(shown.contains("reviews⟨") && !shown.contains("DISABLE⟨"), "{shown}");
}
