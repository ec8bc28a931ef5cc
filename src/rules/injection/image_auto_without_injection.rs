//! Rule `image-auto-without-injection`.

use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};
use crate::yaml::{At, Literal};

rule! {
    /// A container with image `auto`, but nothing injects.
    ///
    /// ## Why
    /// `image: auto` is a placeholder that the injector replaces. Without injection the node tries to pull an image of that name.
    ///
    /// ## Symptom
    /// `ImagePullBackOff`, `Failed to pull image "auto"`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: edge}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: ingress, namespace: edge}
    /// spec:
    ///   template:
    ///     metadata: {labels: {istio: ingress}}
    ///     spec:
    ///       containers:
    ///       - name: istio-proxy
    ///         image: auto #~ image-auto-without-injection `auto` injects
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: edge}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: ingress, namespace: edge}
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {istio: ingress, sidecar.istio.io/inject: "true"}
    ///       annotations: {inject.istio.io/templates: gateway}
    ///     spec:
    ///       containers: [{name: istio-proxy, image: auto}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0146/>
    "image-auto-without-injection", on: [Deployment, StatefulSet, DaemonSet, Pod], severity: Error, aliases: ["IST0146", "IST0147"], since: "0.1.0",
}

fn check(workload: &Entry, cx: &mut Context<'_>) {
    let Some(pods) = workload.workload().filter(|pods| pods.labels.is_certain()) else { return };
    let mut containers = pods.containers().filter(|container| container.name.text() == Some("istio-proxy"));
    let Some(image) =
        containers.find_map(|container| container.image.present().filter(|image| image.as_str() == "auto"))
    else {
        return;
    };
    let Some(namespace) = cx.view.namespace(&workload.namespace) else { return };
    let labels = &namespace.resource.metadata.labels;
    let asks = pods.label("sidecar.istio.io/inject").map(|value| value.as_str() == "true");
    let by_namespace = labels.under("istio-injection").is_some_and(|value| value.as_str() == "enabled")
        || labels.under("istio.io/rev").is_some();
    let by_pod = asks == Some(true) || pods.label("istio.io/rev").is_some();
    if !labels.is_certain() || (asks != Some(false) && (by_namespace || by_pod)) {
        return;
    }
    let mut path = vec![At::Key("metadata"), At::Key("labels"), At::Key("sidecar.istio.io/inject")];
    let is_pod = workload.resource.kind == Kind::Pod;
    if !is_pod {
        path.splice(0..0, [At::Key("spec"), At::Key("template")]);
    }
    let fix = cx.document(workload).and_then(|document| document.set(&path, &Literal::from("true")));
    let finding = cx.report(
        image.span,
        "nothing injects here: the image `auto` stays as it is\nNeither the namespace nor the pods ask for injection: ImagePullBackOff.",
    );
    finding.alias(if is_pod { "IST0147" } else { "IST0146" });
    finding.safe_fix("ask for injection", fix.into_iter().collect());
}
