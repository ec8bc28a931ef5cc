//! What is wrong with kustomizations is said at its place.

use crate::build::build;

const RULE: &str = "\
#- rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec: {host: reviews}
";

#[test]
fn each_defect_has_its_line() {
    for (patches, line, why) in [
        ("- path: missing.yaml", 3, "no file `missing.yaml`"),
        ("- target: {kind: Gateway}\n  patch: '{spec: {}}'", 4, "the patch selects nothing"),
        ("- target: {name: '('}\n  patch: '{spec: {}}'", 3, "`(` is no regular expression"),
        ("- target: {labelSelector: 'a b'}\n  patch: '{spec: {}}'", 3, "`a b` is no label selector"),
        ("- patch: '[{op: remove, path: /spec}]'", 3, "a JSON patch needs a `target`"),
        ("- patch: '{spec: {}}'", 3, "the patch names no object"),
        ("- target: {kind: DestinationRule}", 3, "the patch is missing"),
        ("- target: {kind: DestinationRule}\n  patch: |\n    - {op: put, path: /a}", 5, "`op` must be"),
        ("- target: {kind: DestinationRule}\n  patch: |\n    spec: [a]", 5, "`spec` is a mapping in the object"),
        (
            "- target: {kind: DestinationRule}\n  patch: |\n    - {op: remove, path: spec}",
            5,
            "`spec` must begin with a slash",
        ),
    ] {
        let shown = build(&format!("#- kustomization.yaml\nresources: [rule.yaml]\npatches:\n{patches}\n{RULE}"), "");
        let defects: Vec<&str> = shown.lines().filter(|line| line.starts_with("! ")).collect();
        assert_eq!(defects.len(), 1, "{patches}: {shown}");
        assert!(defects[0].starts_with(&format!("! kustomization.yaml:{line}: {why}")), "{patches}: {shown}");
    }
}

#[test]
fn a_target_that_a_template_fills_in_selects_nothing_for_sure() {
    let shown = build(
        &format!(
            "#- kustomization.yaml\nresources: [rule.yaml]\npatches:\n- target: {{kind: DestinationRule, name: \
             $(NAME)}}\n  patch: '{{spec: {{host: ratings}}}}'\n{RULE}"
        ),
        "",
    );
    assert!(shown.contains("host: reviews"), "{shown}");
}
