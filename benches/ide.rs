//! How long a hover, a definition, references, highlights, a rename, a search, the hints and the lenses of a file take in a
//! workspace of ten thousand resources.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use istio_ls::ide;
use istio_ls::workspace::{Settings, Workspace};

const SERVICES: usize = 2_000;

/// Five resources a service: Namespace, Service, Deployment, DestinationRule, VirtualService.
fn service(n: usize) -> String {
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
spec: {{template: {{metadata: {{labels: {{app: web, version: v1}}}}}}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: web, namespace: ns-{n}}}
spec: {{host: web, trafficPolicy: {{tls: {{mode: ISTIO_MUTUAL}}}}, subsets: [{{name: v1, labels: {{version: v1}}}}]}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: web, namespace: ns-{n}}}
spec: {{hosts: [web], http: [{{route: [{{destination: {{host: web, subset: v1}}}}]}}]}}
"
    )
}

fn answers(criterion: &mut Criterion) {
    let mut workspace = Workspace::new(Settings::default());
    workspace.set_texts((0..SERVICES).map(|n| (PathBuf::from(format!("{n}.yaml")), service(n))).collect());
    let snapshot = workspace.snapshot();
    let (path, text) = (Path::new("7.yaml"), service(7));
    let scope = snapshot.scoped(path).expect("the file belongs to a scope");
    let mut group = criterion.benchmark_group(format!("ide, {} resources", snapshot.resources()));
    group.sample_size(10);
    for word in ["ISTIO_MUTUAL", "subset: v1", "port: 80"] {
        let offset = text.find(word).expect("the word is in the text") + word.len();
        group.bench_function(format!("hover on {word}"), |bench| {
            bench.iter(|| black_box(ide::hover(&scope, path, offset)).is_some());
        });
        group.bench_function(format!("definition of {word}"), |bench| {
            bench.iter(|| black_box(ide::definition(&scope, path, offset)).len());
        });
    }
    let (own, all): (Vec<_>, Vec<_>) = (snapshot.scopes_of(path).collect(), snapshot.scopes().collect());
    let files = snapshot.files();
    for word in ["subset: v1", "host: web", "app: web", "namespace: ns-7"] {
        let offset = text.find(word).expect("the word is in the text") + word.len();
        group.bench_function(format!("references of {word}"), |bench| {
            bench.iter(|| black_box(ide::references(&own, &all, path, offset)).len());
        });
        group.bench_function(format!("highlights of {word}"), |bench| {
            bench.iter(|| black_box(ide::highlights(&scope, path, offset)).len());
        });
        group.bench_function(format!("rename of {word}"), |bench| {
            bench.iter(|| {
                let placed = files.iter().flat_map(|file| file.documents.iter().map(move |placed| (file, placed)));
                let documents = placed.map(|(file, placed)| (&*file.path, &*placed.content.yaml, placed.start));
                black_box(ide::rename(&own, &all, documents, (path, offset), "other")).is_ok()
            });
        });
    }
    group.bench_function("workspace symbols", |bench| {
        bench.iter(|| black_box(ide::workspace_symbols(&all, "kind:service wb", 200)).len());
    });
    group.bench_function("links of a file", |bench| bench.iter(|| black_box(ide::links(&scope, path)).len()));
    let file = snapshot.file(path).expect("the file is there");
    for word in ["host: web", "subset: v1", "ISTIO_MUTUAL", "spec: {host"] {
        let offset = text.find(word).expect("the word is in the text") + word.len();
        let (_, placed) = file.document_at(offset).expect("a document");
        let (document, start) = (&placed.content.yaml, placed.start);
        group.bench_function(format!("completion of {word}"), |bench| {
            bench.iter(|| black_box(ide::completion(&scope, path, document, start, offset - start)).is_some());
        });
    }
    group.bench_function("inlay hints of a file", |bench| {
        bench.iter(|| black_box(ide::inlays(&scope, path, 0..text.len())).len());
    });
    group.bench_function("lenses of a file", |bench| {
        bench.iter(|| black_box(ide::lenses(&scope, path)).len());
    });
    let lenses = ide::lenses(&scope, path);
    group.bench_function("what the lenses of a file say", |bench| {
        let said = |lens: &ide::Lens| ide::lens_title(&own, &all, path, lens.span.start, lens.kind);
        bench.iter(|| black_box(lenses.iter().filter_map(said).count()));
    });
    group.finish();
}

criterion_group!(benches, answers);
criterion_main!(benches);
