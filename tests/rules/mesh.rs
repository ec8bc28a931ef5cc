//! Clients and servers in the mesh: which of several rules speaks, and what its fix leaves alone, beyond the examples in the
//! pages.

use istio_ls::text::{TextEdit, apply_edits};

use super::fixture::{Fixture, all_findings};

const MESH: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    enableAutoMtls: false
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: http-admin, port: 81}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: mesh, namespace: istio-system}
spec:
  host: \"*.local\"
  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec:
";

#[test]
fn a_port_without_the_tls_of_its_own_rule_is_reported_once() {
    let fixture = Fixture::parse(&format!(
        "{MESH}  host: web
  trafficPolicy:
    tls: {{mode: ISTIO_MUTUAL, sni: web.example}}
    portLevelSettings:
    - port:
        number: 80 #~ dropped-tls-at-port-level `80` ISTIO_MUTUAL
      connectionPool: {{tcp: {{maxConnections: 9}}}}
"
    ));
    assert_eq!(fixture.differences(&fixture.check().snapshot()), "");
}

#[test]
fn the_tls_of_a_wider_rule_is_repeated_for_the_ports_too() {
    let rule = "  host: web
  trafficPolicy:
    portLevelSettings:
    - port: {number: 80} # the shop
      connectionPool: {tcp: {maxConnections: 9}}
    - port: {number: 81}
      tls: {mode: DISABLE}
";
    let workspace = Fixture::parse(&format!("{MESH}{rule}")).check();
    let snapshot = workspace.snapshot();
    let findings = all_findings(&snapshot);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.rule, "dropped-wide-tls");
    let edits: Vec<_> =
        finding.fixes[0].edits.iter().map(|edit| TextEdit::replace(edit.location.span, edit.text.clone())).collect();
    let text = snapshot.file(&finding.location.path).unwrap().text();
    let fixed = apply_edits(&text, &edits).expect("the edits of a fix fit together");
    assert_eq!(
        fixed.strip_prefix(MESH).unwrap(),
        "  host: web
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
    portLevelSettings:
    - port: {number: 80} # the shop
      connectionPool: {tcp: {maxConnections: 9}}
      tls:
        mode: ISTIO_MUTUAL
    - port: {number: 81}
      tls: {mode: DISABLE}
"
    );
    assert_eq!(all_findings(&Fixture::parse(&fixed).check().snapshot()).len(), 0);
}
