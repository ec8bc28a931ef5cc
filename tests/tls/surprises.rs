//! Where istiod does what nobody expects; each test is one sentence of it.

use serde_json::{Value, json};

use crate::fixture::{index, row, rows};

/// Two injected namespaces: `web` with a client, `data` with a server.
const MESH: &str = "\
apiVersion: v1
kind: Namespace
metadata: {name: web, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Namespace
metadata: {name: data, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: front, namespace: web}
spec: {template: {metadata: {labels: {app: front}}}}
---
apiVersion: v1
kind: Service
metadata: {name: store, namespace: data}
spec: {selector: {app: store}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: store, namespace: data}
spec: {template: {metadata: {labels: {app: store}}}}
---
";

fn sent(resources: &str) -> Value {
    sent_as(resources, "store.data.svc.cluster.local", Value::Null)
}

fn sent_as(resources: &str, host: &str, subset: Value) -> Value {
    let rows = rows(&index(&format!("{MESH}{resources}")));
    row(&rows, "outbound", &[("from", json!("web/front")), ("host", json!(host)), ("subset", subset)])
}

fn rule(name: &str, namespace: &str, spec: &str) -> String {
    format!(
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\n\
         metadata: {{name: {name}, namespace: {namespace}}}\nspec: {{host: store.data.svc.cluster.local, {spec}}}\n---\n"
    )
}

const SIMPLE: &str = "trafficPolicy: {tls: {mode: SIMPLE}}";
const DISABLE: &str = "trafficPolicy: {tls: {mode: DISABLE}}";

#[test]
fn a_port_entry_without_tls_below_simple_is_plaintext() {
    let policy = "trafficPolicy: {tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 80}}]}";
    let row = sent(&rule("store", "data", policy));
    assert_eq!((&row["sends"], &row["origin"]), (&json!("plaintext"), &json!("auto-mtls")));
}

#[test]
fn a_sidecar_drops_a_block_with_a_credential_name() {
    let policy = "trafficPolicy: {tls: {mode: SIMPLE, credentialName: store-ca}}";
    let row = sent(&rule("store", "data", policy));
    assert_eq!((&row["sends"], &row["configured"]), (&json!("plaintext"), &json!("SIMPLE")));
    let selecting = format!("workloadSelector: {{matchLabels: {{app: front}}}}, {policy}");
    assert_eq!(sent(&rule("store", "web", &selecting))["sends"], "tls");
}

#[test]
fn a_private_general_rule_is_lost_to_one_with_a_selector() {
    let selecting = rule("a", "web", &format!("workloadSelector: {{matchLabels: {{app: else}}}}, {DISABLE}"));
    let general = rule("b", "web", &format!("exportTo: ['.'], {SIMPLE}"));
    let row = sent(&format!("{selecting}{general}"));
    assert_eq!((&row["sends"], &row["destinationRule"]), (&json!("istio-mtls"), &Value::Null));
    let own = sent(&format!("{selecting}{}", rule("b", "web", SIMPLE)));
    assert_eq!(own["destinationRule"], "web/b");
}

#[test]
fn a_wider_export_is_merged_away() {
    let narrow = rule("a", "data", &format!("exportTo: [else], {DISABLE}"));
    let wide = rule("b", "data", &format!("exportTo: [else, web], {SIMPLE}"));
    assert_eq!(sent(&format!("{narrow}{wide}"))["destinationRule"], Value::Null);
    assert_eq!(sent(&wide)["destinationRule"], "data/b");
}

#[test]
fn rules_of_one_export_are_merged_and_the_older_policy_wins_while_others_stand_alone_and_the_younger_wins() {
    let first = rule("a", "web", DISABLE);
    assert_eq!(sent(&format!("{first}{}", rule("b", "web", SIMPLE)))["sends"], "plaintext");
    let other = rule("b", "web", &format!("exportTo: [web], {SIMPLE}"));
    assert_eq!(sent(&format!("{first}{other}"))["sends"], "tls");
}

#[test]
fn a_subset_of_a_passthrough_rule_sends_istio_mtls_even_to_pods_without_a_sidecar() {
    let bare = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: bare, namespace: data}
spec: {template: {metadata: {labels: {app: store, sidecar.istio.io/inject: 'false'}}}}
---
";
    let policy = "trafficPolicy: {loadBalancer: {simple: PASSTHROUGH}}, subsets: [{name: all, labels: {app: store}}]";
    let resources = format!("{bare}{}", rule("store", "data", policy));
    assert_eq!(sent(&resources)["sends"], "plaintext");
    assert_eq!(sent_as(&resources, "store.data.svc.cluster.local", json!("all"))["sends"], "istio-mtls");
}

#[test]
fn a_headless_service_is_all_or_nothing_and_asks_no_workload_policy() {
    let headless = "\
apiVersion: v1
kind: Service
metadata: {name: peers, namespace: data}
spec: {clusterIP: None, selector: {app: store}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: store, namespace: data}
spec: {selector: {matchLabels: {app: store}}, portLevelMtls: {8080: {mode: DISABLE}}}
---
";
    let peers = sent_as(headless, "peers.data.svc.cluster.local", Value::Null);
    assert_eq!(peers["sends"], "istio-mtls");
    assert_eq!(sent(headless)["sends"], "plaintext");
}

#[test]
fn a_policy_for_ports_without_a_selector_is_refused_as_a_whole() {
    let policy = "\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: data}
spec: {mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}
---
";
    let rows = rows(&index(&format!("{MESH}{policy}")));
    let accepted = row(&rows, "inbound", &[("workload", json!("data/store")), ("port", json!(8080))]);
    assert_eq!((&accepted["mode"], &accepted["peerAuthentication"]), (&json!("PERMISSIVE"), &Value::Null));
    assert_eq!(rows["rejected"], json!(["PeerAuthentication data/default"]));
}

#[test]
fn an_external_name_has_no_row_of_its_own() {
    let alias = "\
apiVersion: v1
kind: Service
metadata: {name: alias, namespace: data}
spec: {type: ExternalName, externalName: store.data.svc.cluster.local, ports: [{name: http, port: 80}]}
---
";
    let rows = rows(&index(&format!("{MESH}{alias}")));
    assert!(!rows["outbound"].to_string().contains("alias.data"));
}

#[test]
fn a_sidecar_sees_the_destinations_of_the_routes_it_imports() {
    let scope = "\
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: web}
spec: {egress: [{hosts: [./*]}]}
---
";
    let route = "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: store, namespace: web}
spec: {hosts: [store.example.com], http: [{route: [{destination: {host: store.data.svc.cluster.local}}]}]}
---
";
    let hosts = |resources: &str| rows(&index(&format!("{MESH}{resources}")))["outbound"].to_string();
    let from_web = |rows: &str| rows.contains(r#""from":"web/front","host":"store.data"#);
    assert!(!from_web(&hosts(scope)));
    assert!(from_web(&hosts(&format!("{scope}{route}"))));
}

const GATEWAY: &str = "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: front, namespace: web}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls: {mode: SIMPLE, credentialName: shop}
  - port: {number: 443, name: tls, protocol: TLS}
    hosts: ['*.example.com']
    tls: {mode: PASSTHROUGH}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: web}
spec:
  hosts: [shop.example.com]
  gateways: [front]
  tls:
  - match: [{sniHosts: [shop.example.com]}]
    route: [{destination: {host: store.data.svc.cluster.local}}]
---
";

#[test]
fn a_passed_name_that_another_server_terminates_makes_envoy_refuse_the_port() {
    let rows = rows(&index(&format!("{MESH}{GATEWAY}")));
    for server in [0, 1] {
        let row = row(&rows, "gateway", &[("server", json!(server))]);
        assert_eq!(row["status"], "duplicate-chain");
        assert!(row["assumptions"].to_string().contains("no workload with istio=ingressgateway"));
    }
}

#[test]
fn a_backend_tls_policy_holds_for_sidecars_and_gives_way_to_a_rule() {
    let policy = "\
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: store, namespace: data}
spec:
  targetRefs: [{group: '', kind: Service, name: store}]
  validation: {hostname: store.example.com, wellKnownCACertificates: System}
---
";
    let row = sent(policy);
    assert_eq!((&row["sends"], &row["sni"]), (&json!("tls"), &json!("store.example.com")));
    assert_eq!((&row["origin"], &row["backendTLSPolicy"]), (&json!("backend-tls-policy"), &json!("data/store")));
    let overruled = sent(&format!("{policy}{}", rule("zzz", "data", DISABLE)));
    assert_eq!((&overruled["sends"], &overruled["destinationRule"]), (&json!("plaintext"), &json!("data/zzz")));
    let section = policy.replace("name: store}]", "name: store, sectionName: other}]");
    assert_eq!(sent(&section)["sends"], "istio-mtls");
}
