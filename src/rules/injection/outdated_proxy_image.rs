//! Rule `outdated-proxy-image`.

use super::injector::{self, Injector};
use crate::index::Entry;
use crate::resource::Spanned;
use crate::rules::{Context, Edit, Fix, rule};
use crate::text::TextEdit;
use smol_str::SmolStr;

rule! {
    /// Pods of a namespace run another proxy than its injector would give them.
    ///
    /// ## Why
    /// The injector adds the proxy when a pod is created. Pods from before an upgrade, or with the proxy written into them, keep
    /// the old one.
    ///
    /// ## Symptom
    /// Proxies of several versions, `istioctl proxy-status` and `istioctl version` show them; features of the new one are missing.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: istio-sidecar-injector, namespace: istio-system}
    /// data:
    ///   values: '{"global": {"hub": "docker.io/istio", "tag": "1.27.0", "proxy": {"image": "proxyv2"}}}'
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels: {istio-injection: enabled} #~ outdated-proxy-image `enabled` docker.io/istio/proxyv2:1.27.0
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - {name: web, image: web}
    ///   - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.20.1"}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: istio-sidecar-injector, namespace: istio-system}
    /// data:
    ///   values: '{"global": {"hub": "docker.io/istio", "tag": "1.27.0", "proxy": {"image": "proxyv2"}}}'
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels: {istio-injection: enabled}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - {name: web, image: web}
    ///   - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.27.0"}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0158/>
    "outdated-proxy-image", on: [Namespace], severity: Warning, aliases: ["IST0158"], since: "0.1.0",
}

/// What may follow the tag: variants of the same version.
const VARIANTS: [&str; 3] = ["-distroless", "-debug", "-default"];

fn check(namespace: &Entry, cx: &mut Context<'_>) {
    let labels = &namespace.resource.metadata.labels;
    let asked = labels.under("istio-injection").filter(|value| value.as_str() == "enabled");
    let revision = labels.under("istio.io/rev").filter(|_| labels.under("istio-injection").is_none());
    let Some(label) = asked.or(revision) else { return };
    let injector = injector::of(cx, revision.map(|revision| revision.as_str()));
    let Some(Injector { map, image: Some(expected), .. }) = injector else { return };
    let outdated: Vec<_> = cx
        .view
        .workloads(namespace.name(), &[])
        .into_iter()
        .filter_map(|pods| Some((pods, image(pods).filter(|image| !is_same(image, &expected))?)))
        .collect();
    if outdated.is_empty() {
        return;
    }
    let names: Vec<_> = outdated.iter().map(|(pods, _)| pods.name()).collect();
    let message = format!(
        "pods of {} run another proxy than {expected}\nThey are {}. The injector gives new pods what its values say.",
        namespace.name(),
        names.join(", ")
    );
    let finding = cx.report(label.span, message);
    finding.alias("IST0158").related(map.entry.id, map.entry.resource.name_span(), "the values of the injector");
    let mut edits = Vec::new();
    for (pods, image) in &outdated {
        finding.related(pods.id, image.span, format!("{} runs this", pods.name()));
        edits.push(Edit { resource: pods.id, edit: TextEdit::replace(image.span, format!("\"{expected}\"")) });
    }
    finding.fix(Fix { title: format!("use {expected} in all of them"), safe: false, edits });
}

/// The image of the proxy that is written into the pods, unless they ask for one of their own.
fn image(pods: &Entry) -> Option<&Spanned<SmolStr>> {
    let pods = pods.workload().filter(|pods| pods.annotations.under("sidecar.istio.io/proxyImage").is_none())?;
    let proxy = pods.containers().find(|container| container.name.text() == Some("istio-proxy"))?;
    proxy.image.present().filter(|image| image.as_str() != "auto")
}

fn is_same(image: &str, expected: &str) -> bool {
    image.strip_prefix(expected).is_some_and(|variant| variant.is_empty() || VARIANTS.contains(&variant))
}
