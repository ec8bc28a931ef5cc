//! Names in kustomizations change with the names of resources, in every scope that a file belongs to.

use expect_test::{Expect, expect};

use super::fixture::At;

/// A base that two overlays build on, with patches of either sort.
const OVERLAYS: &str = "\
#- base/gateway.yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public}
spec: {selector: {istio: ingress}}
#- base/kustomization.yaml
resources: [gateway.yaml]
#- prod/kustomization.yaml
resources: [../base, route.yaml]
patches:
- path: public.yaml
- target: {kind: Gateway, name: public}
  patch: '[{op: remove, path: /spec/selector/istio}]'
- target: {kind: VirtualService, name: public}
  patch: '[{op: remove, path: /spec/hosts}]'
replacements:
- source: {kind: Gateway, name: public, fieldPath: metadata.name}
  targets: [{select: {kind: VirtualService}, fieldPaths: [metadata.annotations.gateway]}]
#- prod/public.yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public}
spec: {servers: []}
#- prod/route.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route}
spec: {hosts: [a.example.com], gateways: [public]}
#- dev/kustomization.yaml
resources: [../base, route.yaml]
namePrefix: dev-
patches:
- patch: |-
    apiVersion: networking.istio.io/v1
    kind: Gateway
    metadata:
      name: public
    spec: {servers: []}
#- dev/route.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route}
spec: {hosts: [a.example.com], gateways: [dev-public]}
";

/// What changes when the name at the first `marked` of the file `path` becomes `new`.
fn check(files: &str, path: &str, marked: &str, new: &str, expected: Expect) {
    let head = format!("#- {path}\n");
    let (before, rest) = files.split_once(&head).unwrap();
    let (main, after) = rest.split_once("\n#- ").unwrap_or((rest, ""));
    let after = if after.is_empty() { String::new() } else { format!("\n#- {after}") };
    let marked = main.replacen(marked, &format!("{marked}$0"), 1);
    assert!(marked.contains("$0"), "the cursor is marked");
    let at = At::in_file(path, &format!("{marked}{after}\n{before}"));
    expected.assert_eq(&at.rename(new));
}

#[test]
fn a_resource_in_patches_targets_and_replacements_of_every_overlay() {
    let expected = || {
        expect![[r#"
        base/gateway.yaml:3* metadata: {name: ⟨public⟩}
        dev/kustomization.yaml:8 name: ⟨public⟩
        dev/route.yaml:4 spec: {hosts: [a.example.com], gateways: [dev-⟨public⟩]}
        prod/kustomization.yaml:4 - target: {kind: Gateway, name: ⟨public⟩}
        prod/kustomization.yaml:9 - source: {kind: Gateway, name: ⟨public⟩, fieldPath: metadata.name}
        prod/public.yaml:3 metadata: {name: ⟨public⟩}
        prod/route.yaml:4 spec: {hosts: [a.example.com], gateways: [⟨public⟩]}
    "#]]
    };
    // From where it stands, from a patch that names it, and from a scope that shares its file with another.
    for (path, marked) in [
        ("base/gateway.yaml", "name: publ"),
        ("prod/public.yaml", "name: publ"),
        ("prod/route.yaml", "gateways: [publ"),
    ] {
        check(OVERLAYS, path, marked, "front", expected());
    }
}

#[test]
fn not_where_a_kustomization_puts_more_around_it() {
    check(
        OVERLAYS,
        "dev/route.yaml",
        "gateways: [dev-publ",
        "dev-front",
        expect![[r#"
            refused: it is called `public` in base/gateway.yaml, to which a kustomization adds: rename it there
        "#]],
    );
}

#[test]
fn not_out_of_an_expression() {
    let files = OVERLAYS.replace("{kind: Gateway, name: public}\n  patch", "{kind: Gateway, name: pub.*}\n  patch");
    check(
        &files,
        "base/gateway.yaml",
        "name: publ",
        "front",
        expect![[r#"
        refused: `pub.*` in prod/kustomization.yaml selects public and would not select front
    "#]],
    );
    check(
        &files,
        "base/gateway.yaml",
        "name: publ",
        "publisher",
        expect![[r#"
            base/gateway.yaml:3* metadata: {name: ⟨public⟩}
            dev/kustomization.yaml:8 name: ⟨public⟩
            dev/route.yaml:4 spec: {hosts: [a.example.com], gateways: [dev-⟨public⟩]}
            prod/kustomization.yaml:9 - source: {kind: Gateway, name: ⟨public⟩, fieldPath: metadata.name}
            prod/public.yaml:3 metadata: {name: ⟨public⟩}
            prod/route.yaml:4 spec: {hosts: [a.example.com], gateways: [⟨public⟩]}
        "#]],
    );
}

#[test]
fn a_value_that_a_patch_sets() {
    let files = "\
#- base/objects.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews}}]}]}
#- base/kustomization.yaml
resources: [objects.yaml]
#- prod/kustomization.yaml
resources: [../base]
patches: [{path: route.yaml}]
#- prod/route.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec: {http: [{route: [{destination: {host: reviews, subset: v1}}]}]}
";
    check(
        files,
        "base/objects.yaml",
        "subsets: [{name: v",
        "stable",
        expect![[r#"
        base/objects.yaml:4* spec: {host: reviews, subsets: [{name: ⟨v1⟩, labels: {version: v1}}]}
        prod/route.yaml:4 spec: {http: [{route: [{destination: {host: reviews, subset: ⟨v1⟩}}]}]}
    "#]],
    );
    check(
        files,
        "prod/route.yaml",
        "subset: v",
        "stable",
        expect![[r#"
        base/objects.yaml:4* spec: {host: reviews, subsets: [{name: ⟨v1⟩, labels: {version: v1}}]}
        prod/route.yaml:4 spec: {http: [{route: [{destination: {host: reviews, subset: ⟨v1⟩}}]}]}
    "#]],
    );
}

#[test]
fn fields_that_a_name_reference_declares() {
    let files = "\
#- gateway.yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public}
spec: {selector: {istio: ingress}}
#- rollout.yaml
apiVersion: example.com/v1
kind: Rollout
metadata: {name: public}
spec: {traffic: [{gateway: public}, {gateway: other}]}
#- names.yaml
nameReference:
- kind: Gateway
  fieldSpecs: [{kind: Rollout, path: spec/traffic/gateway}]
#- kustomization.yaml
resources: [gateway.yaml, rollout.yaml]
configurations: [names.yaml]
";
    check(
        files,
        "gateway.yaml",
        "name: publ",
        "front",
        expect![[r#"
        gateway.yaml:3* metadata: {name: ⟨public⟩}
        rollout.yaml:4 spec: {traffic: [{gateway: ⟨public⟩}, {gateway: other}]}
    "#]],
    );
}

/// A Service of the base chooses pods of two overlays.
const LABELS: &str = "\
#- base/service.yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
#- base/kustomization.yaml
resources: [service.yaml]
#- prod/kustomization.yaml
resources: [../base, pods.yaml]
#- prod/pods.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}
#- dev/kustomization.yaml
resources: [../base, pods.yaml]
#- dev/pods.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web-dev, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}
";

#[test]
fn a_label_over_all_scopes_where_it_holds_together() {
    check(
        LABELS,
        "prod/pods.yaml",
        "template: {metadata: {labels: {app: we",
        "site",
        expect![[r#"
        base/service.yaml:4 spec: {selector: {app: ⟨web⟩}, ports: [{name: http, port: 80}]}
        dev/pods.yaml:4 spec: {selector: {matchLabels: {app: ⟨web⟩}}, template: {metadata: {labels: {app: web}}}}
        dev/pods.yaml:4* spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: ⟨web⟩}}}}
        prod/pods.yaml:4 spec: {selector: {matchLabels: {app: ⟨web⟩}}, template: {metadata: {labels: {app: web}}}}
        prod/pods.yaml:4* spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: ⟨web⟩}}}}
    "#]],
    );
}

#[test]
fn not_a_label_that_a_kustomization_sets() {
    let files = LABELS
        .replace("[../base, pods.yaml]\n#- dev/pods", "[../base, pods.yaml]\ncommonLabels: {app: web}\n#- dev/pods");
    check(
        &files,
        "prod/pods.yaml",
        "template: {metadata: {labels: {app: we",
        "site",
        expect![[r#"
        refused: dev/kustomization.yaml sets the label app: web in its kustomization: rename it there
    "#]],
    );
}
