//! Rule `webhook-outside-workspace`.

use super::webhooks::{is_of_istio, webhooks};
use crate::index::Entry;
use crate::resource::kubernetes::Service;
use crate::rules::{Context, rule};

rule! {
    /// A webhook of Istio calls a Service of a namespace that has none in the workspace.
    ///
    /// ## Why
    /// The API server calls the injector through its Service. Control planes are seldom kept beside their webhooks, so this is
    /// said only on demand.
    ///
    /// ## Symptom
    /// `failed calling webhook`: pods are not made.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: MutatingWebhookConfiguration
    /// metadata: {name: istio-sidecar-injector}
    /// webhooks:
    /// - name: sidecar-injector.istio.io
    ///   clientConfig: {service: {name: istiod, namespace: istio-system}} #~ webhook-outside-workspace `istiod`
    ///   namespaceSelector: {matchLabels: {istio-injection: enabled}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: istiod, namespace: istio-system}
    /// spec: {selector: {app: istiod}, ports: [{name: https-webhook, port: 443, targetPort: 15017}]}
    /// ---
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: MutatingWebhookConfiguration
    /// metadata: {name: istio-sidecar-injector}
    /// webhooks:
    /// - name: sidecar-injector.istio.io
    ///   clientConfig: {service: {name: istiod, namespace: istio-system}}
    ///   namespaceSelector: {matchLabels: {istio-injection: enabled}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0139/>
    "webhook-outside-workspace", on: [MutatingWebhookConfiguration], severity: Info, aliases: ["IST0139"], since: "0.1.0", opt_in: true,
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    if !is_of_istio(entry) {
        return;
    }
    for webhook in webhooks(entry) {
        let called = webhook.client_config.value().and_then(|config| config.service.value());
        let Some((namespace, name)) =
            called.and_then(|called| Some((called.namespace.text()?, called.name.present()?)))
        else {
            continue;
        };
        if cx.view.in_namespace::<Service>(namespace).next().is_none() {
            let message = format!(
                "no Service {} of {namespace} is in the workspace\nWhere the workspace is the whole mesh, the API server cannot call \
                 the webhook.",
                name.value
            );
            cx.report(name.span, message).alias("IST0139");
        }
    }
}
