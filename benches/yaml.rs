//! Reading YAML: a typical file, a large one, a broken one.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use istio_ls::yaml::{parse, split};

/// A file of `services` services with their routes, about ten lines per kilobyte more than people write.
fn mesh(services: usize) -> String {
    (0..services)
        .map(|n| {
            format!(
                "---
# Routes of service {n}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: service-{n}
  namespace: shop
  labels: {{app: service-{n}, tier: \"web\"}}
spec:
  hosts:
  - service-{n}.shop.svc.cluster.local
  gateways: [mesh, edge]
  http:
  - name: \"cards\" # by header
    match:
    - headers:
        x-tenant: {{exact: blue}}
      uri:
        prefix: /cards
    route:
    - destination:
        host: service-{n}.shop.svc.cluster.local
        subset: v2
        port: {{number: 8080}}
      weight: 90
    - destination:
        host: 'service-{n}.shop.svc.cluster.local'
        subset: v1
      weight: 10
    timeout: 3s
"
            )
        })
        .collect()
}

fn read(text: &str) -> usize {
    split(text).into_iter().map(|piece| parse(text.get(piece).unwrap_or("").into()).comments.len()).sum()
}

fn benches(criterion: &mut Criterion) {
    let typical = mesh(10);
    let large = mesh(1_250);
    let one_document =
        format!("\n{large}").replace("---\n", "").replace('\n', "\n  ").replace("  # Routes", "- # Routes");
    let broken = one_document.replacen("service-600", "\"service-600", 1);
    let cases = [
        ("a file of 300 lines", typical.clone()),
        ("1 MB in many documents", large),
        ("1 MB in one document", one_document),
        ("1 MB in one document, an open quote", broken),
        ("300 lines, an open quote", typical.replacen("name: \"cards\"", "name: \"cards", 1)),
        ("300 lines, a line too deep", typical.replacen("  hosts:", "     hosts:", 1)),
        ("300 lines, a template", typical.replace("90", "{{ .Values.weight }}")),
    ];
    let mut group = criterion.benchmark_group("yaml");
    for (name, text) in cases {
        group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
        group.bench_function(name, |bencher| bencher.iter(|| read(black_box(&text))));
    }
    group.finish();
}

criterion_group!(yaml, benches);
criterion_main!(yaml);
