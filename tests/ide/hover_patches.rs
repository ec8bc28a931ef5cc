//! What a person reads in a patch of a kustomization: the target, what stood there, what stands there then; and where names
//! in it lead.

use expect_test::{Expect, expect};

use super::fixture::At;

/// A rule that two overlays build on, one of them with the patch `main.yaml`.
const BASE: &str = "\
#- base/rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews.shop.svc.cluster.local
  trafficPolicy:
    tls: {mode: ISTIO_MUTUAL, sni: a.example}
#- base/kustomization.yaml
resources: [rule.yaml, ../shop.yaml]
";

fn check(patch: &str, kustomization: &str, expected: Expect) {
    let others = format!("{patch}{BASE}#- kustomization.yaml\nresources: [base]\n{kustomization}");
    expected.assert_eq(&At::parse(&others).hover_patch());
}

const MERGE: &str = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  trafficPolicy:
    tls: {mode: DISABLE, sni: null}
";

#[test]
fn a_value_of_a_strategic_merge() {
    check(
        &MERGE.replacen("DISABLE", "DIS$0ABLE", 1),
        "patches: [{path: main.yaml}]\n",
        expect![[r#"
            [DISABLE]
            Patches
            - **DestinationRule shop/reviews**: `spec.trafficPolicy.tls.mode`: `ISTIO_MUTUAL` (base/rule.yaml:7) → `DISABLE` (kustomization)

            ---

            **plaintext** → `reviews.shop.svc.cluster.local:9080` HTTP
            - decides: DestinationRule shop/reviews: DISABLE by trafficPolicy (main.yaml:6)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more
        "#]],
    );
}

#[test]
fn in_one_of_two_overlays_that_bring_the_same_base() {
    let overlay = |name: &str| format!("resources: [../base]\nnamePrefix: {name}-\n");
    let (one, two) = (overlay("one"), overlay("two"));
    let patch = MERGE.replacen("sni: null", "s$0ni: null", 1);
    let files = format!(
        "{patch}{BASE}#- one/kustomization.yaml\n{one}#- two/kustomization.yaml\n{two}patches: [{{path: merge.yaml}}]\n\
         #- kustomization.yaml\nresources: [one, two]\n"
    );
    expect![[r#"
        [sni]
        Patches
        - **DestinationRule shop/two-reviews**: `spec.trafficPolicy.tls.sni`: `a.example` (base/rule.yaml:7) → nothing (kustomization)
    "#]].assert_eq(&At::in_file("two/merge.yaml", &files).hover_patch());
}

#[test]
fn what_only_names_the_target() {
    check(
        &MERGE.replacen("name: rev", "name: $0rev", 1),
        "patchesStrategicMerge: [main.yaml]\n",
        expect![[r#"
            [{name: reviews, namespace: shop}]
            Patches
            - **DestinationRule shop/reviews** (kustomization)
        "#]],
    );
}

#[test]
fn what_a_merge_takes_away() {
    check(
        &MERGE.replacen("sni", "s$0ni", 1),
        "patches: [{path: main.yaml}]\n",
        expect![[r#"
            [sni]
            Patches
            - **DestinationRule shop/reviews**: `spec.trafficPolicy.tls.sni`: `a.example` (base/rule.yaml:7) → nothing (kustomization)
        "#]],
    );
}

#[test]
fn an_operation_by_its_path_and_by_its_value() {
    let patch = "[{op: replace, path: /spec/trafficPolicy/tls/mode, value: SIMPLE}]\n";
    let target = "patches: [{path: main.yaml, target: {kind: DestinationRule, name: rev.*}}]\n";
    check(
        &patch.replacen("/tls/mode", "/tls$0/mode", 1),
        target,
        expect![[r#"
            [/spec/trafficPolicy/tls/mode]
            Patches
            - **DestinationRule shop/reviews**: `spec.trafficPolicy.tls.mode`: `ISTIO_MUTUAL` (base/rule.yaml:7) → `SIMPLE` (kustomization)

            ---

            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - SNI: `a.example`
            - decides: DestinationRule shop/reviews: SIMPLE by trafficPolicy (main.yaml:1)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more

            ---

            **mode**: string

            Whether and how TLS is sent.
            - `DISABLE`: Sends plaintext.
            - `SIMPLE`: Sends TLS and shows no certificate.
            - `MUTUAL`: Sends TLS and shows the client certificate that is named here.
            - `ISTIO_MUTUAL`: Sends Istio mTLS with the certificate that Istio gave the proxy.
        "#]],
    );
    check(
        &patch.replacen("SIMPLE", "SIM$0PLE", 1),
        target,
        expect![[r#"
            [SIMPLE]
            Patches
            - **DestinationRule shop/reviews**: `spec.trafficPolicy.tls.mode`: `ISTIO_MUTUAL` (base/rule.yaml:7) → `SIMPLE` (kustomization)

            ---

            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - SNI: `a.example`
            - decides: DestinationRule shop/reviews: SIMPLE by trafficPolicy (main.yaml:1)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more
        "#]],
    );
}

#[test]
fn an_operation_that_removes() {
    let patch = "[{op: rem$0ove, path: /spec/trafficPolicy/tls}]\n";
    check(
        patch,
        "patchesJson6902: [{path: main.yaml, target: {kind: DestinationRule, name: reviews}}]\n",
        expect![[r#"
            [/spec/trafficPolicy/tls]
            Patches
            - **DestinationRule shop/reviews**: `spec.trafficPolicy.tls`: `{mode, sni}` (base/rule.yaml:7) → nothing (kustomization)
        "#]],
    );
}

#[test]
fn one_patch_for_several_resources() {
    let patch = "[{op: add, path: /metadata/annotations, value: {owner: sh$0op}}]\n";
    check(
        patch,
        "patches: [{path: main.yaml, target: {kind: Service|Deployment}}]\n",
        expect![[r#"
            [shop]
            Patches
            - **Service shop/reviews**: `metadata.annotations.owner`: nothing → `shop` (kustomization)
            - **Deployment shop/reviews-v1**: `metadata.annotations.owner`: nothing → `shop` (kustomization)
            - **Deployment shop/web**: `metadata.annotations.owner`: nothing → `shop` (kustomization)

            ---

            **sidecar** Deployment shop/reviews-v1

            - because: namespace istio-injection=enabled
            - inbound mTLS: STRICT (namespace)
        "#]],
    );
}

#[test]
fn a_patch_within_the_kustomization() {
    let text = "\
resources: [base]
patches:
- patch: |-
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: reviews, namespace: shop}
    spec:
      trafficPolicy:
        tls: {mode: DIS$0ABLE}
- target: {kind: DestinationRule}
  patch: |-
    - op: add
      path: /spec/exportTo
      value: [.]
";
    let at = |text: &str| At::in_file("kustomization.yaml", &format!("{text}{BASE}")).hover_patch();
    expect![[r#"
        [DISABLE]
        Patches
        - **DestinationRule shop/reviews**: `spec.trafficPolicy.tls.mode`: `ISTIO_MUTUAL` (base/rule.yaml:7) → `DISABLE` (kustomization)

        ---

        **plaintext** → `reviews.shop.svc.cluster.local:9080` HTTP
        - decides: DestinationRule shop/reviews: DISABLE by trafficPolicy (kustomization.yaml:9)
        - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
        - from: shop/reviews-v1 and 1 more
    "#]].assert_eq(&at(text));
    expect![[r#"
        [/spec/exportTo]
        Patches
        - **DestinationRule shop/reviews**: `spec.exportTo`: nothing → a list of 1 item (kustomization)

        ---

        **plaintext** → `reviews.shop.svc.cluster.local:9080` HTTP
        - decides: DestinationRule shop/reviews: DISABLE by trafficPolicy (kustomization.yaml:9)
        - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
        - from: shop/reviews-v1 and 1 more

        ---

        **exportTo**: list of string

        Namespaces whose clients read the rule: `.` own, `*` all.
    "#]].assert_eq(&at(&text.replacen("DIS$0ABLE", "DISABLE", 1).replacen("exportTo", "expo$0rtTo", 1)));
}

#[test]
fn not_outside_of_patches() {
    check("a: $0b\n", "", expect![""]);
}

/// A patch of a route, with `destination` in it, beside rules that both overlays have.
fn route(destination: &str) -> At {
    let text = format!(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: reviews}}
spec:
  http:
  - route:
    - destination: {destination}
#- base/route.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: reviews, namespace: shop}}
spec: {{hosts: [reviews], http: [{{route: [{{destination: {{host: reviews}}}}]}}]}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: reviews, namespace: shop}}
spec: {{host: reviews, subsets: [{{name: v1, labels: {{version: v1}}}}]}}
#- base/kustomization.yaml
resources: [route.yaml, ../shop.yaml]
#- kustomization.yaml
resources: [base]
patches: [{{path: main.yaml, target: {{kind: VirtualService}}}}]
"
    );
    At::parse(&text)
}

#[test]
fn a_name_in_a_patch_leads_to_what_it_means() {
    expect![[r#"
        base/route.yaml:9 v1
    "#]]
    .assert_eq(&route("{host: reviews, subset: v$01}").definition_in_patch());
    expect![[r#"
        shop.yaml:7 reviews
    "#]]
    .assert_eq(&route("{host: rev$0iews, subset: v1}").definition_in_patch());
}

#[test]
fn a_patch_is_completed_with_what_its_target_sees() {
    expect![[r#"
        v1 | version=v1, DestinationRule shop/reviews
    "#]]
    .assert_eq(&route("{host: reviews, subset: $0}").completion());
    expect![[r#"
        reviews | Service shop/reviews: 9080 http
    "#]]
    .assert_eq(&route("{host: $0}").completion());
}
