//! What a person is offered while typing, over the example of this project: the first eight items of each list.

use expect_test::{Expect, expect};

use super::fixture::At;

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&At::in_example(text).completion());
}

fn chosen(text: &str, label: &str, expected: Expect) {
    expected.assert_eq(&At::in_example(text).chosen(label));
}

fn indented(text: &str, expected: Expect) {
    expected.assert_eq(&At::in_example(text).indented());
}

#[test]
fn a_host_of_the_namespace_is_offered_by_its_short_name_first() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host: $0
",
        expect![[r#"
            web | Service storefront/web: 80 http
            cart | Service storefront/cart: 80 http
            api.cardpay.example | ServiceEntry payments/cardpay: 80 http
            egress-gateway.egress.svc.cluster.local | Service egress/egress-gateway: 443 https
            ingress-gateway.ingress.svc.cluster.local | Service ingress/ingress-gateway: 80 http2, 443 https
            checkout.payments.svc.cluster.local | Service payments/checkout: 80 http
            terminals.payments.svc.cluster.local | Service payments/terminals: 443 https
            products.warehouse.svc.cluster.local | Service warehouse/products: 80 http
            and 1 more
        "#]],
    );
}

#[test]
fn half_a_host() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts: [web]
  http:
    - route:
        - destination:
            host: inv$0
",
        expect![[r#"
            ingress-gateway.ingress.svc.cluster.local | Service ingress/ingress-gateway: 80 http2, 443 https
            terminals.payments.svc.cluster.local | Service payments/terminals: 443 https
        "#]],
    );
}

#[test]
fn an_item_of_hosts() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts:
    - $0
",
        expect![[r#"
            web | Service storefront/web: 80 http
            cart | Service storefront/cart: 80 http
            api.cardpay.example | ServiceEntry payments/cardpay: 80 http
            egress-gateway.egress.svc.cluster.local | Service egress/egress-gateway: 443 https
            ingress-gateway.ingress.svc.cluster.local | Service ingress/ingress-gateway: 80 http2, 443 https
            checkout.payments.svc.cluster.local | Service payments/checkout: 80 http
            terminals.payments.svc.cluster.local | Service payments/terminals: 443 https
            products.warehouse.svc.cluster.local | Service warehouse/products: 80 http
            and 1 more
        "#]],
    );
}

#[test]
fn a_host_in_a_list_of_brackets() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts: [web, $0]
",
        expect![[r#"
            cart | Service storefront/cart: 80 http
            api.cardpay.example | ServiceEntry payments/cardpay: 80 http
            egress-gateway.egress.svc.cluster.local | Service egress/egress-gateway: 443 https
            ingress-gateway.ingress.svc.cluster.local | Service ingress/ingress-gateway: 80 http2, 443 https
            checkout.payments.svc.cluster.local | Service payments/checkout: 80 http
            terminals.payments.svc.cluster.local | Service payments/terminals: 443 https
            products.warehouse.svc.cluster.local | Service warehouse/products: 80 http
            scanner.warehouse.svc.cluster.local | Service warehouse/scanner: 80 http
        "#]],
    );
}

#[test]
fn hosts_with_brackets_still_to_come() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts: $0
",
        expect![[r#"
            web | Service storefront/web: 80 http
            cart | Service storefront/cart: 80 http
            api.cardpay.example | ServiceEntry payments/cardpay: 80 http
            egress-gateway.egress.svc.cluster.local | Service egress/egress-gateway: 443 https
            ingress-gateway.ingress.svc.cluster.local | Service ingress/ingress-gateway: 80 http2, 443 https
            checkout.payments.svc.cluster.local | Service payments/checkout: 80 http
            terminals.payments.svc.cluster.local | Service payments/terminals: 443 https
            products.warehouse.svc.cluster.local | Service warehouse/products: 80 http
            and 1 more
        "#]],
    );
}

#[test]
fn a_host_between_quotes() {
    check(
        r#"apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts:
    - "$0"
"#,
        expect![[r#"
            web | Service storefront/web: 80 http
            cart | Service storefront/cart: 80 http
            api.cardpay.example | ServiceEntry payments/cardpay: 80 http
            egress-gateway.egress.svc.cluster.local | Service egress/egress-gateway: 443 https
            ingress-gateway.ingress.svc.cluster.local | Service ingress/ingress-gateway: 80 http2, 443 https
            checkout.payments.svc.cluster.local | Service payments/checkout: 80 http
            terminals.payments.svc.cluster.local | Service payments/terminals: 443 https
            products.warehouse.svc.cluster.local | Service warehouse/products: 80 http
            and 1 more
        "#]],
    );
}

#[test]
fn subsets_of_the_host() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts: [web]
  http:
    - route:
        - destination:
            host: products.warehouse.svc.cluster.local
            subset: $0
",
        expect![[r#"
            stable | track=stable, DestinationRule warehouse/products
            canary | track=canary, DestinationRule warehouse/products
        "#]],
    );
}

#[test]
fn ports_of_the_host() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: payments}
spec:
  hosts: [web]
  http:
    - route:
        - destination:
            host: api.cardpay.example
            port:
              number: $0
",
        expect![[r#"
            80 | http HTTP
        "#]],
    );
}

#[test]
fn ports_in_flow_style() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts: [web]
  http: [{route: [{destination: {host: web, port: {number: $0}}}]}]
",
        expect![[r#"
            80 | http HTTP
        "#]],
    );
}

#[test]
fn ports_of_a_rule() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host: cart
  trafficPolicy:
    portLevelSettings:
      - port:
          number: $0
",
        expect![[r#"
            80 | http HTTP
        "#]],
    );
}

#[test]
fn gateways_with_their_namespace() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  gateways:
    - $0
",
        expect![[r#"
            egress/cardpay | Gateway: payments/api.cardpay.example
            ingress/public | Gateway: payments/pay.example.com, payments/terminals.example.com, storefront/shop.example.com
            mesh | the sidecars of the mesh
        "#]],
    );
}

#[test]
fn gateways_of_the_namespace_without() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: ingress}
spec:
  gateways: [pub$0]
",
        expect![[r#"
            public | Gateway: payments/pay.example.com, payments/terminals.example.com, storefront/shop.example.com
        "#]],
    );
}

#[test]
fn a_namespace() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: $0}
",
        expect![[r#"
            default | Namespace
            egress | Namespace
            ingress | Namespace
            istio-system | root namespace of the mesh
            payments | Namespace
            storefront | Namespace
            warehouse | Namespace
        "#]],
    );
}

#[test]
fn namespaces_to_export_to() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host: web
  exportTo:
    - $0
",
        expect![[r#"
            * | every namespace
            . | this namespace only
            storefront | Namespace
            egress | Namespace
            ingress | Namespace
            istio-system | root namespace of the mesh
            payments | Namespace
            warehouse | Namespace
        "#]],
    );
}

#[test]
fn labels_of_workloads() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: r, namespace: payments}
spec:
  selector:
    matchLabels:
      $0
",
        expect![[r#"
            app | 2 of its workloads, such as checkout
        "#]],
    );
}

#[test]
fn values_of_a_label() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: r, namespace: payments}
spec:
  selector:
    matchLabels:
      app: $0
",
        expect![[r#"
            checkout | 1 workload
            terminals | 1 workload
        "#]],
    );
}

#[test]
fn labels_of_gateways() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: ingress}
spec:
  selector:
    istio: $0
",
        expect![[r#"
            egress-gateway | 1 workload
            ingress-gateway | 1 workload
        "#]],
    );
}

#[test]
fn labels_of_a_subset() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: warehouse}
spec:
  host: products
  subsets:
    - name: v2
      labels:
        track: $0
",
        expect![[r#"
            canary | 1 workload
            stable | 1 workload
        "#]],
    );
}

#[test]
fn secrets_beside_the_gateway() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: payments}
spec:
  selector: {istio: ingress-gateway}
  servers:
    - tls:
        mode: SIMPLE
        credentialName: $0
",
        expect![[r#"
            shop-certificate | Secret ingress/shop-certificate, kubernetes.io/tls
            partners-certificate | Secret ingress/partners-certificate, kubernetes.io/tls
        "#]],
    );
}

#[test]
fn principals() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: r, namespace: payments}
spec:
  rules:
    - from:
        - source:
            principals:
              - $0
",
        expect![[r#"
            cluster.local/ns/payments/sa/checkout | ServiceAccount payments/checkout
            cluster.local/ns/payments/sa/terminals | ServiceAccount payments/terminals
            cluster.local/ns/egress/sa/egress-gateway | ServiceAccount egress/egress-gateway
            cluster.local/ns/ingress/sa/ingress-gateway | ServiceAccount ingress/ingress-gateway
            cluster.local/ns/storefront/sa/cart | ServiceAccount storefront/cart
            cluster.local/ns/storefront/sa/web | ServiceAccount storefront/web
            cluster.local/ns/warehouse/sa/products | ServiceAccount warehouse/products
            cluster.local/ns/warehouse/sa/scanner | ServiceAccount warehouse/scanner
        "#]],
    );
}

#[test]
fn namespaces_of_a_source() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: r, namespace: payments}
spec: {rules: [{from: [{source: {namespaces: [$0]}}]}]}
",
        expect![[r#"
            payments | Namespace
            egress | Namespace
            ingress | Namespace
            istio-system | root namespace of the mesh
            storefront | Namespace
            warehouse | Namespace
        "#]],
    );
}

#[test]
fn hosts_of_a_sidecar() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: r, namespace: storefront}
spec:
  egress:
    - hosts:
        - $0
",
        expect![[r#"
            ./* | all of this namespace
            istio-system/* | all of the root namespace
            egress/* | all of the namespace
            ingress/* | all of the namespace
            payments/* | all of the namespace
            storefront/* | all of the namespace
            warehouse/* | all of the namespace
            payments/api.cardpay.example | ServiceEntry payments/cardpay
            and 9 more
        "#]],
    );
}

#[test]
fn sni_hosts_are_hosts_of_the_route() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: payments}
spec:
  hosts: [terminals.example.com]
  tls:
    - match:
        - sniHosts: [$0]
",
        expect![[r#"
            terminals.example.com
        "#]],
    );
}

#[test]
fn names_in_certificates() {
    check(
        r#"apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: payments}
spec:
  host: x
  trafficPolicy:
    tls:
      subjectAltNames: ["spiffe://$0"]
"#,
        expect![[r#"
            spiffe://cluster.local/ns/payments/sa/checkout | ServiceAccount payments/checkout
            spiffe://cluster.local/ns/payments/sa/terminals | ServiceAccount payments/terminals
            spiffe://cluster.local/ns/egress/sa/egress-gateway | ServiceAccount egress/egress-gateway
            spiffe://cluster.local/ns/ingress/sa/ingress-gateway | ServiceAccount ingress/ingress-gateway
            spiffe://cluster.local/ns/storefront/sa/cart | ServiceAccount storefront/cart
            spiffe://cluster.local/ns/storefront/sa/web | ServiceAccount storefront/web
            spiffe://cluster.local/ns/warehouse/sa/products | ServiceAccount warehouse/products
            spiffe://cluster.local/ns/warehouse/sa/scanner | ServiceAccount warehouse/scanner
        "#]],
    );
}

#[test]
fn modes_of_a_client_with_what_comes_of_them() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: payments}
spec:
  host: checkout
  trafficPolicy:
    tls:
      mode: $0
",
        expect![[r#"
            ISTIO_MUTUAL | what checkout.payments.svc.cluster.local accepts
            SIMPLE | fails at payments/checkout: 503 UC, connection reset
            MUTUAL | fails at payments/checkout: 503 UC, connection reset
            DISABLE | fails at payments/checkout: 503 UC, connection reset
        "#]],
    );
}

#[test]
fn modes_that_fail_stand_last() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: warehouse}
spec:
  host: scanner
  trafficPolicy: {tls: {mode: $0}}
",
        expect![[r#"
            SIMPLE | Sends TLS and shows no certificate
            MUTUAL | Sends TLS and shows the client certificate that is named here
            DISABLE | Sends plaintext
            ISTIO_MUTUAL | fails: no sidecar there
        "#]],
    );
}

#[test]
fn subsets_for_versions_without_one() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: warehouse}
spec:
  host: products
  subsets:
    - $0
",
        expect![[r#"
            subset canary | pods with track=canary
            subset stable | pods with track=stable
            name | string, required
            labels | object
            trafficPolicy | object
        "#]],
    );
}

#[test]
fn gateways_that_answer_for_the_host_first() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts: [shop.example.com]
  gateways: [$0]
",
        expect![[r#"
            ingress/public | Gateway: payments/pay.example.com, payments/terminals.example.com, storefront/shop.example.com
            egress/cardpay | Gateway: payments/api.cardpay.example
            mesh | the sidecars of the mesh
        "#]],
    );
}

#[test]
fn modes_of_a_server() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: storefront}
spec:
  servers:
    - tls: {mode: $0}
",
        expect![[r#"
            SIMPLE | Opens TLS with the server's certificate
            MUTUAL | Opens TLS and demands a client certificate
            ISTIO_MUTUAL | Opens Istio mTLS with the certificate that Istio gave the gateway
            PASSTHROUGH | Forwards TLS unopened; TLS routes choose the destination by SNI
            AUTO_PASSTHROUGH | Forwards TLS unopened to the service that the SNI names, without a VirtualService
            OPTIONAL_MUTUAL | Opens TLS; a client certificate may be missing but is checked when shown
        "#]],
    );
}

#[test]
fn modes_of_a_policy() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: r, namespace: storefront}
spec:
  mtls:
    mode: $0
",
        expect![[r#"
            STRICT | Accepts Istio mTLS only
            PERMISSIVE | Accepts Istio mTLS and plaintext
            UNSET | Inherits from the namespace or the mesh; without any: PERMISSIVE
            DISABLE | Accepts no Istio mTLS
        "#]],
    );
}

#[test]
fn ports_of_a_policy() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: r, namespace: payments}
spec:
  selector: {matchLabels: {app: checkout}}
  portLevelMtls:
    $0
",
        expect![[r#"
            8080 | http of checkout
        "#]],
    );
}

#[test]
fn protocols() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: r, namespace: storefront}
spec:
  ports:
    - protocol: H$0
",
        expect![[r#"
            HTTP | plaintext HTTP
            HTTPS | TLS that carries HTTP
            HTTP2 | HTTP/2
            GRPC | gRPC
            TCP | any bytes
            TLS | TLS that carries any bytes
            MONGO | MongoDB
        "#]],
    );
}

#[test]
fn a_boolean() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: storefront}
spec:
  servers:
    - tls: {httpsRedirect: $0}
",
        expect![[r#"
            true
            false
        "#]],
    );
}

#[test]
fn backends_of_a_route() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: storefront}
spec:
  rules:
    - backendRefs:
        - name: $0
",
        expect![[r#"
            web | Service storefront/web
            cart | Service storefront/cart
        "#]],
    );
}

#[test]
fn ports_of_a_backend() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: storefront}
spec:
  rules:
    - backendRefs:
        - name: web
          port: $0
",
        expect![[r#"
            80 | http HTTP
        "#]],
    );
}

#[test]
fn kinds_of_the_group() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: $0
",
        expect![[r#"
            PeerAuthentication | security.istio.io
            RequestAuthentication | security.istio.io
            AuthorizationPolicy | security.istio.io
        "#]],
    );
}

#[test]
fn versions_of_the_kind() {
    check(
        "\
apiVersion: $0
kind: PeerAuthentication
",
        expect![[r#"
            security.istio.io/v1 | PeerAuthentication
            security.istio.io/v1beta1 | PeerAuthentication
        "#]],
    );
}

#[test]
fn fields_of_an_object_the_required_ones_first() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  $0
",
        expect![[r#"
            host | string, required
            trafficPolicy | object
            subsets | array
            exportTo | array
            workloadSelector | object
        "#]],
    );
}

#[test]
fn a_half_typed_field() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host: web
  tra$0
",
        expect![[r#"
            trafficPolicy | object
            subsets | array
            exportTo | array
            workloadSelector | object
        "#]],
    );
}

#[test]
fn a_half_typed_field_above_others() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  ho$0
  trafficPolicy:
    tls: {mode: SIMPLE}
",
        expect![[r#"
            host | string, required
            subsets | array
            exportTo | array
            workloadSelector | object
        "#]],
    );
}

#[test]
fn fields_of_an_item_of_a_list() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: storefront}
spec:
  servers:
    - $0
",
        expect![[r#"
            server with TLS | opens TLS with a certificate
            server with mutual TLS | demands a client certificate too
            server that redirects to HTTPS | answers 301 on plaintext
            server that passes TLS through | leaves TLS to the service
            port | object, required
            hosts | array, required
            name | string
            bind | string
            and 2 more
        "#]],
    );
}

#[test]
fn fields_of_a_begun_item() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: storefront}
spec:
  servers:
    - port: {number: 80, name: http, protocol: HTTP}
      $0
",
        expect![[r#"
            hosts | array, required
            name | string
            bind | string
            tls | object
            defaultEndpoint | string
        "#]],
    );
}

#[test]
fn a_list_without_its_dash() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts: [web]
  http:
    $0
",
        expect![[r#"
            route to a service | all calls to one host
            route with subsets | calls split by weight
            name | string
            match | array
            route | array
            redirect | object
            directResponse | object
            delegate | object
            and 11 more
        "#]],
    );
}

#[test]
fn fields_in_flow_style() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec: {host: web, $0}
",
        expect![[r#"
            trafficPolicy | object
            subsets | array
            exportTo | array
            workloadSelector | object
        "#]],
    );
}

#[test]
fn fields_in_flow_style_over_lines() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec: {
  host: web,
  $0
}
",
        expect![[r#"
            trafficPolicy | object
            subsets | array
            exportTo | array
            workloadSelector | object
        "#]],
    );
}

#[test]
fn a_field_that_another_excludes_is_left_out() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host: web
  trafficPolicy:
    loadBalancer:
      simple: RANDOM
      $0
",
        expect![[r#"
            localityLbSetting | object
            warmup | object
            zoneAwareLbSetting | object
            warmupDurationSecs | string
        "#]],
    );
}

#[test]
fn the_end_of_the_file_without_a_line_break() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: r, namespace: storefront}
spec:
  mtls:
    $0",
        expect![[r#"
            mode | string
        "#]],
    );
}

#[test]
fn an_empty_document() {
    check(
        "\
$0",
        expect![[r#"
            VirtualService | routes calls to a host
            DestinationRule | TLS, subsets and limits of calls to a host
            Gateway | servers of a gateway with TLS
            ServiceEntry | a host outside the mesh
            PeerAuthentication STRICT | mTLS for the namespace
            PeerAuthentication STRICT with exceptions | mTLS for some workloads but for some ports
            AuthorizationPolicy | who may call
            RequestAuthentication | checks tokens
            and 6 more
        "#]],
    );
}

#[test]
fn half_a_word_in_an_empty_document() {
    check(
        "\
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
Vir$0",
        expect![[r#"
            VirtualService | routes calls to a host
            DestinationRule | TLS, subsets and limits of calls to a host
            Gateway | servers of a gateway with TLS
            ServiceEntry | a host outside the mesh
            PeerAuthentication STRICT | mTLS for the namespace
            PeerAuthentication STRICT with exceptions | mTLS for some workloads but for some ports
            AuthorizationPolicy | who may call
            RequestAuthentication | checks tokens
            and 6 more
        "#]],
    );
}

#[test]
fn what_an_object_still_lacks() {
    check(
        "\
apiVersion: networking.istio.io/v1
$0
",
        expect![[r#"
            kind
            metadata
            spec
        "#]],
    );
}

#[test]
fn nothing_in_a_comment() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host: web # $0
",
        expect![[""]],
    );
}

#[test]
fn nothing_in_an_action_of_a_template() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host: {{ .Values.$0 }}
",
        expect![[""]],
    );
}

#[test]
fn nothing_in_a_block_of_text() {
    check(
        "\
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  a: |
    host: $0
",
        expect![[""]],
    );
}

#[test]
fn nothing_for_a_field_that_nobody_knows() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  hostt: $0
",
        expect![[""]],
    );
}

#[test]
fn nothing_behind_a_colon_without_a_blank() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host:$0
",
        expect![[""]],
    );
}

#[test]
fn a_chosen_word_replaces_all_of_the_typed_one() {
    chosen(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts: [web]
  http:
    - route:
        - destination:
            host: ca$0tal
",
        "cart",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: r, namespace: storefront}
            spec:
              hosts: [web]
              http:
                - route:
                    - destination:
                        host: cart
        "#]],
    );
}

#[test]
fn a_chosen_list_gets_its_brackets() {
    chosen(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts: $0
",
        "web",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: r, namespace: storefront}
            spec:
              hosts: [web]
        "#]],
    );
}

#[test]
fn a_chosen_item_gets_its_dash() {
    chosen(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  hosts:
    $0
",
        "web",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: r, namespace: storefront}
            spec:
              hosts:
                - web
        "#]],
    );
}

#[test]
fn a_wildcard_is_quoted() {
    chosen(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host: web
  exportTo:
    - $0
",
        "*",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: r, namespace: storefront}
            spec:
              host: web
              exportTo:
                - "*"
        "#]],
    );
}

#[test]
fn a_wildcard_between_quotes_is_not() {
    chosen(
        r#"apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host: web
  exportTo: ["$0"]
"#,
        "*",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: r, namespace: storefront}
            spec:
              host: web
              exportTo: ["*"]
        "#]],
    );
}

#[test]
fn a_chosen_field_brings_what_it_requires() {
    chosen(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: storefront}
spec:
  servers:
    - po$0
",
        "port",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: r, namespace: storefront}
            spec:
              servers:
                - port:
                    number: 
                    protocol: 
                    name: 
        "#]],
    );
}

#[test]
fn a_chosen_field_in_flow_style() {
    chosen(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec: {host: web, sub$0}
",
        "subsets",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: r, namespace: storefront}
            spec: {host: web, subsets: []}
        "#]],
    );
}

#[test]
fn a_key_that_has_its_value_is_only_renamed() {
    chosen(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  ho$0: web
",
        "host",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: r, namespace: storefront}
            spec:
              host: web
        "#]],
    );
}

#[test]
fn a_server_with_tls() {
    chosen(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: storefront}
spec:
  servers:
    - $0
",
        "server with TLS",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: r, namespace: storefront}
            spec:
              servers:
                - port:
                    number: 443
                    name: https
                    protocol: HTTPS
                  hosts:
                    - www.example.com
                  tls:
                    mode: SIMPLE
                    credentialName: certificate
        "#]],
    );
}

#[test]
fn a_server_where_the_dash_is_still_to_come() {
    chosen(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: storefront}
spec:
  servers:
    $0
",
        "server that redirects to HTTPS",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: r, namespace: storefront}
            spec:
              servers:
                - port:
                    number: 80
                    name: http
                    protocol: HTTP
                  hosts:
                    - www.example.com
                  tls:
                    httpsRedirect: true
        "#]],
    );
}

#[test]
fn a_route_between_the_subsets_that_there_are() {
    chosen(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: warehouse}
spec:
  hosts: [products]
  http:
    - $0
",
        "route with subsets",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: r, namespace: warehouse}
            spec:
              hosts: [products]
              http:
                - route:
                    - destination:
                        host: products
                        subset: stable
                      weight: 50
                    - destination:
                        host: products
                        subset: canary
                      weight: 50
        "#]],
    );
}

#[test]
fn a_port_of_its_own_mode() {
    chosen(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: r, namespace: payments}
spec:
  selector: {matchLabels: {app: checkout}}
  portLevelMtls:
    $0
",
        "8080",
        expect![[r#"
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: r, namespace: payments}
            spec:
              selector: {matchLabels: {app: checkout}}
              portLevelMtls:
                8080:
                  mode: 
        "#]],
    );
}

#[test]
fn a_policy_with_exceptions_from_nothing() {
    chosen(
        "\
$0",
        "PeerAuthentication STRICT with exceptions",
        expect![[r#"
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata:
              name: web
              namespace: default
            spec:
              selector:
                matchLabels:
                  app: web
              mtls:
                mode: STRICT
              portLevelMtls:
                8080:
                  mode: PERMISSIVE"#]],
    );
}

#[test]
fn a_rule_for_a_host_of_the_file() {
    chosen(
        "\
apiVersion: v1
kind: Service
metadata: {name: search, namespace: storefront}
---
$0",
        "DestinationRule for search",
        expect![[r#"
            apiVersion: v1
            kind: Service
            metadata: {name: search, namespace: storefront}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata:
              name: search
              namespace: storefront
            spec:
              host: search
              trafficPolicy:
                tls:
                  mode: ISTIO_MUTUAL"#]],
    );
}

#[test]
fn a_line_below_a_map_is_indented() {
    indented(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  trafficPolicy:
$0
",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: r, namespace: storefront}
            spec:
              trafficPolicy:
                |
        "#]],
    );
}

#[test]
fn a_line_below_a_list_gets_a_dash() {
    indented(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: storefront}
spec:
  http:
  $0
",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: r, namespace: storefront}
            spec:
              http:
                - |
        "#]],
    );
}

#[test]
fn a_line_below_a_key_of_an_item() {
    indented(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: r, namespace: storefront}
spec:
  servers:
    - port:
    $0
",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: r, namespace: storefront}
            spec:
              servers:
                - port:
                    |
        "#]],
    );
}

#[test]
fn a_line_below_a_value_stays() {
    indented(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: storefront}
spec:
  host: web
  $0
",
        expect![[r#"
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: r, namespace: storefront}
            spec:
              host: web
              |
        "#]],
    );
}
