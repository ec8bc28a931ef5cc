//! What a person reads over a word.

use std::path::Path;

use expect_test::{Expect, expect};
use istio_ls::ide;
use istio_ls::workspace::{Settings, Workspace};

use super::fixture::At;

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&At::parse(text).hover());
}

#[test]
fn plaintext_to_a_workload_that_takes_only_mtls() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: DIS$0ABLE}}}
",
        expect![[r#"
            [DISABLE]
            **plaintext** → `reviews.shop.svc.cluster.local:9080` HTTP
            - decides: DestinationRule shop/r: DISABLE by trafficPolicy (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more, edge/ingress
        "#]],
    );
}

#[test]
fn a_host_that_no_client_of_the_workspace_calls_is_called_by_an_assumed_sidecar() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: till}
spec: {hosts: [api.pay.example], exportTo: [.], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: pay, namespace: till}
spec: {host: api.pay.example, trafficPolicy: {tls: {mode: SIM$0PLE}}}
",
        expect![[r#"
            [SIMPLE]
            **TLS** → `api.pay.example:443` TLS
            - decides: DestinationRule till/pay: SIMPLE by trafficPolicy (main.yaml:9)
            - TLS in TLS unless a route sends plain HTTP there: `wrong version number`
            - assumed: no client of till is in the workspace: a sidecar is assumed to exist
            - from: sidecars of till
        "#]],
    );
}

#[test]
fn istio_mutual_that_fits() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: ISTIO$0_MUTUAL}}}
",
        expect![[r#"
            [ISTIO_MUTUAL]
            **Istio mTLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - SNI: `outbound_.9080_._.reviews.shop.svc.cluster.local`
            - decides: DestinationRule shop/r: ISTIO_MUTUAL by trafficPolicy (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fits
            - from: shop/reviews-v1 and 1 more, edge/ingress
        "#]],
    );
}

#[test]
fn a_rule_that_leaves_tls_to_auto_mtls() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: rev$0iews}
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
fn istio_mutual_to_a_workload_without_proxy() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: legacy.old.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO$0_MUTUAL}}}
",
        expect![[r#"
            [ISTIO_MUTUAL]
            **Istio mTLS** → `legacy.old.svc.cluster.local:80` HTTP
            - SNI: `outbound_.80_._.legacy.old.svc.cluster.local`
            - decides: DestinationRule shop/r: ISTIO_MUTUAL by trafficPolicy (main.yaml:4)
            - old/legacy has no proxy: fails: `503 UF`, `WRONG_VERSION_NUMBER`
            - from: shop/reviews-v1 and 1 more
        "#]],
    );
}

#[test]
fn a_subset_of_a_rule() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, subsets: [{name: v$01, labels: {version: v1}}]}
",
        expect![[r#"
            [v1]
            **Istio mTLS** → `reviews.shop.svc.cluster.local:9080` subset v1 HTTP
            - SNI: `outbound_.9080_.v1_.reviews.shop.svc.cluster.local`
            - decides: auto mTLS: Istio mTLS to endpoints that understand it
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fits
            - assumed: nothing of istio-system is in the workspace: no mesh-wide policy is assumed
            - from: shop/reviews-v1 and 1 more, edge/ingress
        "#]],
    );
}

#[test]
fn a_port_of_a_rule() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {portLevelSettings: [{port: {number: 9080}, tls: {mode: SIM$0PLE}}]}}
",
        expect![[r#"
            [SIMPLE]
            **TLS** → `reviews.shop.svc.cluster.local:9080` HTTP
            - decides: DestinationRule shop/r: SIMPLE by portLevelSettings for port 9080 (main.yaml:4)
            - shop/reviews-v1 accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fails: `503 UC`, connection reset
            - from: shop/reviews-v1 and 1 more, edge/ingress
        "#]],
    );
}

#[test]
fn a_host_that_nobody_provides() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: ghos$0t}
",
        expect![[r#"
            [ghost]
            **ghost.shop.svc.cluster.local** is not in the workspace
        "#]],
    );
}

#[test]
fn a_wildcard_rule() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: '*.shop.svc.cluster.local', trafficPolicy: {tls: {mode: DIS$0ABLE}}}
",
        expect![[r#"
            [DISABLE]
            - **plaintext** → `reviews.shop.svc.cluster.local:9080`, fails: `503 UC`, connection reset
        "#]],
    );
}

#[test]
fn strict_and_the_clients_it_breaks() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict, namespace: shop}
spec: {selector: {matchLabels: {app: reviews}}, mtls: {mode: STR$0ICT}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: r, namespace: shop}
spec: {host: reviews, trafficPolicy: {tls: {mode: DISABLE}}}
",
        expect![[r#"
            [STRICT]
            **STRICT** accepts Istio mTLS only; plaintext and other TLS are refused (`503 UC`)

            Decides for 1 workload in the workspace: shop/reviews-v1

            **breaks**

            - DestinationRule shop/r makes clients send plaintext (main.yaml:9): `503 UC`, connection reset
        "#]],
    );
}

#[test]
fn permissive() {
    check(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: loose, namespace: shop}
spec: {selector: {matchLabels: {app: reviews}}, mtls: {mode: PERM$0ISSIVE}}
",
        expect![[r#"
            [PERMISSIVE]
            **PERMISSIVE** accepts Istio mTLS and plaintext

            Decides for 1 workload in the workspace: shop/reviews-v1
        "#]],
    );
}

#[test]
fn a_server_of_a_gateway() {
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
    tls: {mode: SIM$0PLE, credentialName: shop-cert}
",
        expect![[r#"
            [SIMPLE]
            **Gateway edge/public**

            - port 443 HTTPS: **simple** for `shop.example.com`, client certificate none, on edge/ingress
              - certificate `shop-cert`
              - no-routes
        "#]],
    );
}

#[test]
fn the_port_of_a_server() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: ingress}
  servers:
  - port: {number: 4$043, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls: {mode: SIMPLE, credentialName: shop-cert}
",
        expect![[r#"
            [443]
            **Gateway edge/public**

            - port 443 HTTPS: **simple** for `shop.example.com`, client certificate none, on edge/ingress
              - certificate `shop-cert`
              - no-routes
        "#]],
    );
}

#[test]
fn mesh_among_the_gateways() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [reviews], gateways: [me$0sh]}
",
        expect![[r#"
            [mesh]
            **all sidecars of the mesh**

            The routes hold for calls from workloads, not from gateways.
        "#]],
    );
}

#[test]
fn a_gateway_that_is_not_there() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [reviews], gateways: [edge/gh$0ost]}
",
        expect![[r#"
            [edge/ghost]
            **Gateway edge/ghost** is not in the workspace
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
fn a_host_of_a_virtual_service() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: shop}
spec: {hosts: [revi$0ews], http: [{route: [{destination: {host: reviews}}]}]}
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
fn a_service_entry_outside_the_mesh() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec: {hosts: [api.pay$0.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
",
        expect![[r#"
            [api.pay.example]
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
fn a_port_of_a_service() {
    check(
        "\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 8$00}]}
",
        expect![[r#"
            [80]
            **Istio mTLS** → `web.shop.svc.cluster.local:80` HTTP
            - SNI: `outbound_.80_._.web.shop.svc.cluster.local`
            - decides: auto mTLS: Istio mTLS to endpoints that understand it
            - shop/web accepts STRICT by PeerAuthentication shop/default (shop.yaml:23): fits
            - assumed: nothing of istio-system is in the workspace: no mesh-wide policy is assumed
            - from: shop/reviews-v1 and 1 more, edge/ingress
        "#]],
    );
}

#[test]
fn the_labels_of_a_namespace() {
    check(
        "\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-inj$0ection: enabled}}
",
        expect![[r#"
            [istio-injection]
            **Namespace shop**: 2 workloads in the workspace
            - reviews-v1: sidecar
            - web: sidecar
        "#]],
    );
}

#[test]
fn the_labels_of_a_workload() {
    check(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec: {template: {metadata: {labels: {ap$0p: api}}}}
",
        expect![[r#"
            [app]
            **sidecar** Deployment shop/api

            - because: namespace istio-injection=enabled
            - inbound mTLS: STRICT (namespace)
        "#]],
    );
}

#[test]
fn nothing_to_say_about_a_comment() {
    check(
        "\
apiVersion: v1
kind: Service
# wha$0t
metadata: {name: web, namespace: shop}
",
        expect![[""]],
    );
}

#[test]
fn many_clients_are_not_all_named() {
    let clients: String = (0..8)
        .map(|n| {
            format!(
                "---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: n{n}}}\n\
                 ---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: c, namespace: n{n}}}\n\
                 spec: {{template: {{metadata: {{labels: {{sidecar.istio.io/inject: 'true'}}}}}}}}\n"
            )
        })
        .collect();
    let rule = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: r, namespace: shop}\n\
                spec: {host: reviews, trafficPolicy: {tls: {mode: DIS$0ABLE}}}\n";
    let shown = At::parse(&format!("{rule}{clients}")).hover();
    assert!(shown.contains("shop/reviews-v1 and 1 more"), "{shown}");
    assert!(shown.contains(", and ") && !shown.contains("n7/c"), "{shown}");
}

#[test]
fn a_rule_named_in_a_comment_or_in_the_settings_is_explained() {
    let shown = At::parse("kind: Service # istio-ls: ignore unknown-ho$0st, IST0101\n").hover();
    assert!(shown.starts_with("[unknown-host]\n# unknown-host\n") && shown.contains("## Symptom"), "{shown}");
    let mut workspace = istio_ls::workspace::Workspace::new(istio_ls::workspace::Settings::default());
    let file = std::path::Path::new("istio-ls.yaml");
    workspace.set_text(file, "exclude: [vendor]\nrules:\n  IST0134: off\n");
    let snapshot = workspace.snapshot();
    let hover = istio_ls::ide::hover(&snapshot.scoped(file).unwrap(), file, 28).unwrap();
    assert!(hover.markdown.starts_with("# tcp-port-capture\n"), "{}", hover.markdown);
}

#[test]
fn a_namespace_that_somebody_else_gives() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: w$0eb}
spec: {selector: {istio: ingress}}
#- apps/kustomization.yaml
namespace: shop
resources: [../main.yaml]
",
        expect![[r#"
            [web]
            In namespace **shop**: kustomization apps puts it there.

            ---

            **name**: string

            Name, unique in its namespace.
        "#]],
    );
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gate$0way
metadata: {name: web}
spec: {selector: {istio: ingress}}
",
        expect![[r#"
            [Gateway]
            In namespace **default**: none is written.

            ---

            **kind**: string

            Kind of the object.

            Required.
        "#]],
    );
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: w$0eb}
spec: {selector: {istio: ingress}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
#- apps/kustomization.yaml
resources: [../main.yaml]
",
        expect![[r#"
            [web]
            In namespace **shop**: none is written, and it is the only one that others of kustomization apps name.

            ---

            **name**: string

            Name, unique in its namespace.
        "#]],
    );
}

#[test]
fn what_the_values_of_a_chart_make_of_a_template() {
    let template = "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [\"{{ .Values.host }}\"]
";
    let files = [("Chart.yaml", "name: shop\n"), ("values.yaml", "host: web\n"), ("templates/web.yaml", template)];
    let mut workspace = Workspace::new(Settings::default());
    workspace.set_texts(files.map(|(path, text)| (path.into(), text.to_owned())).to_vec());
    let (snapshot, path) = (workspace.snapshot(), Path::new("templates/web.yaml"));
    let hover = ide::hover(&snapshot.scoped(path).unwrap(), path, template.find("host }}").unwrap()).unwrap();
    assert!(hover.markdown.starts_with("The values of the chart make it `web`.\n"), "{}", hover.markdown);
    assert_eq!(&template[hover.span], "\"{{ .Values.host }}\"");
}
