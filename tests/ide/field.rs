//! What a person reads over the key of a field, and over a value that has a meaning of its own.

use expect_test::{Expect, expect};

use super::fixture::At;

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&At::parse(text).hover());
}

#[test]
fn a_key_shows_type_meaning_and_limits() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [reviews], http: [{time$0out: 5s}]}
",
        expect![[r#"
            [timeout]
            **timeout**: string

            Longest time for a request, retries included; by default none.

            Form: a duration of 1ms or more, such as `10s`.
        "#]],
    );
}

#[test]
fn a_key_shows_the_values_that_it_takes() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: r, namespace: shop}
spec: {outboundTrafficPolicy: {mo$0de: ALLOW_ANY}}
",
        expect![[r#"
            [mode]
            **mode**: string

            Whether such calls pass.
            - `REGISTRY_ONLY`: Calls to hosts that the mesh does not know are dropped.
            - `ALLOW_ANY`: Calls to hosts that the mesh does not know pass through.
        "#]],
    );
}

#[test]
fn a_value_shows_what_it_does() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: r, namespace: shop}
spec: {outboundTrafficPolicy: {mode: ALLOW$0_ANY}}
",
        expect![[r#"
            [ALLOW_ANY]
            **mode**: string

            Whether such calls pass.

            `ALLOW_ANY`: Calls to hosts that the mesh does not know pass through.
        "#]],
    );
}

#[test]
fn a_key_of_a_map_shows_the_map() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: r, namespace: shop}
spec: {workloadSelector: {labels: {app$0: nothing}}}
",
        expect![[r#"
            [app]
            **labels**: map of string

            Labels that the pods must all have.

            Form: a label without `*`. At most 256.
        "#]],
    );
}

#[test]
fn on_a_key_the_field_stands_below_what_is_on_the_wire() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {outlierDetection: {consecutive$0Errors: 3}}}
",
        expect![[r#"
            [consecutiveErrors]
            **Istio mTLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - SNI: `outbound_.9080_._.reviews.shop.svc.cluster.local`
            - decides: auto mTLS: Istio mTLS to endpoints that understand it
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fits
            - assumed: nothing of istio-system is in the workspace: no mesh-wide policy is assumed
            - from: shop/reviews-v1 and 1 more, edge/ingress

            ---

            **consecutiveErrors**: integer

            Errors in a row after which an endpoint is left out.

            Deprecated: use `consecutive5xxErrors`.
        "#]],
    );
}

#[test]
fn a_field_that_nobody_knows_shows_nothing() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: r, namespace: shop}
spec: {egres$0: []}
",
        expect![[r#""#]],
    );
}
