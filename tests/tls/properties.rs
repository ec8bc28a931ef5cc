//! What holds for every mesh.

use proptest::prelude::*;

use crate::fixture;

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
}
