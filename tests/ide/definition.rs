//! Where a name leads.

use expect_test::{Expect, expect};

use super::fixture::At;

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&At::parse(text).definition());
}

#[test]
fn the_host_of_a_rule() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: rev$0iews}
",
        expect![[r#"
            shop.yaml:7 reviews
        "#]],
    );
}

#[test]
fn a_full_host_in_another_namespace() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: legacy.o$0ld.svc.cluster.local}
",
        expect![[r#"
            legacy.yaml:7 legacy
        "#]],
    );
}

#[test]
fn the_destination_of_a_route() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: revi$0ews}}]}]}
",
        expect![[r#"
            shop.yaml:7 reviews
        "#]],
    );
}

#[test]
fn the_hosts_of_a_virtual_service() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [rev$0iews]}
",
        expect![[r#"
            shop.yaml:7 reviews
        "#]],
    );
}

#[test]
fn a_subset_in_the_rules_of_its_host() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v$01}}]}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, subsets: [{name: v1}, {name: v2}]}
",
        expect![[r#"
            main.yaml:9 v1
        "#]],
    );
}

#[test]
fn a_subset_only_in_the_rule_that_clients_read() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v$01}}]}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: read, namespace: shop}
spec: {host: reviews, subsets: [{name: v1}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: unread, namespace: old}
spec: {host: reviews.shop.svc.cluster.local, subsets: [{name: v1}]}
",
        expect![[r#"
            main.yaml:9 v1
        "#]],
    );
}

#[test]
fn a_gateway_of_another_namespace() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [a.example.com], gateways: [edge/pub$0lic]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {selector: {istio: ingress}}
",
        expect![[r#"
            main.yaml:8 public
        "#]],
    );
}

#[test]
fn the_secret_beside_the_gateway_s_workload() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingress}
  servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ['*'], tls: {mode: SIMPLE, credentialName: shop$0-cert}}]
",
        expect![[r#"
            edge.yaml:8 shop-cert
        "#]],
    );
}

#[test]
fn a_gateway_s_selector_reaches_every_namespace() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {selector: {istio: in$0gress}}
",
        expect![[r#"
            edge.yaml:3 ingress
        "#]],
    );
}

#[test]
fn the_selector_of_a_policy_stays_in_its_namespace() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: r, namespace: shop}
spec: {selector: {matchLabels: {ap$0p: reviews}}}
",
        expect![[r#"
            shop.yaml:12 reviews-v1
        "#]],
    );
}

#[test]
fn a_delegate() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [a.example.com], http: [{delegate: {name: pa$0rt, namespace: old}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: part, namespace: old}
spec: {http: []}
",
        expect![[r#"
            main.yaml:8 part
        "#]],
    );
}

#[test]
fn the_parent_of_a_route() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec: {parentRefs: [{name: pub$0lic, namespace: edge}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {gatewayClassName: istio}
",
        expect![[r#"
            main.yaml:8 public
        "#]],
    );
}

#[test]
fn the_backend_of_a_route() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec: {rules: [{backendRefs: [{name: rev$0iews, port: 9080}]}]}
",
        expect![[r#"
            shop.yaml:7 reviews
        "#]],
    );
}

#[test]
fn a_host_of_a_service_entry() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: api.pay.ex$0ample}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [www.pay.example, api.pay.example], ports: [{number: 443, name: tls, protocol: TLS}]}
",
        expect![[r#"
            main.yaml:9 api.pay.example
        "#]],
    );
}

#[test]
fn what_a_sidecar_lets_in() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {egress: [{hosts: [\"./$0*\"]}]}
",
        expect![[r#"
            shop.yaml:7 reviews
        "#]],
    );
}

#[test]
fn nothing_behind_a_word_that_names_nothing() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: SIM$0PLE}}}
",
        expect![[""]],
    );
}
