//! The engine's answers as rules and hovers read them: places, clients, assumptions, and what they depend on.

use istio_ls::index::{Index, Reads, ScopeId, View};
use istio_ls::resource::istio::{DestinationRule, MtlsMode};
use istio_ls::tls::{self, Assumption, ProxyKind, Sends, TlsLevel};

use crate::fixture::{index, insert};

const RULE: &str = "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: store, namespace: data}
spec:
  host: store
  trafficPolicy:
    portLevelSettings:
    - port: {number: 80}
      tls: {mode: DISABLE}
";

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
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: data}
spec: {mtls: {mode: STRICT}}
---
";

const STORE: &str = "store.data.svc.cluster.local";

fn mesh() -> Index {
    index(&format!("{MESH}{RULE}"))
}

#[test]
fn the_block_that_decides_is_named_with_its_place() {
    let index = mesh();
    let view = View::new(&index);
    let clients = tls::clients_in(&view, "web");
    let sent = tls::outbound(&view, &clients[0], STORE, 80, None).unwrap();
    let block = sent.tls.unwrap();
    assert_eq!((sent.sends, block.level), (Sends::Plaintext, TlsLevel::Port));
    assert_eq!(block.entry().title(), "DestinationRule data/store");
    let document = format!("---\n{RULE}");
    assert_eq!(block.mode_span().of(&document), "DISABLE");
    assert_eq!(block.span().of(&document), "{mode: DISABLE}");
    let last = sent.because.last().unwrap();
    assert_eq!(last.place, Some((block.entry().id, block.mode_span())));
}

#[test]
fn both_ends_of_a_connection_can_be_held_against_each_other() {
    let index = mesh();
    let view = View::new(&index);
    let clients = tls::clients_in(&view, "web");
    let sent = tls::outbound(&view, &clients[0], STORE, 80, None).unwrap();
    let (endpoint, sends) = &sent.endpoints[0];
    let accepted = endpoint.inbound(&view).unwrap();
    assert_eq!((*sends, accepted.mode), (Sends::Plaintext, MtlsMode::Strict));
    assert_eq!(accepted.peer_authentication.unwrap().entry.title(), "PeerAuthentication data/default");
}

#[test]
fn the_readers_of_a_rule_are_found_namespace_by_namespace() {
    let readers = |rule: &str| {
        let index = index(&format!("{MESH}{rule}"));
        let view = View::new(&index);
        let rule = view.named::<DestinationRule>("data", "store").unwrap();
        let service = tls::service(&view, "data", STORE).unwrap();
        tls::Readers::new(&view, rule).of(&service).map(|client| client.namespace.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(readers(RULE), ["data", "web"]);
    assert_eq!(readers(&RULE.replace("host: store", "exportTo: [.]\n  host: store")), ["data"]);
    assert!(readers(&RULE.replace("host: store", "host: other")).is_empty());
}

#[test]
fn everybody_who_sees_a_service_calls_it() {
    let index = mesh();
    let view = View::new(&index);
    let service = tls::service(&view, "data", STORE).unwrap();
    let callers: Vec<_> = tls::callers(&view, &service).map(|client| client.namespace).collect();
    assert_eq!(callers, ["data", "web"]);
}

#[test]
fn a_namespace_that_is_not_in_the_workspace_is_an_assumption() {
    let index = index(MESH.split_once("---\n").unwrap().1);
    let view = View::new(&index);
    let front = view.workloads("web", &[("app", "front")])[0];
    let proxy = tls::proxy(&view, front);
    assert_eq!(proxy.kind, ProxyKind::None);
    assert_eq!(proxy.assumptions, [Assumption::NamespaceLabels("web".into())]);
}

#[test]
fn whatever_would_change_an_answer_touches_a_key_that_was_asked_for() {
    let base = mesh();
    let view = View::new(&base);
    let client = tls::clients_in(&view, "web").remove(0);
    let asking = View::new(&base);
    let _ = tls::outbound(&asking, &client, STORE, 80, None);
    let reads = asking.into_reads();
    let nearer = RULE.replace("host: store", "host: store.data.svc.cluster.local");
    for (matters, resource) in [
        (true, nearer.replace("namespace: data", "namespace: web")),
        (true, RULE.replace("host: store", "host: '*'").replace("namespace: data", "namespace: web")),
        (true, MESH.replace("name: store, namespace: data", "name: more, namespace: data")),
        (false, RULE.replace("host: store", "host: other").replace("name: store", "name: other")),
    ] {
        let mut changed = base.clone();
        let mut touched = Vec::new();
        insert(&mut changed, &resource, &mut touched);
        let asked = touched.iter().any(|key| reads.0.binary_search(&Reads::hash(ScopeId::default(), key)).is_ok());
        assert_eq!(asked, matters, "{resource}");
    }
}
