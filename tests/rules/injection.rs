//! Who gets a proxy, beyond the examples in the pages.

use super::fixture::Fixture;

/// A gateway with image `auto`, with these labels of its namespace and its pods, gives the finding marked at the image.
#[track_caller]
fn check(namespace: &str, pods: &str, mark: &str) {
    let fixture = Fixture::parse(&format!(
        "\
apiVersion: v1
kind: Namespace
metadata: {{name: edge, labels: {{{namespace}}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: ingress, namespace: edge}}
spec:
  template:
    metadata: {{labels: {{app: ingress{pods}}}, annotations: {{inject.istio.io/templates: gateway}}}}
    spec:
      containers:
      - name: istio-proxy
        image: auto{mark}
"
    ));
    assert_eq!(fixture.differences(&fixture.check().snapshot()), "");
}

#[test]
fn the_namespace_or_the_pods_ask_for_the_image() {
    check("istio-injection: enabled", "", "");
    check("istio.io/rev: stable", "", "");
    check("", ", sidecar.istio.io/inject: 'true'", "");
}

#[test]
fn a_label_that_switches_injection_off_wins() {
    check("istio-injection: disabled", ", sidecar.istio.io/inject: 'true'", " #~ image-auto-without-injection");
    check("istio-injection: enabled", ", sidecar.istio.io/inject: 'false'", " #~ image-auto-without-injection");
}
