//! Rule `outdated-gateway-api`.

use crate::index::Ref;
use crate::resource::kubernetes::CustomResourceDefinition;
use crate::rules::{Context, rule};

rule! {
    /// A CustomResourceDefinition of the Gateway API that is older than Istio needs.
    ///
    /// ## Why
    /// Istio uses fields that came with a certain bundle of the Gateway API; with older definitions it leaves the kind out.
    ///
    /// ## Symptom
    /// Routes of the kind are ignored.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: grpcroutes.gateway.networking.k8s.io
    ///   annotations: {gateway.networking.k8s.io/bundle-version: v1.0.0} #~ outdated-gateway-api `v1.0.0` 1.1.0
    /// spec: {group: gateway.networking.k8s.io}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: grpcroutes.gateway.networking.k8s.io
    ///   annotations: {gateway.networking.k8s.io/bundle-version: v1.1.0}
    /// spec: {group: gateway.networking.k8s.io}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0176/>
    "outdated-gateway-api", on: CustomResourceDefinition, severity: Warning, aliases: ["IST0176"], since: "0.1.0", all_fit: true,
}

const NEEDED: [(&str, (u32, u32)); 4] =
    [("grpcroutes", (1, 1)), ("backendtlspolicies", (1, 4)), ("tlsroutes", (1, 5)), ("tcproutes", (1, 6))];

fn check(definition: Ref<'_, CustomResourceDefinition>, cx: &mut Context<'_>) {
    let Some(kind) = definition.entry.name().strip_suffix(".gateway.networking.k8s.io") else { return };
    let Some((_, needed)) = NEEDED.iter().find(|(known, _)| *known == kind) else { return };
    let Some(written) = definition.entry.resource.annotation("gateway.networking.k8s.io/bundle-version") else {
        return;
    };
    let mut numbers = written.trim_start_matches('v').split(['.', '-', '+']).map(str::parse::<u32>);
    if let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next())
        && (major, minor) < *needed
    {
        cx.report(
            written.span,
            format!(
                "Istio needs {}.{}.0 or later for {kind}\nWith older definitions the kind is left out.",
                needed.0, needed.1
            ),
        );
    }
}
