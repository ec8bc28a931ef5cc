//! What can be done at a place where nothing is wrong.

use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};
use istio_ls::{ide, text};

use super::fixture::At;

/// Each refactoring with what it adds to the file or makes of the line.
fn check(text: &str, expected: Expect) {
    let at = At::parse(text);
    let main = at.text(&PathBuf::from("main.yaml"));
    let mut out = String::new();
    for found in at.refactorings() {
        let after = text::apply_edits(main, &edits(&found)).unwrap();
        let new: Vec<_> = after.lines().filter(|line| !main.lines().any(|known| known == *line)).collect();
        out.push_str(&format!("{}\n  {}\n", found.title, new.join("\n  ")));
        assert!(!ide::document_symbols([(&istio_ls::yaml::parse(after.as_str().into()), 0)].into_iter()).is_empty());
    }
    expected.assert_eq(&out);
}

/// The edits of the one file.
fn edits(found: &ide::Refactoring) -> Vec<text::TextEdit> {
    let edit = |change: &ide::Change| match change {
        ide::Change::Edit { path, edit } => {
            assert_eq!(path, Path::new("main.yaml"));
            edit.clone()
        }
        ide::Change::Create { .. } => panic!("no file is made"),
    };
    found.changes.iter().map(edit).collect()
}

#[test]
fn a_short_host_in_full_and_what_it_lacks() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route, namespace: shop}
spec: {hosts: [\"rev$0iews\"]}
",
        expect![[r#"
            write the host in full: reviews.shop.svc.cluster.local
              spec: {hosts: ["reviews.shop.svc.cluster.local"]}
            add a DestinationRule for reviews.shop.svc.cluster.local
              ---
              kind: DestinationRule
              metadata:
                name: reviews
                namespace: shop
              spec:
                host: reviews.shop.svc.cluster.local
                trafficPolicy:
                  loadBalancer:
                    simple: LEAST_REQUEST
            add a PeerAuthentication that requires mTLS for reviews.shop.svc.cluster.local
              ---
              apiVersion: security.istio.io/v1
              kind: PeerAuthentication
              metadata:
                name: reviews
                namespace: shop
              spec:
                selector:
                  matchLabels:
                    app: reviews
                mtls:
                  mode: STRICT
        "#]],
    );
}

#[test]
fn a_full_host_in_short_within_its_namespace() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule, namespace: shop}
spec: {host: rev$0iews.shop.svc.cluster.local}
",
        expect![[r#"
            write the host in short: reviews
              spec: {host: reviews}
            add a PeerAuthentication that requires mTLS for reviews.shop.svc.cluster.local
              ---
              apiVersion: security.istio.io/v1
              kind: PeerAuthentication
              metadata:
                name: reviews
                namespace: shop
              spec:
                selector:
                  matchLabels:
                    app: reviews
                mtls:
                  mode: STRICT
        "#]],
    );
}

#[test]
fn a_service_entry_for_a_host_that_nothing_provides() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule, namespace: shop}
spec: {host: api.pay.ex$0ample}
",
        expect![[r#"
            add a ServiceEntry for api.pay.example
              ---
              kind: ServiceEntry
              metadata:
                name: api-pay-example
                namespace: shop
              spec:
                hosts:
                - api.pay.example
                location: MESH_EXTERNAL
                resolution: DNS
                ports:
                - number: 443
                  name: tls
                  protocol: TLS
        "#]],
    );
}

#[test]
fn the_newest_version_of_the_api() {
    check(
        "\
apiVersion: networking.istio.io/v1al$0pha3
kind: Gateway
metadata: {name: public, namespace: edge}
",
        expect![[r#"
            use networking.istio.io/v1
              apiVersion: networking.istio.io/v1
        "#]],
    );
}
