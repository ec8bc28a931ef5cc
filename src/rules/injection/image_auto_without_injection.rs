//! Rule `image-auto-without-injection`.

use smol_str::SmolStr;

use crate::index::Entry;
use crate::resource::{Kind, Spanned};
use crate::rules::{Context, rule};
use crate::text::TextEdit;
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
    let (Some(image), Some(pods)) = (image(workload), workload.workload()) else { return };
    let asks = pods.label("sidecar.istio.io/inject").map(|value| value.as_str() == "true");
    let namespace = cx.view.namespace(&workload.namespace);
    let labels = namespace.map(|namespace| &namespace.resource.metadata.labels);
    let switch = labels.and_then(|labels| labels.under("istio-injection")).map(|value| value.as_str());
    // No webhook is for a namespace that is switched off.
    let is_off = switch == Some("disabled");
    if asks != Some(false) {
        let Some(labels) = labels.filter(|labels| labels.is_certain()) else { return };
        let by_pod = asks == Some(true) || pods.label("istio.io/rev").is_some();
        let by_namespace = switch == Some("enabled") || labels.under("istio.io/rev").is_some();
        if !is_off && (by_pod || by_namespace) {
            return;
        }
    }
    let fix = ask(workload, cx).filter(|_| !is_off);
    let finding = cx.report(
        image.span,
        "nothing injects here: the image `auto` stays as it is\nThe labels of the namespace and the pods do not ask for injection: ImagePullBackOff.",
    );
    finding.alias(code(workload));
    finding.safe_fix("ask for injection", fix.into_iter().collect());
}

/// The image `auto` of a proxy, in pods whose labels are known.
pub(super) fn image(workload: &Entry) -> Option<&Spanned<SmolStr>> {
    let pods = workload.workload().filter(|pods| pods.labels.is_certain())?;
    let mut proxies = pods.containers().filter(|container| container.name.text() == Some("istio-proxy"));
    proxies.find_map(|container| container.image.present().filter(|image| image.as_str() == "auto"))
}

/// The edit with which the pods ask for injection.
pub(super) fn ask(workload: &Entry, cx: &Context<'_>) -> Option<TextEdit> {
    let mut path = vec![At::Key("metadata"), At::Key("labels"), At::Key("sidecar.istio.io/inject")];
    if workload.resource.kind != Kind::Pod {
        path.splice(0..0, [At::Key("spec"), At::Key("template")]);
    }
    cx.document(workload)?.set(&path, &Literal::from("true"))
}

/// What istioctl calls it.
pub(super) fn code(workload: &Entry) -> &'static str {
    if workload.resource.kind == Kind::Pod { "IST0147" } else { "IST0146" }
}
