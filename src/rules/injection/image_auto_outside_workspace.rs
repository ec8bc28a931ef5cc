//! Rule `image-auto-outside-workspace`.

use super::image_auto_without_injection::{ask, code, image};
use crate::index::Entry;
use crate::rules::{Context, rule};

rule! {
    /// A container with image `auto`, in a namespace that the workspace does not hold.
    ///
    /// ## Why
    /// `image: auto` is a placeholder that the injector replaces. The pods do not ask for injection themselves, so that their
    /// namespace must; whether it does nobody can tell from the workspace, so this is said only on demand.
    ///
    /// ## Symptom
    /// `ImagePullBackOff`, `Failed to pull image "auto"`, if the namespace does not ask for injection.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: ingress, namespace: edge}
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {istio: ingress}
    ///       annotations: {inject.istio.io/templates: gateway}
    ///     spec:
    ///       containers:
    ///       - name: istio-proxy
    ///         image: auto #~ image-auto-outside-workspace `auto` edge
    /// ```
    ///
    /// ## Instead
    /// ```yaml
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
    /// <https://istio.io/latest/docs/setup/additional-setup/gateway/#deploying-a-gateway>
    "image-auto-outside-workspace", on: [Deployment, StatefulSet, DaemonSet, Pod], severity: Info, aliases: ["IST0146", "IST0147"], since: "0.1.0", opt_in: true,
}

fn check(workload: &Entry, cx: &mut Context<'_>) {
    let (Some(image), Some(pods)) = (image(workload), workload.workload()) else { return };
    let decides = pods.label("sidecar.istio.io/inject").is_some() || pods.label("istio.io/rev").is_some();
    if decides || cx.view.namespace(&workload.namespace).is_some() {
        return;
    }
    let fix = ask(workload, cx);
    let namespace = workload.resource.metadata.namespace.text().map(|name| format!("namespace {name}"));
    let message = format!(
        "the image `auto` stays as it is unless {} asks for injection\nThe pods do not ask for it themselves, and the \
         Namespace is not in the workspace.",
        namespace.as_deref().unwrap_or("its namespace")
    );
    let finding = cx.report(image.span, message);
    finding.alias(code(workload));
    finding.safe_fix("ask for injection", fix.into_iter().collect());
}
