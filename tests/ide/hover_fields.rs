//! What a person reads over single fields, ports and the Gateway API.

use expect_test::{Expect, expect};

use super::fixture::At;

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&At::parse(text).hover());
}

#[test]
fn the_server_name_of_a_rule() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: SIMPLE, sni: revi$0ews.example}}}
",
        expect![[r#"
            [reviews.example]
            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - SNI: `reviews.example`
            - decides: DestinationRule shop/r: SIMPLE by trafficPolicy (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more, edge/ingress

            `sni`: the server name that is sent, whatever the request asks for
        "#]],
    );
}

#[test]
fn the_authority_of_a_rule() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: SIMPLE, caCerti$0ficates: /etc/ca.pem}}}
",
        expect![[r#"
            [caCertificates]
            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - decides: DestinationRule shop/r: SIMPLE by trafficPolicy (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more, edge/ingress

            `caCertificates`: a file in the client's proxy: its CAs must have signed the server's certificate

            ---

            **caCertificates**: string

            File of the CA certificates that check the server; without it and `credentialName` the system's are used.
        "#]],
    );
}

#[test]
fn a_field_that_the_mode_does_not_read() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, caCerti$0ficates: /etc/ca.pem}}}
",
        expect![[r#"
            [caCertificates]
            **Istio mTLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - SNI: `outbound_.9080_._.reviews.shop.svc.cluster.local`
            - decides: DestinationRule shop/r: ISTIO_MUTUAL by trafficPolicy (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fits
            - from: shop/reviews-v1 and 1 more, edge/ingress

            `caCertificates`: without effect: Istio mTLS brings its own certificates

            ---

            **caCertificates**: string

            File of the CA certificates that check the server; without it and `credentialName` the system's are used.
        "#]],
    );
}

#[test]
fn a_certificate_that_simple_does_not_show() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: SIMPLE, clientCerti$0ficate: /etc/cert.pem}}}
",
        expect![[r#"
            [clientCertificate]
            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - decides: DestinationRule shop/r: SIMPLE by trafficPolicy (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more, edge/ingress

            `clientCertificate`: without effect: SIMPLE shows no client certificate

            ---

            **clientCertificate**: string

            File of the client's certificate chain in the proxy, for `MUTUAL`.
        "#]],
    );
}

#[test]
fn the_names_that_a_rule_expects() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: SIMPLE, subjectAltNames: [revi$0ews.example]}}}
",
        expect![[r#"
            [reviews.example]
            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - decides: DestinationRule shop/r: SIMPLE by trafficPolicy (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more, edge/ingress

            `subjectAltNames`: the server's certificate must carry one of these names
        "#]],
    );
}

#[test]
fn a_rule_that_does_not_verify() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: SIMPLE, insecureSkipVer$0ify: true}}}
",
        expect![[r#"
            [insecureSkipVerify]
            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - decides: DestinationRule shop/r: SIMPLE by trafficPolicy (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more, edge/ingress

            `insecureSkipVerify`: the server's certificate is not verified

            ---

            **insecureSkipVerify**: boolean

            Accepts any certificate of the server.
        "#]],
    );
}

#[test]
fn the_credential_of_a_rule_which_sidecars_do_not_read() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: SIMPLE, credentialName: shop-c$0ert}}}
",
        expect![[r#"
            [shop-cert]
            **plaintext** → `reviews.shop.svc.cluster.local:9080` HTTP
            - decides: a sidecar ignores a tls block with credentialName unless the rule has a workloadSelector (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more

            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - decides: DestinationRule shop/r: SIMPLE by trafficPolicy (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: edge/ingress

            `credentialName`: a Secret in the namespace of the client; in the workspace: edge/shop-cert, shop/shop-cert
        "#]],
    );
}

#[test]
fn the_credential_of_a_server() {
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
    tls: {mode: SIMPLE, credentialName: shop-c$0ert}
",
        expect![[r#"
            [shop-cert]
            **Gateway edge/public**

            - port 443 HTTPS: **simple** for `shop.example.com`, client certificate none, on edge/ingress
              - certificate `shop-cert`
              - no-routes

            `credentialName`: Secret edge/shop-cert is in the namespace of the gateway workload
        "#]],
    );
}

#[test]
fn the_credential_of_a_server_that_is_not_there() {
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
    tls: {mode: SIMPLE, credentialName: ghost-c$0ert}
",
        expect![[r#"
            [ghost-cert]
            **Gateway edge/public**

            - port 443 HTTPS: **simple** for `shop.example.com`, client certificate none, on edge/ingress
              - certificate `ghost-cert`
              - no-routes

            `credentialName`: must be a Secret in edge, where the gateway workload runs; no Secret `ghost-cert` is in the workspace
        "#]],
    );
}

#[test]
fn a_host_of_a_server() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: ingress}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.exam$0ple.com]
    tls: {mode: SIMPLE, credentialName: shop-cert}
",
        expect![[r#"
            [shop.example.com]
            **Gateway edge/public**

            - port 443 HTTPS: **simple** for `shop.example.com`, client certificate none, on edge/ingress
              - certificate `shop-cert`
              - no-routes
        "#]],
    );
}

#[test]
fn the_port_of_a_service_entry() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 4$043, name: tls, protocol: TLS}]}
",
        expect![[r#"
            [443]
            **the application's own TLS** → `api.pay.example:443` TLS
            - decides: api.pay.example is MESH_EXTERNAL: no auto mTLS (main.yaml:4)
            - assumed: nothing of istio-system is in the workspace: no mesh-wide policy is assumed
            - from: shop/reviews-v1 and 1 more

            **plaintext** → `api.pay.example:443` TLS
            - decides: api.pay.example is MESH_EXTERNAL: no auto mTLS (main.yaml:4)
            - assumed: nothing of istio-system is in the workspace: no mesh-wide policy is assumed
            - from: edge/ingress
        "#]],
    );
}

#[test]
fn the_location_of_a_service_entry() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay.example], location: MESH_INTER$0NAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
",
        expect![[r#"
            [MESH_INTERNAL]
            **the application's own TLS** → `api.pay.example:443` TLS
            - decides: api.pay.example does not understand Istio mTLS
            - assumed: nothing of istio-system is in the workspace: no mesh-wide policy is assumed
            - from: shop/reviews-v1 and 1 more

            **plaintext** → `api.pay.example:443` TLS
            - decides: api.pay.example does not understand Istio mTLS
            - assumed: nothing of istio-system is in the workspace: no mesh-wide policy is assumed
            - from: edge/ingress
        "#]],
    );
}

#[test]
fn a_port_of_a_policy() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: p, namespace: shop}
spec: {selector: {matchLabels: {app: reviews}}, mtls: {mode: STRICT}, portLevelMtls: {9080: {mode: DIS$0ABLE}}}
",
        expect![[r#"
            [DISABLE]
            **DISABLE** accepts no Istio mTLS

            Decides for 1 workload in the workspace: shop/reviews-v1
        "#]],
    );
}

#[test]
fn the_port_of_a_destination() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, port: {number: 90$080}}}]}]}
",
        expect![[r#"
            [9080]
            **Istio mTLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - SNI: `outbound_.9080_._.reviews.shop.svc.cluster.local`
            - decides: auto mTLS: Istio mTLS to endpoints that understand it
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fits
            - assumed: nothing of istio-system is in the workspace: no mesh-wide policy is assumed
            - from: shop/reviews-v1 and 1 more, edge/ingress
        "#]],
    );
}

#[test]
fn a_listener_of_the_gateway_api() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: istio
  listeners:
  - {name: https, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {mode: Termi$0nate, certificateRefs: [{name: shop-cert}]}}
",
        expect![[r#"
            [Terminate]
            **Gateway shop/public**

            - port 443 HTTPS: **simple** for `shop.example.com`, client certificate none, on shop/public-istio
              - certificate `shop/shop-cert`
              - no-routes
        "#]],
    );
}

#[test]
fn the_parent_of_a_route() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: istio
  listeners:
  - {name: https, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {mode: Terminate, certificateRefs: [{name: shop-cert}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: pub$0lic}]
  rules:
  - backendRefs: [{name: reviews, port: 9080}]
",
        expect![[r#"
            [public]
            **Gateway shop/public**

            - port 443 HTTPS: **simple** for `shop.example.com`, client certificate none, on shop/public-istio
              - certificate `shop/shop-cert`
              - HTTPRoute shop/shop → `reviews.shop.svc.cluster.local:9080`: istio-mtls
        "#]],
    );
}

#[test]
fn a_parent_that_is_not_there() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: gho$0st}]
  rules:
  - backendRefs: [{name: reviews, port: 9080}]
",
        expect![[r#"
            [ghost]
            **Gateway shop/ghost** is not in the workspace
        "#]],
    );
}

#[test]
fn a_backend_of_a_route() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: istio
  listeners:
  - {name: https, port: 443, protocol: HTTPS, hostname: shop.example.com, tls: {mode: Terminate, certificateRefs: [{name: shop-cert}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: public}]
  rules:
  - backendRefs: [{name: revi$0ews, port: 9080}]
",
        expect![[r#"
            [reviews]
            **Istio mTLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - SNI: `outbound_.9080_._.reviews.shop.svc.cluster.local`
            - decides: auto mTLS: Istio mTLS to endpoints that understand it
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fits
            - assumed: nothing of istio-system is in the workspace: no mesh-wide policy is assumed
            - from: shop/reviews-v1 and 1 more, edge/ingress
        "#]],
    );
}

#[test]
fn the_target_of_a_backend_tls_policy() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: b, namespace: shop}
spec:
  targetRefs: [{group: '', kind: Service, name: revi$0ews}]
  validation: {hostname: reviews.example, wellKnownCACertificates: System}
",
        expect![[r#"
            [reviews]
            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - SNI: `reviews.example`
            - decides: BackendTLSPolicy shop/b: SIMPLE by its validation (main.yaml:6)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more, edge/ingress
        "#]],
    );
}

#[test]
fn what_a_backend_tls_policy_verifies() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: b, namespace: shop}
spec:
  targetRefs: [{group: '', kind: Service, name: reviews}]
  validation: {hostname: reviews.exam$0ple, wellKnownCACertificates: System}
",
        expect![[r#"
            [reviews.example]
            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - SNI: `reviews.example`
            - decides: BackendTLSPolicy shop/b: SIMPLE by its validation (main.yaml:6)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more, edge/ingress
        "#]],
    );
}
