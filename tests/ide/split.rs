//! A file of several documents that becomes a file for each resource.

use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};
use istio_ls::ide;
use istio_ls::text::{TextEdit, apply_edits};

use super::fixture::At;

const FILE: &str = "\
# The shop.
apiVersion: v1
ki$0nd: Service
metadata: {name: web}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web   # as the Service
---
# How to call it.
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web}
";

/// Every file that is made or changed, as it is afterwards.
fn check(text: &str, expected: Expect) {
    let at = At::parse(text);
    let main = at.text(&PathBuf::from("main.yaml"));
    let files = at.snapshot().files();
    let placed = files.iter().flat_map(|file| file.documents.iter().map(move |placed| (file, placed)));
    let documents = placed.map(|(file, placed)| (&*file.path, &*placed.content.yaml, placed.start));
    let found = ide::split(documents, Path::new("main.yaml"), main, text.find("$0").unwrap());
    let mut out = found.as_ref().map_or_else(String::new, |found| found.title.clone());
    let mut changed: Vec<(PathBuf, Vec<TextEdit>)> = Vec::new();
    for change in found.into_iter().flat_map(|found| found.changes) {
        match change {
            ide::Change::Create { path, text } => out.push_str(&format!("\n+ {}\n{text}", path.display())),
            ide::Change::Edit { path, edit } => match changed.iter_mut().find(|(known, _)| *known == path) {
                Some((_, edits)) => edits.push(edit),
                None => changed.push((path, vec![edit])),
            },
        }
    }
    for (path, edits) in changed {
        let after = apply_edits(at.text(&path), &edits).unwrap();
        out.push_str(&format!("\n* {}\n{after}", path.display()));
    }
    expected.assert_eq(&out);
}

#[test]
fn each_resource_but_the_first_gets_a_file() {
    check(
        FILE,
        expect![[r#"
            give each resource a file of its own: 2 new files
            + web-virtualservice.yaml
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name: web   # as the Service

            + web-destinationrule.yaml
            # How to call it.
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web}

            * main.yaml
            # The shop.
            apiVersion: v1
            kind: Service
            metadata: {name: web}
        "#]],
    );
}

#[test]
fn kustomizations_that_name_the_file_name_the_new_ones() {
    let text = format!(
        "{FILE}#- kustomization.yaml
resources:
  - shop.yaml
  - main.yaml  # ours
namespace: shop
#- dev/kustomization.yaml
resources: [../main.yaml]
"
    );
    check(
        &text,
        expect![[r#"
            give each resource a file of its own: 2 new files
            + web-virtualservice.yaml
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name: web   # as the Service

            + web-destinationrule.yaml
            # How to call it.
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web}
            * main.yaml
            # The shop.
            apiVersion: v1
            kind: Service
            metadata: {name: web}

            * dev/kustomization.yaml
            resources: [../main.yaml, ../web-virtualservice.yaml, ../web-destinationrule.yaml]

            * kustomization.yaml
            resources:
              - shop.yaml
              - main.yaml  # ours
              - web-virtualservice.yaml
              - web-destinationrule.yaml
            namespace: shop"#]],
    );
}

#[test]
fn not_where_the_cursor_is_deep_in_a_resource() {
    let text = FILE.replacen("ki$0nd", "kind", 1) + "spec: {ho$0st: web}\n";
    check(&text, expect![""]);
}

#[test]
fn not_a_patch_which_has_to_stay_one_file() {
    check(&format!("{FILE}#- kustomization.yaml\npatches: [{{path: main.yaml}}]\n"), expect![""]);
}

#[test]
fn not_a_template_and_not_what_is_no_object() {
    check(&FILE.replace("name: web}", "name: {{ .Values.name }}}"), expect![""]);
    check(&FILE.replacen("apiVersion: v1\nki$0nd: Service\nmetadata: {name: web}", "a: $0b", 1), expect![""]);
}

#[test]
fn a_name_that_a_file_has_gets_a_number() {
    check(
        "apiVersion: v1\n$0kind: Service\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b}\n#- b-service.yaml\n# ours\n",
        expect![[r#"
            give each resource a file of its own: 1 new file
            + b-service-2.yaml
            apiVersion: v1
            kind: Service
            metadata: {name: b}
            * main.yaml
            apiVersion: v1
            kind: Service
            metadata: {name: a}
        "#]],
    );
}
