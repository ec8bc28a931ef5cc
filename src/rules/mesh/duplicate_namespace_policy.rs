//! Rule `duplicate-namespace-policy`.

use crate::index::Ref;
use crate::resource::istio::PeerAuthentication;
use crate::rules::together::are_applied_together;
use crate::rules::{Context, rule};

rule! {
    /// Two PeerAuthentications are for one whole namespace.
    ///
    /// ## Why
    /// Only one policy without selector counts for a namespace: the oldest, and of two of one age the first by name, even if it is the laxer one.
    ///
    /// ## Symptom
    /// Workloads accept what the other policy forbids, or refuse what it allows.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata:
    ///   name: strict #~ duplicate-namespace-policy `strict` shop/default
    ///   namespace: shop
    /// spec: {mtls: {mode: STRICT}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata:
    ///   name: default #~ duplicate-namespace-policy `default` shop/strict
    ///   namespace: shop
    /// spec: {mtls: {mode: PERMISSIVE}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec: {mtls: {mode: STRICT}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/concepts/security/#peer-authentication>
    "duplicate-namespace-policy", on: PeerAuthentication, severity: Warning, aliases: [], since: "0.1.0",
}

fn check(policy: Ref<'_, PeerAuthentication>, cx: &mut Context<'_>) {
    if !policy.spec.selector.selects_all() || policy.entry.resource.metadata.name.text().is_none() {
        return;
    }
    // Of one name there is only one object: whoever holds it twice has it in two versions.
    let others: Vec<_> = cx
        .view
        .in_namespace::<PeerAuthentication>(&policy.entry.namespace)
        .filter(|other| other.spec.selector.selects_all() && other.entry.name() != policy.entry.name())
        .filter(|other| are_applied_together(cx.view, policy.entry, other.entry))
        .collect();
    let Some(other) = others.first() else { return };
    let scope = match cx.view.mesh().is_root(&policy.entry.namespace) {
        true => "the whole mesh".to_owned(),
        false => format!("namespace {}", policy.entry.namespace),
    };
    let mut ages: Vec<_> = others.iter().map(|other| other.entry.age()).collect();
    ages.sort_unstable();
    let own = policy.entry.age();
    let outcome = match ages.first().map(|oldest| oldest.0 == own.0) {
        Some(true) => "the one that is created first counts, of two created together the first by name".to_owned(),
        _ if ages.first().is_some_and(|oldest| own < *oldest) => "this one is older and counts".to_owned(),
        _ => "another one is older and counts; this one does not".to_owned(),
    };
    let finding = cx.report(
        policy.entry.resource.name_span(),
        format!(
            "{scope} has another policy: {}\nOnly one without selector counts: {outcome}.",
            other.entry.qualified_name()
        ),
    );
    for other in &others {
        finding.related(other.entry.id, other.entry.resource.name_span(), format!("for {scope} too"));
    }
}
