//! Rule `several-injection-labels`.

use crate::index::Entry;
use crate::rules::{Context, rule};
use crate::yaml::At;

rule! {
    /// A Namespace has several labels that decide on injection, and only one counts.
    ///
    /// ## Why
    /// `istio-injection` goes before `istio.io/rev`, and a namespace that gets sidecars is not in the ambient mesh. Who reads only one of the labels is misled.
    ///
    /// ## Symptom
    /// Pods get the proxy of another revision than the label says, or none.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     istio-injection: enabled
    ///     istio.io/rev: canary #~ several-injection-labels `canary` istio-injection
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels: {istio.io/rev: canary}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0123/>
    "several-injection-labels", on: [Namespace], severity: Warning, aliases: ["IST0123", "KIA1401"], since: "0.1.0", all_fit: true,
}

const LABELS: [&str; 3] = ["istio-injection", "istio.io/rev", "istio.io/dataplane-mode"];

fn check(namespace: &Entry, cx: &mut Context<'_>) {
    let labels = &namespace.resource.metadata.labels;
    let injection = labels.under("istio-injection");
    // Where injection is off, a revision that stays behind does no harm.
    if namespace.name() == "istio-system" || injection.is_some_and(|value| value.as_str() != "enabled") {
        return;
    }
    let written: Vec<_> = LABELS.iter().filter_map(|key| Some((*key, labels.under(key)?))).collect();
    let [(first, _), others @ ..] = written.as_slice() else { return };
    let Some((second, value)) = others.first() else { return };
    let removal = cx
        .document(namespace)
        .and_then(|document| document.remove(&[At::Key("metadata"), At::Key("labels"), At::Key(second)]));
    let finding = cx.report(
        value.span,
        format!(
            "`{second}` does not count beside `{first}`\nOf several labels that decide on injection one wins: {first}."
        ),
    );
    finding.safe_fix(format!("remove {second}"), removal.into_iter().collect());
}
