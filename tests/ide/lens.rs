//! What stands over a resource.

use expect_test::expect;

use super::fixture::At;

#[test]
fn each_resource_says_whom_it_concerns_and_what_is_in_effect() {
    let text = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: policy, namespace: shop}
spec: {selector: {matchLabels: {app: reviews}}, mtls: {mode: PERMISSIVE}}
---
apiVersion: v1
kind: Service
metadata: {name: service, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: workload, namespace: shop}
spec: {template: {metadata: {labels: {app: api}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: outsider, namespace: old}
spec: {template: {metadata: {labels: {app: api}}}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gateway, namespace: edge}
spec: {selector: {istio: ingress}, servers: []}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: entry, namespace: shop}
spec: {hosts: [api.pay.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: nothing, namespace: shop}
$0";
    expect![[r#"
        rule: read by 4 clients in 2 classes | plaintext | show TLS map (reviews.shop.svc.cluster.local)
        policy: decides for 1 workload | PERMISSIVE | show TLS map (everything)
        service: 0 references | 4 clients in 2 classes | mTLS (auto) | show TLS map (service.shop.svc.cluster.local)
        workload: sidecar | accepts STRICT | show TLS map (shop/workload)
        outsider: no proxy | show TLS map (old/outsider)
        gateway: 0 references | on edge/ingress | show TLS map (edge/gateway)
        entry: 4 clients in 2 classes | the application's TLS / plaintext | show TLS map (api.pay.example)
        api.pay.example: 0 references
    "#]]
    .assert_eq(&At::parse(text).lenses());
}

#[test]
fn parts_say_how_often_they_are_named_and_what_is_on_the_wire() {
    let text = "\
apiVersion: v1
kind: Service
metadata: {name: books, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80, targetPort: 9080}, {name: tls, port: 443}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: books, namespace: shop}
spec:
  host: books
  subsets:
  - {name: v1, labels: {version: v1}, trafficPolicy: {tls: {mode: DISABLE}}}
  - {name: v2, labels: {version: v2}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: books, namespace: shop}
spec: {hosts: [books], http: [{route: [{destination: {host: books, subset: v1}}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: part, namespace: shop}
spec: {http: [{route: [{destination: {host: books, subset: v1}}]}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay.example, eu.pay.example], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {gatewayClassName: istio, listeners: [{name: web, port: 80, protocol: HTTP}]}
$0";
    expect![[r#"
        books: 4 references | 3 clients in 2 classes | mTLS (auto) | show TLS map (books.shop.svc.cluster.local)
        80: 3 clients in 2 classes | mTLS (auto)
        443: 3 clients in 2 classes | mTLS (auto)
        books: read by 3 clients in 2 classes | mTLS (auto) | show TLS map (books.shop.svc.cluster.local)
        v1: 2 references | read by 3 clients in 2 classes | plaintext, fails: 503 UC, connection reset / the application's TLS, fails: 503 UC, connection reset
        v2: 0 references | read by 3 clients in 2 classes | mTLS where endpoints can
        part: 0 references
        pay: 3 clients in 2 classes | the application's TLS / plaintext | show TLS map (api.pay.example)
        api.pay.example: 0 references
        eu.pay.example: 0 references
        public: 0 references
        web: 0 references
    "#]].assert_eq(&At::parse(text).lenses());
}
