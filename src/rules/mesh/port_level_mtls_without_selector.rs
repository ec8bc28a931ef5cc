//! Rule `port-level-mtls-without-selector`.

use crate::index::Ref;
use crate::resource::istio::PeerAuthentication;
use crate::resource::kubernetes::Service;
use crate::rules::{Context, rule};
use crate::yaml::{At, Literal};

rule! {
    /// A PeerAuthentication sets mTLS for ports, but selects no workloads.
    ///
    /// ## Why
    /// Ports belong to workloads: `portLevelMtls` is allowed only together with a `selector`. The webhook of istiod rejects the rest.
    ///
    /// ## Symptom
    /// `configuration is invalid: mesh/namespace peer authentication cannot have port level mTLS`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec:
    ///   mtls: {mode: STRICT}
    ///   portLevelMtls: #~ port-level-mtls-without-selector `portLevelMtls` selector
    ///     8080: {mode: PERMISSIVE}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   mtls: {mode: STRICT}
    ///   portLevelMtls:
    ///     8080: {mode: PERMISSIVE}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/security/peer_authentication/>
    "port-level-mtls-without-selector", on: PeerAuthentication, severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

fn check(policy: Ref<'_, PeerAuthentication>, cx: &mut Context<'_>) {
    let ports = &policy.spec.port_level_mtls;
    let Some(key) = ports.key().filter(|_| ports.pairs().next().is_some()) else { return };
    if !policy.spec.selector.selects_all() {
        return;
    }
    let fix = selector(policy, cx).and_then(|(key, value)| {
        let document = cx.document(policy.entry)?;
        let labels = Literal::map([(key, value)]);
        document.set(&[At::Key("spec"), At::Key("selector"), At::Key("matchLabels")], &labels)
    });
    let finding = cx.report(
        key,
        "portLevelMtls needs a selector\nPorts belong to workloads; istiod rejects it for a whole namespace or mesh: `mesh/namespace \
         peer authentication cannot have port level mTLS`.",
    );
    finding.unsafe_fix("select the workload that listens on the port", fix.into_iter().collect());
}

/// A label of the workloads behind the first of the ports, as a Service of the namespace selects them.
fn selector(policy: Ref<'_, PeerAuthentication>, cx: &Context<'_>) -> Option<(String, String)> {
    let (port, _) = policy.spec.port_level_mtls.pairs().next()?;
    let number: u32 = port.parse().ok()?;
    let mut services = cx.view.in_namespace::<Service>(&policy.entry.namespace);
    let service = services.find(|service| {
        let target = |port: &crate::resource::kubernetes::ServicePort| match port.target_port.value() {
            Some(crate::resource::IntOrString::Int(target)) => u32::try_from(*target).ok(),
            _ => port.port.copied(),
        };
        service.spec.ports.items().any(|port| target(port) == Some(number))
    })?;
    let (key, value) = service.spec.selector.pairs().next()?;
    Some((key.to_string(), value.value.to_string()))
}
