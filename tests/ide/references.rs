//! Every place that carries a name; `*` marks where the name begins to exist.

use expect_test::{Expect, expect};

use super::fixture::At;

/// A rule with a subset, a route to it, a Sidecar and a policy: all of them name things of the shop.
const USES: &str = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule, namespace: shop}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route, namespace: old}
spec:
  hosts: [reviews.shop.svc.cluster.local]
  gateways: [edge/public, mesh]
  http: [{route: [{destination: {host: reviews.shop.svc.cluster.local, subset: v1}}]}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {selector: {istio: ingress}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ['shop/a.example.com'], tls: {mode: SIMPLE, credentialName: shop-cert}}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: old}
spec: {egress: [{hosts: [shop/reviews.shop.svc.cluster.local]}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: policy, namespace: shop}
spec: {selector: {matchLabels: {app: reviews}}, rules: [{from: [{source: {principals: [cluster.local/ns/old/sa/legacy]}}]}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: legacy, namespace: old}
";

/// The references with the cursor behind the first `marked` of the uses.
fn check(marked: &str, expected: Expect) {
    expected.assert_eq(&At::parse(&USES.replacen(marked, &format!("{marked}$0"), 1)).references());
}

#[test]
fn a_host_in_every_spelling() {
    check(
        "host: revi",
        expect![[r#"
        main.yaml:4 spec: {host: ⟨reviews⟩, subsets: [{name: v1, labels: {version: v1}}]}
        main.yaml:10 hosts: [⟨reviews⟩.shop.svc.cluster.local]
        main.yaml:12 http: [{route: [{destination: {host: ⟨reviews⟩.shop.svc.cluster.local, subset: v1}}]}]
        main.yaml:22 spec: {egress: [{hosts: [shop/⟨reviews⟩.shop.svc.cluster.local]}]}
        shop.yaml:7* metadata: {name: ⟨reviews⟩, namespace: shop}
    "#]],
    );
}

#[test]
fn a_subset_in_rules_and_routes() {
    check(
        "{name: v1",
        expect![[r#"
        main.yaml:4* spec: {host: reviews, subsets: [{name: ⟨v1⟩, labels: {version: v1}}]}
        main.yaml:12 http: [{route: [{destination: {host: reviews.shop.svc.cluster.local, subset: ⟨v1⟩}}]}]
    "#]],
    );
}

#[test]
fn a_gateway() {
    check(
        "{name: publ",
        expect![[r#"
        main.yaml:11 gateways: [edge/⟨public⟩, mesh]
        main.yaml:16* metadata: {name: ⟨public⟩, namespace: edge}
    "#]],
    );
}

#[test]
fn a_secret_beside_the_gateway_s_workload_only() {
    check(
        "credentialName: shop",
        expect![[r#"
        edge.yaml:8* metadata: {name: ⟨shop-cert⟩, namespace: edge}
        main.yaml:17 spec: {selector: {istio: ingress}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ['shop/a.example.com'], tls: {mode: SIMPLE, credentialName: ⟨shop-cert⟩}}]}
    "#]],
    );
}

#[test]
fn a_label_leads_from_selector_to_pods_to_the_other_selectors() {
    check(
        "matchLabels: {app: rev",
        expect![[r#"
        main.yaml:27 spec: {selector: {matchLabels: {app: ⟨reviews⟩}}, rules: [{from: [{source: {principals: [cluster.local/ns/old/sa/legacy]}}]}]}
        shop.yaml:8 spec: {selector: {app: ⟨reviews⟩}, ports: [{name: http, port: 9080}]}
        shop.yaml:13* spec: {template: {metadata: {labels: {app: ⟨reviews⟩, version: v1}}}}
    "#]],
    );
}

#[test]
fn a_service_account_in_principals() {
    check(
        "sa/leg",
        expect![[r#"
        main.yaml:27 spec: {selector: {matchLabels: {app: reviews}}, rules: [{from: [{source: {principals: [cluster.local/ns/old/sa/⟨legacy⟩]}}]}]}
        main.yaml:31* metadata: {name: ⟨legacy⟩, namespace: old}
    "#]],
    );
}

#[test]
fn a_namespace() {
    check(
        "principals: [cluster.local/ns/ol",
        expect![[r#"
        legacy.yaml:3* metadata: {name: ⟨old⟩}
        legacy.yaml:7 metadata: {name: legacy, namespace: ⟨old⟩}
        legacy.yaml:12 metadata: {name: legacy, namespace: ⟨old⟩}
        main.yaml:8 metadata: {name: route, namespace: ⟨old⟩}
        main.yaml:21 metadata: {name: default, namespace: ⟨old⟩}
        main.yaml:27 spec: {selector: {matchLabels: {app: reviews}}, rules: [{from: [{source: {principals: [cluster.local/ns/⟨old⟩/sa/legacy]}}]}]}
        main.yaml:31 metadata: {name: legacy, namespace: ⟨old⟩}
    "#]],
    );
}

#[test]
fn only_the_uses_of_the_file_are_highlighted() {
    let text = USES.replacen("host: revi", "host: revi$0", 1);
    expect![[r#"
        main.yaml:4 spec: {host: ⟨reviews⟩, subsets: [{name: v1, labels: {version: v1}}]}
        main.yaml:10 hosts: [⟨reviews⟩.shop.svc.cluster.local]
        main.yaml:12 http: [{route: [{destination: {host: ⟨reviews⟩.shop.svc.cluster.local, subset: v1}}]}]
        main.yaml:22 spec: {egress: [{hosts: [shop/⟨reviews⟩.shop.svc.cluster.local]}]}
    "#]]
    .assert_eq(&At::parse(&text).highlights());
}

#[test]
fn a_port_of_a_service_entry_and_the_endpoints_that_number_it() {
    let text = "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [pay.example]
  ports: [{number: 443, name: tl$0s, protocol: TLS}]
  endpoints: [{address: 10.0.0.1, ports: {tls: 8443}}]
";
    expect![[r#"
        main.yaml:6* ports: [{number: 443, name: ⟨tls⟩, protocol: TLS}]
        main.yaml:7 endpoints: [{address: 10.0.0.1, ports: {⟨tls⟩: 8443}}]
    "#]]
    .assert_eq(&At::parse(text).references());
}

#[test]
fn a_listener_of_the_gateway_api() {
    let text = "\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {gatewayClassName: istio, listeners: [{name: web, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: edge}
spec: {parentRefs: [{name: public, sectionName: w$0eb}]}
";
    expect![[r#"
        main.yaml:4* spec: {gatewayClassName: istio, listeners: [{name: ⟨web⟩, port: 80, protocol: HTTP}]}
        main.yaml:9 spec: {parentRefs: [{name: public, sectionName: ⟨web⟩}]}
    "#]]
    .assert_eq(&At::parse(text).references());
}

#[test]
fn the_workloads_behind_a_host() {
    let text = USES.replacen("host: revi", "host: revi$0", 1);
    expect![[r#"
        shop.yaml:12* metadata: {name: ⟨reviews-v1⟩, namespace: shop}
    "#]]
    .assert_eq(&At::parse(&text).implementations());
}

#[test]
fn no_workload_behind_a_subset_that_none_carries() {
    let text = USES.replacen("version: v1", "version: v2", 1).replacen("subset: v", "subset: v$0", 1);
    assert_eq!(At::parse(&text).implementations(), "");
}
