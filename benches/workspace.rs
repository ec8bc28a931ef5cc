//! How long a keystroke takes in a workspace of ten thousand resources, and a cold start.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};

mod cold;

const SERVICES: usize = 2_000;

/// Five resources a service: Namespace, Service, Deployment, DestinationRule, VirtualService.
fn files() -> Vec<(PathBuf, String)> {
    (0..SERVICES).map(|n| (PathBuf::from(format!("{n}.yaml")), service(n, "v1"))).collect()
}

fn service(n: usize, subset: &str) -> String {
    let callee = (n + 1) % SERVICES;
    format!(
        "apiVersion: v1
kind: Namespace
metadata: {{name: ns-{n}, labels: {{istio-injection: enabled}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: ns-{n}}}
spec: {{selector: {{app: web}}, ports: [{{name: http, port: 80, targetPort: 8080}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: ns-{n}}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web, version: v1}}}}
    spec: {{containers: [{{name: web, image: web, ports: [{{containerPort: 8080}}]}}]}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: web, namespace: ns-{n}}}
spec:
  host: web
  trafficPolicy: {{tls: {{mode: ISTIO_MUTUAL}}}}
  subsets: [{{name: v1, labels: {{version: v1}}}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: web, namespace: ns-{n}}}
spec:
  hosts: [web]
  http:
  - route:
    - destination: {{host: web.ns-{callee}.svc.cluster.local, subset: {subset}}}
"
    )
}

fn cold(criterion: &mut Criterion) {
    cold::bench(criterion, "workspace", "cold start, 10,000 resources", files);
}

fn keystroke(criterion: &mut Criterion) {
    let mut workspace = cold::checked(files());
    let (path, texts) = (Path::new("7.yaml"), [service(7, "v9"), service(7, "v1")]);
    let mut turn = 0;
    criterion.bench_function("keystroke in a route, everything right again", |bencher| {
        bencher.iter(|| {
            turn += 1;
            let text = texts.get(turn % 2).map_or("", String::as_str);
            // A reader holds the snapshot before the edit, as in the server.
            let held = workspace.snapshot();
            workspace.set_text(path, text);
            workspace.check_all();
            black_box((held, workspace.take_changed()))
        });
    });
}

criterion_group!(benches, cold, keystroke);
criterion_main!(benches);
