//! The traffic around what is under the cursor.

use expect_test::{Expect, expect};

use super::fixture::At;

const TRAFFIC: &str = "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: ingress}
  servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ['*'], tls: {mode: SIMPLE, credentialName: shop-cert}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route, namespace: shop}
spec:
  hosts: [a.example.com]
  gateways: [edge/public]
  http: [{route: [{destination: {host: reviews, port: {number: 9080}}}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart}}}}
";

fn check(marked: &str, expected: Expect) {
    expected.assert_eq(&At::parse(&TRAFFIC.replacen(marked, &format!("{marked}$0"), 1)).calls());
}

#[test]
fn of_a_host() {
    check(
        "host: rev",
        expect![[r#"
        reviews.shop.svc.cluster.local (Service shop/reviews) shop.yaml:7
        < edge/public (istio-mtls to port 9080) main.yaml:3
        < edge/ingress (Istio mTLS to port 9080) edge.yaml:3
        < shop/cart (Istio mTLS to port 9080) main.yaml:18
        < shop/reviews-v1 (Istio mTLS to port 9080) shop.yaml:12
        < shop/web (Istio mTLS to port 9080) shop.yaml:17
        > shop/reviews-v1 (accepts STRICT) shop.yaml:12
    "#]],
    );
}

#[test]
fn of_a_gateway() {
    check(
        "name: pub",
        expect![[r#"
        edge/public (Gateway) main.yaml:3
        > reviews.shop.svc.cluster.local (istio-mtls to port 9080) shop.yaml:7
    "#]],
    );
}

#[test]
fn of_a_route() {
    check(
        "name: rou",
        expect![[r#"
        shop/route (VirtualService) main.yaml:10
        < edge/public (simple on port 443) main.yaml:3
        > reviews.shop.svc.cluster.local (mTLS (auto)) shop.yaml:7
    "#]],
    );
}

#[test]
fn of_a_workload() {
    check(
        "name: car",
        expect![[r#"
        shop/cart (Deployment) main.yaml:18
        > legacy.old.svc.cluster.local (plaintext to port 80) legacy.yaml:7
        > reviews.shop.svc.cluster.local (Istio mTLS to port 9080) shop.yaml:7
    "#]],
    );
}
