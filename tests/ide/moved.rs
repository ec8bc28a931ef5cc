//! Kustomizations follow what moves, in every field that holds a path.

use std::path::PathBuf;

use expect_test::{Expect, expect};
use istio_ls::ide;

use super::fixture::At;

const WORKSPACE: &str = "\
a: $0b
#- base/kustomization.yaml
resources: [route.yaml, ./gateway.yaml, '../shop.yaml', https://example.com/route.yaml]
configMapGenerator:
- {name: texts, files: [route.yaml, named=route.yaml], envs: [a.env]}
generatorOptions: {labels: {route.yaml: route.yaml}}
#- prod/kustomization.yaml
namespace: base
resources: [../base]
bases: [../base/]
components: [../base]
configurations: [../base/names.yaml]
patches:
- path: ../base/route.yaml
- patch: |-
    path: ../base/route.yaml
patchesStrategicMerge: [../base/route.yaml]
patchesJson6902: [{path: ../base/route.yaml, target: {kind: VirtualService, name: route}}]
replacements: [{path: ../base/route.yaml}]
";

/// Each kustomization that changes, with the new spelling of each path.
fn check(moved: &[(&str, &str)], expected: Expect) {
    let at = At::parse(WORKSPACE);
    let files = at.snapshot().files();
    let documents = files
        .iter()
        .flat_map(|file| file.documents.iter().map(|placed| (&*file.path, &*placed.content.yaml, placed.start)));
    let moved: Vec<(PathBuf, PathBuf)> = moved.iter().map(|(old, new)| (old.into(), new.into())).collect();
    let mut edits = ide::moved(documents, &moved);
    edits.sort_by_key(|(path, span, _)| (path.clone(), *span));
    let line = |(path, span, text): &(PathBuf, istio_ls::text::Span, String)| {
        let whole = at.text(path);
        let number = whole[..span.start()].matches('\n').count() + 1;
        format!("{}:{number} {} -> {text}\n", path.display(), &whole[span.range()])
    };
    expected.assert_eq(&edits.iter().map(line).collect::<String>());
}

#[test]
fn a_file_that_many_fields_name() {
    check(
        &[("base/route.yaml", "base/routes/web.yaml")],
        expect![[r#"
        base/kustomization.yaml:1 route.yaml -> routes/web.yaml
        base/kustomization.yaml:3 route.yaml -> routes/web.yaml
        base/kustomization.yaml:3 route.yaml -> routes/web.yaml
        prod/kustomization.yaml:7 ../base/route.yaml -> ../base/routes/web.yaml
        prod/kustomization.yaml:10 ../base/route.yaml -> ../base/routes/web.yaml
        prod/kustomization.yaml:11 ../base/route.yaml -> ../base/routes/web.yaml
        prod/kustomization.yaml:12 ../base/route.yaml -> ../base/routes/web.yaml
    "#]],
    );
}

#[test]
fn a_file_that_is_spelt_with_a_dot() {
    check(
        &[("base/gateway.yaml", "base/edge.yaml")],
        expect![[r#"
        base/kustomization.yaml:1 ./gateway.yaml -> ./edge.yaml
    "#]],
    );
}

#[test]
fn a_folder_and_the_paths_that_lead_out_of_it() {
    check(
        &[("base", "apps/base")],
        expect![[r#"
        base/kustomization.yaml:1 ../shop.yaml -> ../../shop.yaml
        prod/kustomization.yaml:2 ../base -> ../apps/base
        prod/kustomization.yaml:3 ../base/ -> ../apps/base/
        prod/kustomization.yaml:4 ../base -> ../apps/base
        prod/kustomization.yaml:5 ../base/names.yaml -> ../apps/base/names.yaml
        prod/kustomization.yaml:7 ../base/route.yaml -> ../apps/base/route.yaml
        prod/kustomization.yaml:10 ../base/route.yaml -> ../apps/base/route.yaml
        prod/kustomization.yaml:11 ../base/route.yaml -> ../apps/base/route.yaml
        prod/kustomization.yaml:12 ../base/route.yaml -> ../apps/base/route.yaml
    "#]],
    );
}

#[test]
fn a_kustomization_that_moves_alone() {
    check(
        &[("prod/kustomization.yaml", "overlays/prod/kustomization.yaml")],
        expect![[r#"
        prod/kustomization.yaml:2 ../base -> ../../base
        prod/kustomization.yaml:3 ../base/ -> ../../base/
        prod/kustomization.yaml:4 ../base -> ../../base
        prod/kustomization.yaml:5 ../base/names.yaml -> ../../base/names.yaml
        prod/kustomization.yaml:7 ../base/route.yaml -> ../../base/route.yaml
        prod/kustomization.yaml:10 ../base/route.yaml -> ../../base/route.yaml
        prod/kustomization.yaml:11 ../base/route.yaml -> ../../base/route.yaml
        prod/kustomization.yaml:12 ../base/route.yaml -> ../../base/route.yaml
    "#]],
    );
}

#[test]
fn a_folder_that_moves_with_all_that_it_names() {
    check(
        &[("base", "first"), ("prod", "second")],
        expect![[r#"
        prod/kustomization.yaml:2 ../base -> ../first
        prod/kustomization.yaml:3 ../base/ -> ../first/
        prod/kustomization.yaml:4 ../base -> ../first
        prod/kustomization.yaml:5 ../base/names.yaml -> ../first/names.yaml
        prod/kustomization.yaml:7 ../base/route.yaml -> ../first/route.yaml
        prod/kustomization.yaml:10 ../base/route.yaml -> ../first/route.yaml
        prod/kustomization.yaml:11 ../base/route.yaml -> ../first/route.yaml
        prod/kustomization.yaml:12 ../base/route.yaml -> ../first/route.yaml
    "#]],
    );
}

#[test]
fn nothing_for_a_file_that_nobody_names() {
    check(&[("legacy.yaml", "old.yaml"), ("bas", "based")], expect![""]);
}
