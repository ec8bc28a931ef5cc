//! The tree of a file, and the search for resources.

use std::path::{Path, PathBuf};

use expect_test::expect;
use istio_ls::ide::{self, Symbol};

use super::fixture::At;

fn tree(symbols: &[Symbol], depth: usize, out: &mut String) {
    for symbol in symbols {
        out.push_str(&format!("{}{} ({})\n", "  ".repeat(depth), symbol.name, symbol.detail));
        tree(&symbol.children, depth + 1, out);
    }
}

#[test]
fn documents_hold_servers_routes_subsets_and_ports() {
    let text = "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {servers: [{port: {number: 443, name: https, protocol: HTTPS}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route}
spec: {http: [{name: all, route: []}, {route: [{destination: {host: reviews}}]}, {}]}
---
apiVersion: example.com/v1
kind: Unknown
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}
$0";
    let at = At::parse(text);
    let file = at.snapshot().file(Path::new("main.yaml")).unwrap();
    let documents = file.documents.iter().map(|placed| (&*placed.content.yaml, placed.start));
    let symbols = ide::document_symbols(documents);
    let mut out = String::new();
    tree(&symbols, 0, &mut out);
    expect![[r#"
        public (Gateway in edge)
          https (servers)
        route (VirtualService)
          all (http)
          reviews (http)
          http[2] (http)
        Unknown (Unknown)
        web (Service)
          80 (ports)
    "#]]
    .assert_eq(&out);
    let first = &symbols[0];
    assert_eq!(&at.text(&PathBuf::from("main.yaml"))[first.select.range()], "public");
}

#[test]
fn a_search_finds_letters_in_order_and_the_best_first() {
    let at = At::parse("a: $0b\n");
    let scopes: Vec<_> = at.snapshot().scopes().collect();
    let search = |query: &str| -> Vec<String> {
        let found = ide::workspace_symbols(&scopes, query, 5);
        found.iter().map(|found| format!("{} ({})", found.name, found.detail)).collect()
    };
    assert_eq!(search("rvw"), ["reviews (Service in shop)", "reviews-v1 (Deployment in shop)"]);
    assert_eq!(search("kind:deploy ns:shop"), ["reviews-v1 (Deployment in shop)", "web (Deployment in shop)"]);
    assert_eq!(search("shop/web"), ["web (Deployment in shop)"]);
    assert_eq!(search("nowhere"), Vec::<String>::new());
}
