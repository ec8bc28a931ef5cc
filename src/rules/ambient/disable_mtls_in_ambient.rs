//! Rule `disable-mtls-in-ambient`.

use crate::index::Ref;
use crate::resource::istio::{MtlsMode, PeerAuthentication};
use crate::rules::{Context, rule};
use crate::text::TextEdit;
use crate::tls::{self, ProxyKind};

rule! {
    /// A PeerAuthentication turns mTLS off for workloads whose ztunnel cannot turn it off.
    ///
    /// ## Why
    /// HBONE, the mTLS of ambient mode, is always on between ztunnels. A ztunnel takes DISABLE for PERMISSIVE: plaintext is
    /// accepted from clients outside the mesh, everything else stays encrypted.
    ///
    /// ## Symptom
    /// None: traffic stays encrypted.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec:
    ///   mtls:
    ///     mode: DISABLE #~ disable-mtls-in-ambient `DISABLE` PERMISSIVE
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: PeerAuthentication
    /// metadata: {name: default, namespace: shop}
    /// spec: {mtls: {mode: PERMISSIVE}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ambient/architecture/data-plane/>
    "disable-mtls-in-ambient", on: PeerAuthentication, severity: Info, aliases: [], since: "0.1.0",
}

fn check(policy: Ref<'_, PeerAuthentication>, cx: &mut Context<'_>) {
    let levels = policy.spec.port_level_mtls.pairs().map(|(_, level)| &level.value).chain(policy.spec.mtls.value());
    let off: Vec<_> = levels
        .filter_map(|level| level.mode.present().filter(|mode| mode.value == MtlsMode::Disable))
        .map(|mode| mode.span)
        .collect();
    let selector = policy.spec.selector.value();
    let is_known = !policy.spec.selector.is_uncertain() && selector.is_none_or(|selector| selector.is_certain());
    if off.is_empty() || !is_known {
        return;
    }
    let pairs: Vec<(&str, &str)> = selector
        .into_iter()
        .flat_map(|selector| selector.pairs())
        .map(|(key, value)| (key.as_str(), value.value.as_str()))
        .collect();
    let is_for_mesh = cx.view.mesh().is_root(&policy.entry.namespace) && pairs.is_empty();
    let workloads = match is_for_mesh {
        true => cx.view.workloads_anywhere(&[]),
        false => cx.view.workloads(&policy.entry.namespace, &pairs),
    };
    let kinds: Vec<_> = workloads.into_iter().map(|workload| tls::proxy(cx.view, workload).kind).collect();
    if kinds.contains(&ProxyKind::Ztunnel) && !kinds.contains(&ProxyKind::Sidecar) {
        for mode in off {
            let finding = cx.report(
                mode,
                "a ztunnel cannot turn mTLS off: DISABLE acts as PERMISSIVE\nBetween workloads of the ambient mesh traffic \
                 stays encrypted (HBONE)."
                    .to_owned(),
            );
            finding.safe_fix("say PERMISSIVE", vec![TextEdit::replace(mode, "PERMISSIVE")]);
        }
    }
}
