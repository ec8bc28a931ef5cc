//! A route that moves to a VirtualService of its own: what happens to calls stays the same.

use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};
use istio_ls::cli::tls::json;
use istio_ls::ide;
use istio_ls::ide::map::{Connections, Filter};
use istio_ls::text::apply_edits;
use istio_ls::workspace::{Settings, Workspace};

use super::fixture::{At, SHOP};

const ROUTES: &str = "\
# Who is served what.
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
  namespace: shop
spec:
  hosts: [shop.example.com]
  gateways: [edge/public]
  http:
  # The books first.
  - name: books
    match:
    - uri: {prefix: /books}   # and all below
    # Slow at night.
    timeout: 3s
    route:
    - destination:
        host: reviews   # short: of this namespace
  - route:
    - destination: {host: legacy.old.svc.cluster.local}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: ingress}
  servers:
  - {port: {number: 443, name: https, protocol: HTTPS}, hosts: [shop.example.com], tls: {mode: SIMPLE, credentialName: shop-cert}}
";

/// The text after the refactoring at the cursor; effective TLS and findings are those of before.
fn extracted(text: &str) -> Option<String> {
    let at = At::parse(text);
    let main = at.text(&PathBuf::from("main.yaml"));
    let is_wanted = |found: &ide::Refactoring| found.kind == ide::RefactoringKind::Extract;
    let found = at.refactorings().into_iter().find(is_wanted)?;
    let edit = |change| match change {
        ide::Change::Edit { edit, .. } => edit,
        ide::Change::Create { .. } => panic!("it stays in the file"),
    };
    let after = apply_edits(main, &found.changes.into_iter().map(edit).collect::<Vec<_>>()).unwrap();
    assert_eq!(answers(main), answers(&after), "{after}");
    Some(after)
}

/// Effective TLS of every connection, and all findings, of the shop with this file.
fn answers(main: &str) -> (String, Vec<String>) {
    let all = format!("{SHOP}#- main.yaml\n{main}");
    let parts = all.trim_start_matches("#- ").split("\n#- ").map(|part| part.split_once('\n').unwrap());
    let mut workspace = Workspace::new(Settings::default());
    workspace.set_texts(parts.map(|(path, text)| (path.into(), text.to_owned())).collect());
    workspace.check_all();
    let snapshot = workspace.snapshot();
    let scope = snapshot.scoped(Path::new("main.yaml")).unwrap();
    let rows = serde_json::to_string_pretty(&json(&Connections::of(scope.index(), &Filter::default()))).unwrap();
    let findings = snapshot.findings(Path::new("main.yaml"));
    (rows, findings.iter().map(|finding| format!("{}: {}", finding.rule, finding.message)).collect())
}

fn check(marked: &str, expected: Expect) {
    expected.assert_eq(&extracted(&ROUTES.replacen(marked, &format!("{marked}$0"), 1)).unwrap());
}

#[test]
fn a_route_with_its_comments() {
    check(
        "timeout",
        expect![[r#"
        # Who is served what.
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: shop
          namespace: shop
        spec:
          hosts: [shop.example.com]
          gateways: [edge/public]
          http:
          # The books first.
          - name: books
            match:
            - uri: {prefix: /books}   # and all below
            delegate:
              name: shop-books
          - route:
            - destination: {host: legacy.old.svc.cluster.local}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: shop-books
          namespace: shop
        spec:
          http:
          - # Slow at night.
            timeout: 3s
            route:
            - destination:
                host: reviews   # short: of this namespace
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: public, namespace: edge}
        spec:
          selector: {istio: ingress}
          servers:
          - {port: {number: 443, name: https, protocol: HTTPS}, hosts: [shop.example.com], tls: {mode: SIMPLE, credentialName: shop-cert}}
    "#]],
    );
}

#[test]
fn a_route_without_a_name_is_called_after_its_host() {
    check(
        "legacy",
        expect![[r#"
        # Who is served what.
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: shop
          namespace: shop
        spec:
          hosts: [shop.example.com]
          gateways: [edge/public]
          http:
          # The books first.
          - name: books
            match:
            - uri: {prefix: /books}   # and all below
            # Slow at night.
            timeout: 3s
            route:
            - destination:
                host: reviews   # short: of this namespace
          - delegate:
              name: shop-legacy
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: shop-legacy
          namespace: shop
        spec:
          http:
          - route:
            - destination: {host: legacy.old.svc.cluster.local}
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: public, namespace: edge}
        spec:
          selector: {istio: ingress}
          servers:
          - {port: {number: 443, name: https, protocol: HTTPS}, hosts: [shop.example.com], tls: {mode: SIMPLE, credentialName: shop-cert}}
    "#]],
    );
}

#[test]
fn a_route_in_one_line() {
    let text = "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec: {hosts: [reviews.shop.svc.cluster.local], http: [{match: [{port: 9080}], ro$0ute: [{destination: {host: reviews.shop.svc.cluster.local}}]}]}
";
    expect![[r#"
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: reviews}
        spec: {hosts: [reviews.shop.svc.cluster.local], http: [{match: [{port: 9080}], delegate: {name: reviews-1}}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: reviews-1
        spec:
          http:
          - route: [{destination: {host: reviews.shop.svc.cluster.local}}]
    "#]]
    .assert_eq(&extracted(text).unwrap());
}

#[test]
fn not_of_a_delegate_and_not_twice() {
    for (from, to) in [
        ("  hosts: [shop.example.com]\n  gateways: [edge/public]\n", ""),
        ("    timeout: 3s\n    route:\n    - destination:\n        host: reviews ", "    $0delegate: {name: books}"),
    ] {
        let text = ROUTES.replacen(from, to, 1);
        let text = if text.contains("$0") { text } else { text.replacen("timeout", "tim$0eout", 1) };
        assert_eq!(extracted(&text), None, "{text}");
    }
}

#[test]
fn not_what_an_alias_brings_or_repeats() {
    let text = ROUTES.replacen("timeout: 3s", "tim$0eout: &slow 3s", 1);
    assert_eq!(extracted(&text), None);
    let text = ROUTES.replacen("hosts: [shop", "hosts: [&slow shop", 1).replacen("timeout: 3s", "tim$0eout: *slow", 1);
    assert_eq!(extracted(&text), None);
}

#[test]
fn not_where_a_prefix_comes_before_names() {
    let text =
        ROUTES.replacen("timeout", "tim$0eout", 1) + "#- kustomization.yaml\nresources: [main.yaml]\nnamePrefix: a-\n";
    assert_eq!(extracted(&text), None);
}

#[test]
fn a_name_that_is_taken_gets_a_number() {
    let taken = "---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: shop-books, namespace: shop}\n";
    let text = ROUTES.replacen("timeout", "tim$0eout", 1)
        + taken
        + "spec: {hosts: [a.example.com], http: [{route: [{destination: {host: reviews}}]}]}\n";
    assert!(extracted(&text).unwrap().contains("delegate:\n      name: shop-books-2\n"));
}
