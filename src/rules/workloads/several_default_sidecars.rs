//! Rule `several-default-sidecars`.

use super::selection::other_general;
use crate::index::Ref;
use crate::resource::istio::Sidecar;
use crate::rules::ambient::sidecar_in_ambient;
use crate::rules::{Context, rule};

rule! {
    /// Two Sidecar resources are for one whole namespace.
    ///
    /// ## Why
    /// Of several Sidecar resources without selector only the oldest counts; they are not merged.
    ///
    /// ## Symptom
    /// Settings of the other have no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Sidecar
    /// metadata:
    ///   name: one #~ several-default-sidecars `one` two
    ///   namespace: shop
    /// spec:
    ///   egress: [{hosts: ["./*"]}]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Sidecar
    /// metadata:
    ///   name: two #~ several-default-sidecars `two` one
    ///   namespace: shop
    /// spec:
    ///   egress: [{hosts: ["./*"]}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Sidecar
    /// metadata:
    ///   name: one
    ///   namespace: shop
    /// spec:
    ///   egress: [{hosts: ["./*"]}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0111/>
    "several-default-sidecars", on: Sidecar, severity: Error, aliases: ["IST0111", "KIA1006"], since: "0.1.0", all_fit: true,
}

fn check(resource: Ref<'_, Sidecar>, cx: &mut Context<'_>) {
    // That nobody reads them another rule says.
    if sidecar_in_ambient::without_effect(resource, cx.view).is_some() {
        return;
    }
    if let Some(other) = other_general(cx.view, resource, |spec| spec.workload_selector.selects_all()) {
        let finding = cx.report(
            resource.entry.resource.name_span(),
            format!("{} is for the whole namespace too\nOnly the oldest of them counts.", other.entry.title()),
        );
        finding.related(other.entry.id, other.entry.resource.name_span(), "for the whole namespace too");
    }
}
