//! Kustomizations: what kustomize would refuse, and what it would not.

use istio_ls::text::{TextEdit, apply_edits};
use istio_ls::workspace::Workspace;

use super::fixture::{Fixture, all_findings};

const RULE: &str = "\
#- rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews.shop.svc.cluster.local}
#- budget.yaml
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: reviews, namespace: shop}
spec: {maxUnavailable: 1}
";

/// The fixture `text` beside [`RULE`] has exactly the findings that are marked.
fn holds(text: &str) {
    let fixture = Fixture::parse(&format!("#- kustomization.yaml\n{text}{RULE}"));
    let differences = fixture.differences(&fixture.check().snapshot());
    assert!(differences.is_empty(), "{text}\n{differences}");
}

#[test]
fn what_is_elsewhere_or_filled_in_later_may_well_be_there() {
    for path in [
        "https://example.com/crds.yaml",
        "github.com/istio/istio//manifests?ref=1.27.0",
        "git.example.com/shop//base",
        "$(BASE)/rule.yaml",
        "<CLUSTER>/rule.yaml",
        "git@example.com:shop.git",
    ] {
        holds(&format!("resources: [rule.yaml, \"{path}\"]\n"));
    }
}

#[test]
fn a_patch_that_names_no_object_in_sight_is_an_error_and_a_target_without_one_a_note() {
    holds(
        "resources: [rule.yaml]
patches:
- patch: '{kind: DestinationRule, metadata: {name: rating}}' #~ patch-without-target kustomize refuses to build
- target: {kind: Gateway}
  patch: '{spec: {selector: {a: b}}}' #~ patch-without-target no object fits
",
    );
    let fixture = Fixture::parse(&format!(
        "#- kustomization.yaml\nresources: [rule.yaml]\npatches:\n- target: {{kind: Gateway}}\n  patch: '{{spec: {{}}}}'\n{RULE}"
    ));
    let findings = all_findings(&fixture.check().snapshot());
    assert_eq!(findings.iter().map(|found| found.severity.as_str()).collect::<Vec<_>>(), ["info"]);
}

#[test]
fn a_patch_may_be_for_what_no_rule_knows_or_no_file_shows() {
    let patch = "- target: {kind: PodDisruptionBudget}\n  patch: '{spec: {maxUnavailable: 2}}'\n";
    holds(&format!("resources: [rule.yaml, budget.yaml]\npatches:\n{patch}"));
    for more in [
        "configMapGenerator: [{name: a, literals: [a=b]}]",
        "helmCharts: [{name: web}]",
        "generators: [gen.yaml]",
        "transformers: [label.yaml]",
        "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1",
    ] {
        holds(&format!("resources: [rule.yaml]\n{more}\npatches:\n{patch}"));
    }
    holds(&format!("resources: [rule.yaml, https://example.com/a.yaml]\npatches:\n{patch}"));
}

#[test]
fn what_a_base_generates_may_be_patched_above() {
    holds(
        "resources: [base]
patches:
- target: {kind: ConfigMap}
  patch: '{data: {a: b}}'
#- base/kustomization.yaml
resources: [../rule.yaml]
configMapGenerator: [{name: a, literals: [a=b]}]
",
    );
}

#[test]
fn fields_are_read_as_kustomize_reads_them() {
    holds("Resources: [rule.yaml]\nbuildMetadata: [managedByLabel]\nhelmGlobals: {chartHome: charts}\n");
    holds("resources: [rule.yaml]\nimage: [] #~ unknown-kustomization-field `image` did you mean `images`?\n");
}

#[test]
fn the_name_of_a_file_is_repaired_and_an_entry_taken_out() {
    let text = "#- kustomization.yaml\nresources:\n- rules.yaml # ours\n- nowhere.yaml\npatches:\n- path: gone.yaml\n  target: {kind: \
                DestinationRule}\n";
    let fixture = Fixture::parse(&format!("{text}{RULE}"));
    let snapshot = fixture.check().snapshot();
    let written = snapshot.file("kustomization.yaml".as_ref()).unwrap().text();
    let repaired: Vec<String> = all_findings(&snapshot)
        .iter()
        .map(|found| {
            assert_eq!(found.rule, "missing-kustomization-file", "{found:?}");
            let edits: Vec<TextEdit> = found.fixes[0]
                .edits
                .iter()
                .map(|edit| TextEdit::replace(edit.location.span, edit.text.clone()))
                .collect();
            apply_edits(&written, &edits).unwrap()
        })
        .collect();
    assert_eq!(
        repaired,
        [
            written.replace("rules.yaml", "rule.yaml"),
            written.replace("- nowhere.yaml\n", ""),
            "resources:\n- rules.yaml # ours\n- nowhere.yaml\npatches: []\n".to_owned(),
        ]
    );
}

/// After every edit the findings are those of a fresh start.
#[test]
fn what_patches_select_is_followed_edit_by_edit() {
    let overlay = "resources: [../base]\npatches:\n- path: patch.yaml\n";
    let patch = "kind: DestinationRule\napiVersion: networking.istio.io/v1\nmetadata: {name: reviews}\nspec: {exportTo: ['.']}\n";
    let json = "- op: remove\n  path: /spec/exportTo\n";
    let base = "resources: [rule.yaml]\n";
    let rule = |name: &str| {
        RULE.lines().skip(1).take(4).collect::<Vec<_>>().join("\n").replace("name: reviews", &format!("name: {name}"))
    };
    let mut files: std::collections::BTreeMap<&str, String> = std::collections::BTreeMap::new();
    let mut edited = Workspace::default();
    let mut counts = Vec::new();
    for (path, text) in [
        ("base/kustomization.yaml", base.to_owned()),
        ("base/rule.yaml", rule("reviews").replace(", namespace: shop", "")),
        ("overlay/kustomization.yaml", overlay.to_owned()),
        ("overlay/patch.yaml", patch.to_owned()),
        ("base/rule.yaml", rule("ratings").replace(", namespace: shop", "")),
        ("base/rule.yaml", rule("reviews").replace(", namespace: shop", "")),
        ("overlay/kustomization.yaml", format!("{overlay}  target: {{kind: DestinationRule}}\n")),
        ("overlay/patch.yaml", json.to_owned()),
        ("base/rule.yaml", rule("reviews").replace(", namespace: shop", "").replace("}", ", exportTo: ['.']}")),
        ("overlay/patch.yaml", patch.to_owned()),
    ] {
        edited.set_text(path.as_ref(), &text);
        files.insert(path, text);
        edited.check_all();
        let mut fresh = Workspace::default();
        fresh.set_texts(files.iter().map(|(path, text)| ((*path).into(), text.clone())).collect());
        fresh.check_all();
        let (now, fresh) = (all_findings(&edited.snapshot()), all_findings(&fresh.snapshot()));
        assert_eq!(now, fresh, "after {path}");
        counts.push(now.iter().filter(|found| found.rule.contains("patch")).count());
    }
    assert_eq!(counts[4], 1, "the patch has lost its object");
    assert_eq!(counts[5], 0, "and found it again");
    assert_eq!(counts[7], 1, "there is nothing to remove");
    assert_eq!(counts[9], 0);
}
