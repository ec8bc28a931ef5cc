//! The documents that an empty file offers: each, as it is without another word typed, is right by our own rules in a mesh
//! that has what they name.

use std::path::{Path, PathBuf};

use expect_test::expect;
use istio_ls::ide::{self, ItemKind};
use istio_ls::workspace::{Settings, Workspace};

/// A mesh with gateways at both ends, a certificate, and `web` in the namespace `default`.
const MESH: &str = "\
apiVersion: v1
kind: Namespace
metadata: {name: default, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: v1
kind: Service
metadata: {name: istio-ingressgateway, namespace: istio-system}
spec: {selector: {istio: ingressgateway}, ports: [{name: https, port: 443, targetPort: 443}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: istio-ingressgateway, namespace: istio-system}
spec:
  selector: {matchLabels: {istio: ingressgateway}}
  template: {metadata: {labels: {istio: ingressgateway, sidecar.istio.io/inject: 'true'}, annotations: {inject.istio.io/templates: gateway}}}
---
apiVersion: v1
kind: Service
metadata: {name: istio-egressgateway, namespace: istio-system}
spec: {selector: {istio: egressgateway}, ports: [{name: https, port: 443, targetPort: 443}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: istio-egressgateway, namespace: istio-system}
spec:
  selector: {matchLabels: {istio: egressgateway}}
  template: {metadata: {labels: {istio: egressgateway, sidecar.istio.io/inject: 'true'}, annotations: {inject.istio.io/templates: gateway}}}
---
apiVersion: v1
kind: Secret
metadata: {name: certificate, namespace: istio-system}
type: kubernetes.io/tls
data: {tls.crt: '', tls.key: ''}
";

/// A workspace of the mesh with `text` as the file `main.yaml`, wholly checked.
fn mesh_with(text: &str) -> Workspace {
    let mut workspace = Workspace::new(Settings::default());
    workspace.set_texts(vec![("mesh.yaml".into(), MESH.to_owned()), ("main.yaml".into(), text.to_owned())]);
    workspace.check_all();
    workspace
}

/// The names and texts of the documents that an empty file offers.
fn offered() -> Vec<(String, String)> {
    let snapshot = mesh_with("").snapshot();
    let scope = snapshot.scopes().next().unwrap();
    let document = istio_ls::yaml::parse("".into());
    let found = ide::completion(&scope, Path::new("main.yaml"), &document, 0, 0).unwrap();
    let documents = found.items.iter().filter(|item| item.kind == ItemKind::Document);
    documents.map(|item| (item.label.clone(), item.plain(0) + "\n")).collect()
}

#[test]
fn an_empty_file_offers_what_is_right_as_it_is() {
    let mut out = String::new();
    for (label, text) in offered() {
        let snapshot = mesh_with(&text).snapshot();
        out.push_str(&label);
        for path in ["main.yaml", "mesh.yaml"].map(PathBuf::from) {
            for finding in snapshot.findings(&path) {
                let said = finding.message.lines().next().unwrap();
                out.push_str(&format!("\n  {} {} {}: {said}", path.display(), finding.severity.as_str(), finding.rule));
            }
        }
        out.push('\n');
    }
    expect![[r#"
        VirtualService
        DestinationRule
        Gateway
        ServiceEntry
        PeerAuthentication STRICT
        PeerAuthentication STRICT with exceptions
        AuthorizationPolicy
        RequestAuthentication
        Sidecar
        egress through a gateway
        DestinationRule for web
    "#]]
    .assert_eq(&out);
}

#[test]
fn the_mesh_itself_is_right() {
    let snapshot = mesh_with("").snapshot();
    let findings = snapshot.findings(Path::new("mesh.yaml"));
    assert!(findings.is_empty(), "{findings:#?}");
}
