//! Rule `injection-by-default`.

use super::injector;
use super::namespace_without_injection::is_undecided;
use crate::index::Entry;
use crate::rules::{Context, rule};
use crate::yaml::{At, Literal};

rule! {
    /// Pods of a Namespace get a sidecar although no label asks for it.
    ///
    /// ## Why
    /// The injector of the installation injects wherever nothing is said. Whoever reads the Namespace does not see that.
    ///
    /// ## Symptom
    /// Pods with a sidecar that nobody asked for.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: istio-sidecar-injector, namespace: istio-system}
    /// data:
    ///   values: '{"sidecarInjectorWebhook": {"enableNamespacesByDefault": true}}'
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop} #~ injection-by-default `shop`
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: istio-sidecar-injector, namespace: istio-system}
    /// data:
    ///   values: '{"sidecarInjectorWebhook": {"enableNamespacesByDefault": true}}'
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels: {istio-injection: enabled}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0148/>
    "injection-by-default", on: [Namespace], severity: Info, aliases: ["IST0148"], since: "0.1.0",
}

fn check(namespace: &Entry, cx: &mut Context<'_>) {
    let Some(injector) = injector::of(cx, None).filter(|injector| injector.injects_by_default == Some(true)) else {
        return;
    };
    if !is_undecided(namespace) {
        return;
    }
    let fix = cx.document(namespace).and_then(|document| {
        let path = [At::Key("metadata"), At::Key("labels"), At::Key("istio-injection")];
        document.set(&path, &Literal::from("enabled"))
    });
    let message = format!(
        "pods of {} get a sidecar although no label asks for it\nThe injector injects wherever nothing is said.",
        namespace.name()
    );
    let map = injector.map.entry;
    let finding = cx.report(namespace.resource.name_span(), message);
    finding.alias("IST0148").related(map.id, map.resource.name_span(), "injects by default");
    finding.safe_fix("say so with a label", fix.into_iter().collect());
}
