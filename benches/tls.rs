//! How long the engine takes for a generated mesh: every connection, and one.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use istio_ls::ide::map::{Connections, Filter};
use istio_ls::index::{Entry, FileId, Index, ResourceId, View};
use istio_ls::{resource, tls, yaml};

/// Namespaces of the mesh.
const NAMESPACES: usize = 40;
/// Services, with a workload and a DestinationRule each, of a namespace.
const SERVICES: usize = 25;

fn mesh(connections: &mut Criterion) {
    let index = generate();
    let mut group = connections.benchmark_group(format!("tls, {} resources", index.len()));
    group.sample_size(10);
    group.bench_function("every connection", |bench| {
        bench.iter(|| black_box(Connections::of(&index, &Filter::default())).outbound.len());
    });
    let view = View::new(&index);
    let clients = tls::clients_in(&view, "n0");
    let client = clients.first().expect("the first namespace has clients");
    group.bench_function("one connection", |bench| {
        bench.iter(|| {
            let view = View::new(&index);
            tls::outbound(&view, client, "s7.n3.svc.cluster.local", 80, None).map(|sent| sent.sends)
        });
    });
    group.finish();
}

/// A mesh of injected namespaces, with a policy in every third and a rule for every service.
fn generate() -> Index {
    let mut index = Index::default();
    let mut touched = Vec::new();
    for text in (0..NAMESPACES).map(namespace) {
        for range in yaml::split(&text) {
            let document = text.get(range).expect("ranges lie in the text");
            for resource in resource::read(&yaml::parse(document.into())) {
                let namespace = resource.metadata.namespace.text().unwrap_or("").into();
                let (id, file, path) = (ResourceId::default(), FileId(0), Path::new("main.yaml").into());
                index.insert(
                    Entry { id, resource: Arc::new(resource), namespace, file, path, document: 0 },
                    &mut touched,
                );
            }
        }
    }
    index
}

fn namespace(number: usize) -> String {
    let name = format!("n{number}");
    let mut text = format!(
        "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{istio-injection: enabled}}}}\n---\n"
    );
    if number.is_multiple_of(3) {
        let _ = write!(
            text,
            "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {{name: default, namespace: {name}}}\n\
             spec: {{mtls: {{mode: STRICT}}}}\n---\n"
        );
    }
    for service in 0..SERVICES {
        let tls = ["ISTIO_MUTUAL", "SIMPLE", "DISABLE"].get(service % 5).map(|mode| format!("tls: {{mode: {mode}}}"));
        let policy = tls.unwrap_or_default();
        let _ = write!(
            text,
            "apiVersion: v1\nkind: Service\nmetadata: {{name: s{service}, namespace: {name}}}\n\
             spec: {{selector: {{app: s{service}}}, ports: [{{name: http, port: 80, targetPort: 8080}}]}}\n---\n\
             apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: s{service}, namespace: {name}}}\n\
             spec: {{template: {{metadata: {{labels: {{app: s{service}}}}}}}}}\n---\n\
             apiVersion: networking.istio.io/v1\nkind: DestinationRule\n\
             metadata: {{name: s{service}, namespace: {name}}}\n\
             spec: {{host: s{service}, trafficPolicy: {{{policy}}}, subsets: [{{name: v1, labels: {{version: v1}}}}]}}\n---\n"
        );
    }
    text
}

criterion_group!(benches, mesh);
criterion_main!(benches);
