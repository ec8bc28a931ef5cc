//! Rule `conflicting-injection-webhooks`.

use super::webhooks::{Labels, Selector, combinations, is_of_istio, webhooks};
use crate::index::{Entry, Key};
use crate::resource::kubernetes::Service;
use crate::resource::kubernetes::Webhook;
use crate::resource::{Kind, Spanned};
use crate::rules::together::are_applied_together;
use crate::rules::{Context, rule};

rule! {
    /// Two webhooks of Istio inject into the same pods, or one calls a Service that does not exist.
    ///
    /// ## Why
    /// A pod that several injectors answer for gets the sidecar of whichever comes first, or two of them.
    ///
    /// ## Symptom
    /// Pods with the proxy of the wrong revision, or that do not start.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: istiod, namespace: istio-system}
    /// spec: {selector: {app: istiod}, ports: [{name: https-webhook, port: 443}]}
    /// ---
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: MutatingWebhookConfiguration
    /// metadata: {name: one, labels: {istio.io/rev: default}}
    /// webhooks:
    /// - name: sidecar-injector.istio.io #~ conflicting-injection-webhooks
    ///   clientConfig: {service: {name: istiod, namespace: istio-system}}
    ///   namespaceSelector: {matchLabels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: MutatingWebhookConfiguration
    /// metadata: {name: two, labels: {istio.io/rev: default}}
    /// webhooks:
    /// - name: sidecar-injector.istio.io #~ conflicting-injection-webhooks
    ///   clientConfig: {service: {name: istiod, namespace: istio-system}}
    ///   namespaceSelector: {matchLabels: {istio-injection: enabled}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: istiod, namespace: istio-system}
    /// spec: {selector: {app: istiod}, ports: [{name: https-webhook, port: 443}]}
    /// ---
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: MutatingWebhookConfiguration
    /// metadata: {name: one, labels: {istio.io/rev: default}}
    /// webhooks:
    /// - name: sidecar-injector.istio.io
    ///   clientConfig: {service: {name: istiod, namespace: istio-system}}
    ///   namespaceSelector: {matchLabels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: MutatingWebhookConfiguration
    /// metadata: {name: two, labels: {istio.io/rev: default}}
    /// webhooks:
    /// - name: sidecar-injector.istio.io
    ///   clientConfig: {service: {name: istiod, namespace: istio-system}}
    ///   namespaceSelector: {matchLabels: {istio.io/rev: canary}, matchExpressions: [{key: istio-injection, operator: DoesNotExist}]}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0139/>
    "conflicting-injection-webhooks", on: [MutatingWebhookConfiguration], severity: Error, aliases: ["IST0139"], since: "0.1.0", all_fit: true,
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    if !is_of_istio(entry) {
        return;
    }
    let all: Vec<(&Entry, &Spanned<Webhook>)> = cx
        .view
        .under(&Key::All(Kind::MutatingWebhookConfiguration))
        .filter(|other| is_of_istio(other) && are_applied_together(cx.view, entry, other))
        .flat_map(|other| webhooks(other).map(move |webhook| (&**other, webhook)))
        .collect();
    let combinations = combinations(all.iter().map(|(entry, _)| *entry));
    for webhook in webhooks(entry) {
        missing_service(webhook, cx);
        let others = all.iter().filter(|(other, one)| other.id != entry.id || one.span != webhook.span);
        let meets = |(_, other): &&(&Entry, &Spanned<Webhook>)| {
            let (one, two) = (Selector::of(webhook), Selector::of(other));
            combinations.iter().any(|(namespace, object)| both(&one, &two, namespace, object))
        };
        if let Some((other, theirs)) = others.into_iter().find(meets) {
            let Some(name) = webhook.name.present() else { continue };
            let finding = cx.report(
                name.span,
                format!(
                    "webhook {} of {} injects into the same pods\nA pod that two injectors answer for gets the proxy of either, or of both.",
                    theirs.name.text().unwrap_or_default(),
                    other.name()
                ),
            );
            finding.related(other.id, theirs.name.span().unwrap_or(theirs.span), "the other webhook");
        }
    }
}

fn both(one: &Selector, two: &Selector, namespace: &Labels, object: &Labels) -> bool {
    one.matches(namespace, object) && two.matches(namespace, object)
}

/// The webhook calls a Service of a namespace whose Services are in the workspace, and it is not among them.
fn missing_service(webhook: &Webhook, cx: &mut Context<'_>) {
    let Some(called) = webhook.client_config.value().and_then(|config| config.service.value()) else { return };
    let (Some(namespace), Some(name)) = (called.namespace.text(), called.name.present()) else { return };
    let holds_services = cx.view.in_namespace::<Service>(namespace).next().is_some();
    if cx.view.named::<Service>(namespace, &name.value).is_none() && holds_services {
        cx.report(
            name.span,
            format!("there is no Service {} in {namespace}\nThe API server cannot call the webhook: pods are not made, or get no proxy.", name.value),
        );
    }
}
