//! What holds for every mesh.

use proptest::prelude::*;

use crate::fixture;
use istio_ls::index::View;
use istio_ls::tls::gateway;

/// A namespace with a client and a server, and whatever `rules` say.
fn namespace(name: &str, rules: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: Namespace
metadata: {{name: {name}, labels: {{istio-injection: enabled}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: {name}}}
spec: {{selector: {{app: web}}, ports: [{{name: http, port: 80, targetPort: 8080}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {name}}}
spec: {{template: {{metadata: {{labels: {{app: web}}}}}}}}
---
{rules}
"
    )
}

fn rule(namespace: &str, host: &str, mode: &str, export_to: &str) -> String {
    format!(
        "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {}, namespace: {namespace}}}
spec: {{host: '{host}', exportTo: {export_to}, trafficPolicy: {{tls: {{mode: {mode}}}}}}}
---
",
        mode.to_ascii_lowercase().replace('_', "-")
    )
}

fn policy(namespace: &str, mode: &str) -> String {
    format!(
        "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {{name: default, namespace: {namespace}}}
spec: {{mtls: {{mode: {mode}}}}}
---
"
    )
}

fn resources(name: &'static str, hosts: &'static [&'static str]) -> impl Strategy<Value = String> {
    let rules = (
        prop::sample::select(hosts),
        prop::sample::select(&["DISABLE", "SIMPLE", "ISTIO_MUTUAL"][..]),
        prop::sample::select(&["['*']", "['.']", "[]"][..]),
    );
    let policies = prop::sample::select(&["STRICT", "PERMISSIVE", "DISABLE", "UNSET"][..]);
    (prop::collection::vec(rules, 0..3), prop::option::of(policies)).prop_map(move |(rules, mode)| {
        let rules: String =
            rules.into_iter().map(|(host, mode, export_to)| rule(name, host, mode, export_to)).collect();
        namespace(name, &(rules + &mode.map(|mode| policy(name, mode)).unwrap_or_default()))
    })
}

/// Gateways on one workload and one port, each with a route for its host.
fn gateways() -> impl Strategy<Value = String> {
    let server = (
        prop::sample::select(&["a.example.com", "b.example.com", "*.example.com", "*"][..]),
        prop::sample::select(&["SIMPLE", "PASSTHROUGH", "AUTO_PASSTHROUGH"][..]),
        prop::sample::select(&["http", "tls"][..]),
    );
    prop::collection::vec(server, 2..5).prop_map(|servers| {
        let gateway = |(n, (host, mode, kind)): (usize, (&str, &str, &str))| {
            let matches = if kind == "tls" { format!("match: [{{sniHosts: ['{host}']}}], ") } else { String::new() };
            let protocol = if mode == "SIMPLE" { "HTTPS" } else { "TLS" };
            format!(
                "---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: g{n}, namespace: shop}}
spec:
  selector: {{istio: edge}}
  servers:
  - port: {{number: 443, name: p, protocol: {protocol}}}
    hosts: ['{host}']
    tls: {{mode: {mode}, credentialName: c}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: r{n}, namespace: shop}}
spec: {{hosts: ['{host}'], gateways: [g{n}], {kind}: [{{{matches}route: [{{destination: {{host: web}}}}]}}]}}
"
            )
        };
        namespace("shop", &servers.into_iter().enumerate().map(gateway).collect::<String>())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Another namespace with its own services, rules and policies changes nothing between those that were there.
    #[test]
    fn an_unrelated_namespace_changes_no_row(
        shop in resources("shop", &["web", "*.shop.svc.cluster.local", "web.shop.svc.cluster.local"]),
        other in resources("other", &["web", "*.other.svc.cluster.local", "*"]),
    ) {
        let before = fixture::rows(&fixture::index(&shop));
        let after = fixture::rows(&fixture::index(&(shop + "---\n" + &other)));
        for table in ["workloads", "outbound", "inbound"] {
            for row in before[table].as_array().unwrap() {
                prop_assert!(after[table].as_array().unwrap().contains(row), "{row} is gone");
            }
        }
    }

    /// The order in which resources are read does not matter.
    #[test]
    fn the_order_of_documents_does_not_matter(
        shop in resources("shop", &["web", "*.shop.svc.cluster.local"]),
        other in resources("other", &["web", "web.shop.svc.cluster.local"]),
    ) {
        let one = fixture::rows(&fixture::index(&format!("{shop}---\n{other}")));
        let two = fixture::rows(&fixture::index(&format!("{other}---\n{shop}")));
        prop_assert_eq!(one, two);
    }

    /// A Gateway that is asked for alone is answered as among all others.
    #[test]
    fn the_servers_of_one_gateway_are_those_among_all(shop in gateways()) {
        let index = fixture::index(&shop);
        let view = View::new(&index);
        let said = |server: &gateway::Server<'_>| {
            let routes: Vec<_> = server.routes.iter().map(|route| (route.host.clone(), route.port)).collect();
            (server.index, server.status, server.sni.clone(), routes, server.source.entry().name().to_owned())
        };
        for workload in gateway::workloads(&view) {
            let all = gateway::servers(&view, &workload);
            for one in &all {
                let of_one = gateway::servers_of(&view, &workload, one.source.entry());
                let among = all.iter().filter(|server| server.source.entry().id == one.source.entry().id);
                prop_assert_eq!(of_one.iter().map(said).collect::<Vec<_>>(), among.map(said).collect::<Vec<_>>());
            }
        }
    }
}
