//! Rule `gateway-without-workload`.

use crate::index::Ref;
use crate::resource::istio::Gateway;
use crate::rules::{Context, rule};

rule! {
    /// A Gateway that selects no workload of the workspace.
    ///
    /// ## Why
    /// Nobody serves the servers of the Gateway. The workload is often installed from elsewhere, so this is said only on demand.
    ///
    /// ## Symptom
    /// Connections are refused; nothing listens on the ports.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingres} #~ gateway-without-workload `ingres` no workload
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: ["*"]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: ["*"]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0101/>
    "gateway-without-workload", on: Gateway, severity: Info, aliases: ["IST0101", "KIA0302"], since: "0.1.0", opt_in: true, all_fit: true,
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let selector = &gateway.spec.selector;
    let pairs: Vec<(&str, &str)> = selector.pairs().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
    // The gateway of a default installation is taken to be there.
    let is_default = pairs.as_slice() == [("istio", "ingressgateway")];
    let Some((_, first)) = selector.pairs().next() else { return };
    let is_known = cx.view.known().has_gateway(pairs.iter().copied());
    if !selector.is_certain() || is_default || is_known || !cx.view.workloads_anywhere(&pairs).is_empty() {
        return;
    }
    let labels: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    cx.report(
        first.span,
        format!(
            "no workload in the workspace has {}\nWhere the workspace is the whole mesh, nobody serves this Gateway: connections \
             are refused.",
            labels.join(",")
        ),
    );
}
