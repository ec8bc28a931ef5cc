//! What is applied together: kustomizations, charts, deliveries.

use std::path::PathBuf;

use istio_ls::helm::Rendered;
use istio_ls::workspace::Workspace;

use super::fixture::{Fixture, settings};

/// The findings of a fixture are those that its marks say, whether its files come all at once or one by one, and again
/// after each of them was gone for a while.
#[track_caller]
fn holds(text: &str) {
    let fixture = Fixture::parse(text);
    let is_settings = |(path, _): &&(PathBuf, String)| path.ends_with("istio-ls.yaml");
    let text_of_settings = fixture.files.iter().find(is_settings).map_or("", |(_, text)| text);
    let workspace = fixture.check_with(settings(text_of_settings));
    assert_eq!(fixture.differences(&workspace.snapshot()), "");

    let mut workspace = Workspace::new(settings(text_of_settings));
    for (path, text) in fixture.files.iter().rev() {
        workspace.set_text(path, text);
        workspace.check_all();
    }
    assert_eq!(fixture.differences(&workspace.snapshot()), "", "files one by one");
    for (path, text) in &fixture.files {
        workspace.remove(path);
        workspace.check_all();
        workspace.set_text(path, text);
        workspace.check_all();
        assert_eq!(fixture.differences(&workspace.snapshot()), "", "after {} was gone", path.display());
    }
}

/// One test a fixture of the folder `scopes`.
macro_rules! fixtures {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            holds(include_str!(concat!("scopes/", stringify!($name), ".yaml")));
        })*
    };
}

fixtures! {
    base_twice
    chart
    chart_alias
    chart_delivered
    chart_include
    chart_left_unknown
    chart_listed
    chart_of_subchart
    chart_ports
    chart_values
    chart_written_value
    circle
    component
    context
    delivered_namespace
    encrypted
    flux_target_namespace
    folder_of_variants
    generated_secret
    known
    known_namespace
    namespace_of_kustomization
    only_namespace
    only_namespace_beside_context
    only_some_overlays
    patch_repairs
    patched_value
    remote_base
    services_of_other_folders
    templates_that_exclude_each_other
}

/// kustomize refuses to build what has the same name by both ways; it is seen once, as by one way.
#[test]
fn what_two_ways_leave_the_same_name_is_seen_once() {
    let resources = |overlays: &str| {
        let fixture = Fixture::parse(&format!(
            "\
#- base/kustomization.yaml
resources: [policy.yaml]
#- base/policy.yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {{name: default}}
{overlays}
#- all/kustomization.yaml
resources: [../blue, ../green]
"
        ));
        let snapshot = fixture.check().snapshot();
        let all = snapshot.scopes().find(|scope| scope.is_called(Some("all"))).unwrap();
        all.index().len()
    };
    let blue = "#- blue/kustomization.yaml\nnamespace: blue\nresources: [../base]";
    assert_eq!(resources(&format!("{blue}\n#- green/kustomization.yaml\nnamespace: green\nresources: [../base]")), 2);
    assert_eq!(resources(&format!("{blue}\n#- green/kustomization.yaml\nnamespace: blue\nresources: [../base]")), 1);
}

/// What is shown of a chart is what its values make of it.
#[test]
fn a_chart_is_applied_with_its_values() {
    let fixture = Fixture::parse(include_str!("scopes/chart_values.yaml"));
    let snapshot = fixture.check().snapshot();
    let title = |scope: istio_ls::workspace::Scoped<'_>| scope.plan().unwrap().title();
    let applied: Vec<String> = snapshot.applied().filter(|scope| !scope.index().is_empty()).map(title).collect();
    assert_eq!(applied, ["chart chart with values-prod.yaml", "chart chart with values.yaml"]);
    let called = snapshot.applied().filter(|scope| scope.is_called(Some("chart")));
    assert_eq!(called.count(), 2);
}

/// The fixture, checked, with what Helm made of its only chart.
fn render(fixture: &Fixture, rendered: Rendered) -> Workspace {
    let mut workspace = fixture.check();
    let calls = workspace.take_chart_calls(|_| true);
    assert_eq!(calls.len(), 1, "a subchart is none of its own");
    workspace.set_rendered(calls.into_iter().zip([rendered]).collect());
    workspace.check_all();
    workspace
}

/// `helm template` names a subchart by its alias in `Source:`; what it made under each stands in the one template.
#[test]
fn a_subchart_is_rendered_under_each_of_its_aliases() {
    let fixture = Fixture::parse(
        "\
#- shop/Chart.yaml
{name: shop, version: 1.0.0, dependencies: [{name: web, alias: front}, {name: web, alias: back}]}
#- shop/values.yaml
back: {mode: SIMPEL}
#- shop/charts/web-1.0.0/Chart.yaml
{name: web, version: 1.0.0}
#- shop/charts/web-1.0.0/values.yaml
mode: SIMPLE
#- shop/charts/web-1.0.0/templates/rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: {{ .Chart.Name }}}
spec:
  host: {{ .Chart.Name }}.example.com
  trafficPolicy:
    tls: {mode: {{ .Values.mode | quote }}} #~ unknown-enum-value `{{ .Values.mode | quote }}` SIMPEL
",
    );
    let made = |alias: &str, mode: &str| {
        format!(
            "\
---
# Source: shop/charts/{alias}/templates/rule.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {alias}}}
spec:
  host: {alias}.example.com
  trafficPolicy:
    tls: {{mode: \"{mode}\"}}
"
        )
    };
    let rendered = Rendered::read(&[made("back", "SIMPEL"), made("front", "SIMPLE")].concat());
    let snapshot = render(&fixture, rendered).snapshot();
    assert_eq!(fixture.differences(&snapshot), "");
    let (template, _) = fixture.files.last().unwrap();
    let found: Vec<String> = snapshot.findings(template).into_iter().map(|finding| finding.resource).collect();
    assert_eq!(found, ["DestinationRule default/back"]);
}

/// Of what Helm made, a value that stands so in the template is repaired there; what an action writes comes of the values.
#[test]
fn a_rendered_value_is_repaired_where_the_template_has_it_word_for_word() {
    let rule = |mode: &str| {
        format!(
            "\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: web, namespace: shop}}
spec:
  host: web.example.com
  trafficPolicy:
    tls: {{mode: SIMPEL}}
    portLevelSettings:
    - port: {{number: 443}}
      tls: {{mode: {mode}}}
"
        )
    };
    let template = rule("{{ .Values.mode | trim }}");
    let fixture = Fixture::parse(&format!(
        "\
#- shop/Chart.yaml
{{name: shop, version: 1.0.0}}
#- shop/values.yaml
mode: SIMPEL
#- shop/templates/rule.yaml
{template}"
    ));
    let rendered = Rendered::read(&format!("# Source: shop/templates/rule.yaml\n{}", rule("SIMPEL")));
    let workspace = render(&fixture, rendered);
    let (path, template) = fixture.files.last().unwrap();
    let found = workspace.snapshot().findings(path);
    let shown = found.iter().map(|finding| {
        let edits = finding.fixes.iter().flat_map(|fix| fix.edits.iter().map(|edit| (edit.text.as_str(), fix.safe)));
        (finding.location.span.of(template), edits.collect::<Vec<_>>())
    });
    let expected = [("SIMPEL", vec![("SIMPLE", false)]), ("{{ .Values.mode | trim }}", Vec::new())];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}
