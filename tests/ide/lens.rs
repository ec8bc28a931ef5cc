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
        service: 4 clients in 2 classes | mTLS (auto) | show TLS map (service.shop.svc.cluster.local)
        workload: sidecar | accepts STRICT | show TLS map (shop/workload)
        outsider: no proxy | show TLS map (old/outsider)
        gateway: on edge/ingress | show TLS map (edge/gateway)
        entry: 4 clients in 2 classes | the application's TLS / plaintext | show TLS map (api.pay.example)
    "#]]
    .assert_eq(&At::parse(text).lenses());
}
