//! What Argo CD and Flux deliver.

use super::{DeliveredBy, Delivery, Tool, read};
use crate::yaml;

fn deliveries(text: &str) -> Vec<Delivery> {
    read(&yaml::parse(text.into()))
}

fn only(text: &str) -> Delivery {
    let mut deliveries = deliveries(text);
    assert_eq!(deliveries.len(), 1, "{deliveries:?}");
    deliveries.remove(0)
}

fn application(source: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: shop}}\nspec:\n  source: {source}\n  \
         destination: {{namespace: shop}}\n"
    )
}

#[test]
fn an_application_delivers_the_folder_of_its_source() {
    let text = application("{repoURL: https://git.example/shop, path: ./apps/shop/}");
    let delivery = only(&text);
    assert_eq!((delivery.by, delivery.name.text()), (DeliveredBy::Application, Some("shop")));
    assert_eq!((delivery.folder(), delivery.namespace.text()), (Some("apps/shop"), Some("shop")));
    assert_eq!(delivery.path.span().unwrap().of(&text), "./apps/shop/");
    assert!(matches!(delivery.tool, Tool::Detected));
}

#[test]
fn plain_files_may_be_taken_from_below_and_filtered() {
    let delivery = only(&application("{path: ., directory: {recurse: true, exclude: '*.json'}}"));
    assert_eq!(delivery.folder(), Some(""));
    let Tool::Plain { recurse, include, exclude } = delivery.tool else { panic!("{:?}", delivery.tool) };
    assert_eq!((recurse.copied(), include.text(), exclude.text()), (Some(true), None, Some("*.json")));
}

#[test]
fn a_kustomization_gets_names_and_a_namespace() {
    let delivery = only(&application("{path: base, kustomize: {namePrefix: a-, nameSuffix: -b, namespace: blue}}"));
    let Tool::Kustomize { namespace, name_prefix, name_suffix } = delivery.tool else { panic!("{:?}", delivery.tool) };
    assert_eq!((namespace.text(), name_prefix.text(), name_suffix.text()), (Some("blue"), Some("a-"), Some("-b")));
}

#[test]
fn a_chart_gets_values_from_files_and_in_place() {
    let helm = "{releaseName: web, valueFiles: [values.yaml, prod.yaml], values: 'a: 1', valuesObject: {a: 2}}";
    let delivery = only(&application(&format!("{{path: charts/web, helm: {helm}}}")));
    let Tool::Helm { release_name, value_files, values, .. } = delivery.tool else { panic!("{:?}", delivery.tool) };
    assert_eq!(release_name.text(), Some("web"));
    assert_eq!(value_files.items().map(|file| file.as_str()).collect::<Vec<_>>(), ["values.yaml", "prod.yaml"]);
    assert!(values.value().unwrap().get("a").is_some(), "the object wins over the text");
}

#[test]
fn every_source_with_a_folder_delivers() {
    let text = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec:\n  sources:\n  - {path: a}\n  - \
                {chart: istiod, path: ignored}\n  - {ref: values}\n  - {path: b}\n";
    assert_eq!(deliveries(text).iter().map(Delivery::folder).collect::<Vec<_>>(), [Some("a"), Some("b")]);
}

#[test]
fn what_the_generators_of_a_set_fill_in_is_not_known() {
    let delivery = only(
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\nspec:\n  generators:\n  - git:\n      \
         directories:\n      - path: apps/*\n      - {path: apps/old, exclude: true}\n  template:\n    metadata: {name: '{{path.basename}}'}\n    \
         spec:\n      source: {path: '{{path}}'}\n      destination: {namespace: '{{path.basename}}'}\n",
    );
    assert_eq!((delivery.by, delivery.folder()), (DeliveredBy::ApplicationSet, None));
    assert!(delivery.namespace.is_uncertain());
    assert_eq!(delivery.each_of.iter().map(|glob| glob.text()).collect::<Vec<_>>(), [Some("apps/*")]);
}

#[test]
fn a_set_may_deliver_one_folder_many_times() {
    let delivery = only(
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  generators: [{clusters: {}}]\n  template:\n    spec:\n      \
         source: {path: mesh}\n      destination: {namespace: istio-system}\n",
    );
    assert_eq!((delivery.folder(), delivery.namespace.text()), (Some("mesh"), Some("istio-system")));
    assert!(delivery.each_of.is_empty());
}

#[test]
fn a_kustomization_of_flux_moves_all_into_its_namespace() {
    let delivery = only(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: shop, namespace: flux-system}\nspec:\n  \
         path: ./deploy/shop\n  targetNamespace: shop\n",
    );
    assert_eq!((delivery.by, delivery.folder()), (DeliveredBy::Kustomization, Some("deploy/shop")));
    let Tool::Kustomize { namespace, .. } = delivery.tool else { panic!("{:?}", delivery.tool) };
    assert_eq!((namespace.text(), delivery.namespace.is_absent()), (Some("shop"), true));
    let root = only("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {}\n");
    assert_eq!(root.folder(), Some(""), "without a path it is the root of the repository");
}

#[test]
fn a_helm_release_delivers_a_chart_of_the_repository() {
    let release = |target, source| {
        format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: web, namespace: flux}}\nspec:\n  {target}\n  \
             chart: {{spec: {{chart: ./charts/web, valuesFiles: [prod.yaml], sourceRef: {{kind: {source}}}}}}}\n  \
             values: {{replicas: 2}}\n"
        )
    };
    let delivery = only(&release("targetNamespace: shop", "GitRepository"));
    assert_eq!((delivery.folder(), delivery.namespace.text()), (Some("charts/web"), Some("shop")));
    let Tool::Helm { value_files, values, .. } = delivery.tool else { panic!("{:?}", delivery.tool) };
    assert_eq!(value_files.items().count(), 1);
    assert!(values.value().unwrap().get("replicas").is_some());
    assert_eq!(only(&release("interval: 1h", "GitRepository")).namespace.text(), Some("flux"));
    assert!(deliveries(&release("interval: 1h", "HelmRepository")).is_empty());
}

#[test]
fn other_objects_deliver_nothing() {
    let text = application("{path: a}");
    assert!(deliveries(&text.replace("argoproj.io/", "app.k8s.io/")).is_empty());
    assert!(deliveries("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n").is_empty());
    assert!(deliveries("").is_empty());
}

#[test]
fn a_list_delivers_what_its_items_deliver() {
    let item = "{apiVersion: argoproj.io/v1alpha1, kind: Application, spec: {source: {path: a}}}";
    assert_eq!(deliveries(&format!("kind: List\nitems:\n- {item}\n- {item}\n")).len(), 2);
}

#[test]
fn what_a_chart_fills_in_is_not_known() {
    let delivery = only(&application("{path: '{{ .Values.path }}', directory: {recurse: {{ .Values.deep }}}}"));
    assert_eq!(delivery.folder(), None);
}
