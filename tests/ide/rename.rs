//! What changes with a name, and when nothing may.

use expect_test::{Expect, expect};

use super::fixture::At;

fn check(text: &str, new: &str, expected: Expect) {
    expected.assert_eq(&At::parse(text).rename(new));
}

const SUBSET: &str = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule, namespace: shop}
spec: {host: reviews, subsets: [{name: \"v$01\", labels: {version: v1}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: other, namespace: shop}
spec: {hosts: [legacy], http: [{route: [{destination: {host: legacy, subset: v1}}]}]}
";

#[test]
fn a_subset_without_the_same_word_elsewhere() {
    check(
        SUBSET,
        "stable",
        expect![[r#"
        main.yaml:4* spec: {host: reviews, subsets: [{name: "⟨v1⟩", labels: {version: v1}}]}
        main.yaml:9 spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: ⟨v1⟩}}]}]}
    "#]],
    );
}

#[test]
fn a_subset_s_label_with_the_pods_that_carry_it() {
    let text = SUBSET.replace("v$01", "v1").replace("version: v1", "version: v$01");
    check(
        &text,
        "v2",
        expect![[r#"
        main.yaml:4 spec: {host: reviews, subsets: [{name: "v1", labels: {version: ⟨v1⟩}}]}
        shop.yaml:13* spec: {template: {metadata: {labels: {app: reviews, version: ⟨v1⟩}}}}
    "#]],
    );
}

#[test]
fn a_label_of_pods_with_the_selector_of_their_own_deployment() {
    check(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec: {selector: {matchLabels: {app: cart}}, template: {metadata: {labels: {app: car$0t}}}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
",
        "basket",
        expect![[r#"
            main.yaml:4 spec: {selector: {matchLabels: {app: ⟨cart⟩}}, template: {metadata: {labels: {app: cart}}}}
            main.yaml:4* spec: {selector: {matchLabels: {app: cart}}, template: {metadata: {labels: {app: ⟨cart⟩}}}}
            main.yaml:9 spec: {selector: {app: ⟨cart⟩}, ports: [{name: http, port: 80}]}
        "#]],
    );
}

#[test]
fn a_service_in_short_and_full_hosts() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route, namespace: old}
spec: {hosts: [rev$0iews.shop.svc.cluster.local]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule, namespace: shop}
spec: {host: reviews}
",
        "ratings",
        expect![[r#"
            main.yaml:4 spec: {hosts: [⟨reviews⟩.shop.svc.cluster.local]}
            main.yaml:9 spec: {host: ⟨reviews⟩}
            shop.yaml:7* metadata: {name: ⟨reviews⟩, namespace: shop}
        "#]],
    );
}

#[test]
fn a_gateway_keeps_the_namespace_before_it() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: pub$0lic, namespace: edge}
spec: {selector: {istio: ingress}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [a.example.com], gateways: [edge/public, public]}
",
        "front",
        expect![[r#"
            main.yaml:3* metadata: {name: ⟨public⟩, namespace: edge}
            main.yaml:9 spec: {hosts: [a.example.com], gateways: [edge/⟨public⟩, public]}
        "#]],
    );
}

#[test]
fn a_host_of_a_service_entry() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay.ex$0ample], ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: api.pay.example}
",
        "pay.example",
        expect![[r#"
            main.yaml:4* spec: {hosts: [⟨api.pay.example⟩], ports: [{number: 443, name: tls, protocol: TLS}]}
            main.yaml:9 spec: {host: ⟨api.pay.example⟩}
        "#]],
    );
}

#[test]
fn not_to_a_name_that_is_taken() {
    let text = SUBSET.replace("subsets: [", "subsets: [{name: v2}, ");
    check(
        &text,
        "v2",
        expect![[r#"
        refused: subset v2 of reviews.shop.svc.cluster.local exists already
    "#]],
    );
}

#[test]
fn not_to_a_name_that_none_can_be() {
    check(
        SUBSET,
        "No Name",
        expect![[r#"
        refused: `No Name` cannot be the name of a subset
    "#]],
    );
}

#[test]
fn not_where_a_template_has_the_word() {
    let text = format!(
        "{}#- chart.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: templated, namespace: shop}}
spec: {{hosts: [reviews], http: [{{route: [{{destination: {{host: reviews, subset: v1}}, weight: {{{{ .Values.weight }}}}}}]}}]}}
",
        SUBSET
    );
    check(
        &text,
        "stable",
        expect![[r#"
        refused: a template mentions it, which has to be renamed by hand: spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}, weight: {{ .Values.weight }}}]}]} in chart.yaml
    "#]],
    );
}

#[test]
fn not_a_namespace() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: r, namespace: sh$0op}
spec: {egress: []}
",
        "store",
        expect![[r#"
            refused: namespace shop is not renamed: a namespace holds objects that istio-ls does not see
        "#]],
    );
}
