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

#[test]
fn a_field_says_since_when_it_is_there_and_what_replaced_it() {
    let text = |key: &str| {
        format!(
            "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: r, namespace: shop}}
spec: {{host: legacy, trafficPolicy: {{loadBalancer: {{{key}: 1m}}}}}}
"
        )
    };
    check(
        &text("zone$0AwareLbSetting"),
        expect![[r#"
        [zoneAwareLbSetting]
        **legacy.shop.svc.cluster.local** is not in the workspace

        ---

        **zoneAwareLbSetting**: object

        Keeps traffic in the client's zone as far as capacity allows.

        Since Istio 1.31.
    "#]],
    );
    check(
        &text("warmup$0DurationSecs"),
        expect![[r#"
        [warmupDurationSecs]
        **legacy.shop.svc.cluster.local** is not in the workspace

        ---

        **warmupDurationSecs**: string

        Time in which a new endpoint gets its full share.

        Form: a duration of 1ms or more, such as `10s`. Since Istio 1.14. Deprecated: use `warmup.duration`.
    "#]],
    );
}

#[test]
fn a_value_says_since_when_it_is_there() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: r, namespace: shop}
spec: {hosts: ['*.pay.example'], ports: [{number: 443, name: tls}], resol$0ution: DYNAMIC_DNS}
",
        expect![[r#"
            [resolution]
            **plaintext** → `*.pay.example:443` AUTO
            - decides: *.pay.example is MESH_EXTERNAL: no auto mTLS (main.yaml:3)
            - assumed: nothing of istio-system is in the workspace: no mesh-wide policy is assumed
            - from: shop/reviews-v1 and 1 more, edge/ingress

            ---

            **resolution**: string

            How endpoints are found, by default `NONE`.
            - `NONE`: To the address that the client called.
            - `STATIC`: To the endpoints' IP addresses.
            - `DNS`: To the addresses that DNS gives for the endpoints or hosts, all of them.
            - `DNS_ROUND_ROBIN`: To the first address that DNS gives. Since Istio 1.12.
            - `DYNAMIC_DNS`: To what DNS gives for the host of each call; needs a wildcard host. Since Istio 1.28.
        "#]],
    );
}

#[test]
fn a_version_of_the_api_says_since_when_it_is_served_and_what_comes_after_it() {
    check(
        "\
apiVersion: networking.istio.io/v1be$0ta1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: legacy}
",
        expect![[r#"
            [networking.istio.io/v1beta1]
            **apiVersion**: string

            API group and version.

            - `networking.istio.io/v1`: since Istio 1.22
            - `networking.istio.io/v1beta1`: old: use `v1`
            - `networking.istio.io/v1alpha3`: old: use `v1`

            Required.
        "#]],
    );
}
