//! How long a tree of kustomizations takes: two hundred overlays over a base of fifty files, cold and at a keystroke in the base.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};

mod cold;

const OVERLAYS: usize = 200;
const APPS: usize = 50;
/// As many as the server checks between two looks for new messages.
const PORTION: usize = 64;

fn files() -> Vec<(PathBuf, String)> {
    let apps = (0..APPS).map(|n| (format!("base/app-{n}.yaml"), app(n, "v1")));
    let overlays = (0..OVERLAYS).map(|n| (format!("overlays/{n}/kustomization.yaml"), overlay(n)));
    let all = apps.chain([("base/kustomization.yaml".to_owned(), base())]).chain(overlays);
    all.map(|(path, text)| (path.into(), text)).collect()
}

fn base() -> String {
    let files: String = (0..APPS).map(|n| format!("- app-{n}.yaml\n")).collect();
    format!("resources:\n{files}")
}

fn overlay(n: usize) -> String {
    format!(
        "namespace: team-{n}
resources: [../../base]
patches:
- target: {{kind: DestinationRule, name: app-{app}}}
  patch: |
    - op: replace
      path: /spec/trafficPolicy/tls/mode
      value: DISABLE
",
        app = n % APPS
    )
}

fn app(n: usize, subset: &str) -> String {
    format!(
        "apiVersion: v1
kind: Service
metadata: {{name: app-{n}}}
spec: {{selector: {{app: app-{n}}}, ports: [{{name: http, port: 80}}]}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: app-{n}}}
spec:
  host: app-{n}
  trafficPolicy: {{tls: {{mode: ISTIO_MUTUAL}}}}
  subsets: [{{name: v1, labels: {{version: v1}}}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: app-{n}}}
spec:
  hosts: [app-{n}]
  http: [{{route: [{{destination: {{host: app-{n}, subset: {subset}}}}}]}}]
"
    )
}

fn cold(criterion: &mut Criterion) {
    cold::bench(criterion, "kustomize", "cold start, 200 overlays over 50 files", files);
}

fn keystroke(criterion: &mut Criterion) {
    let mut workspace = cold::checked(files());
    let (path, texts) = (Path::new("base/app-7.yaml"), [app(7, "v9"), app(7, "v1")]);
    let open = [path.to_owned()];
    let mut turn = 0;
    let mut group = criterion.benchmark_group("kustomize");
    group.sample_size(20);
    group.bench_function("keystroke in the base, its file right again", |bencher| {
        bencher.iter(|| {
            turn += 1;
            let text = texts.get(turn % 2).map_or("", String::as_str);
            let held = workspace.snapshot();
            workspace.set_text(path, text);
            while !workspace.is_checked(path) {
                workspace.check_some(&open, PORTION);
            }
            black_box((held, workspace.take_changed()))
        });
    });
    group.finish();
}

criterion_group!(benches, cold, keystroke);
criterion_main!(benches);
