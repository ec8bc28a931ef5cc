//! Rule `namespace-without-injection`.

use super::injector;
use crate::index::Entry;
use crate::rules::{Context, rule};
use crate::yaml::{At, Literal};

rule! {
    /// A Namespace whose pods get no proxy.
    ///
    /// ## Why
    /// Nothing tells the injector to add sidecars here, and the namespace is not in the ambient mesh. That may be intended, so it is said only on demand.
    ///
    /// ## Symptom
    /// Traffic of the pods is outside the mesh: no mTLS, no policies, no metrics.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop} #~ namespace-without-injection `shop` no proxy
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels: {istio-injection: enabled}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0102/>
    "namespace-without-injection", on: [Namespace], severity: Info, aliases: ["IST0102"], since: "0.1.0", opt_in: true, all_fit: true,
}

const NEVER: [&str; 5] = ["istio-system", "kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

fn check(namespace: &Entry, cx: &mut Context<'_>) {
    // An installation that injects by default says so in the values of its injector.
    let by_default = injector::of(cx, None).is_some_and(|injector| injector.injects_by_default != Some(false));
    if by_default || !is_undecided(namespace) {
        return;
    }
    let fix = cx.document(namespace).and_then(|document| {
        let path = [At::Key("metadata"), At::Key("labels"), At::Key("istio-injection")];
        document.set(&path, &Literal::from("enabled"))
    });
    let finding = cx.report(
        namespace.resource.name_span(),
        format!("pods of {} get no proxy\nNo label asks for sidecars or for ambient mode.", namespace.name()),
    );
    finding.unsafe_fix("inject sidecars", fix.into_iter().collect());
}

/// Nothing says whether pods of the namespace get a proxy.
pub(super) fn is_undecided(namespace: &Entry) -> bool {
    let labels = &namespace.resource.metadata.labels;
    let says = |key: &str| labels.under(key).is_some_and(|value| !value.is_empty());
    let ambient = labels.under("istio.io/dataplane-mode").is_some_and(|mode| mode.as_str() == "ambient");
    let is_decided = says("istio-injection") || labels.under("istio.io/rev").is_some() || ambient;
    !NEVER.contains(&namespace.name()) && labels.is_certain() && !is_decided
}
