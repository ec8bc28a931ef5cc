//! Rule `gateway-port-outside-workspace`.

use super::gateway_port_not_on_service::{DEFAULT_PORTS, is_default, ports, services};
use crate::index::Ref;
use crate::resource::istio::Gateway;
use crate::rules::{Context, rule};
use crate::tls::gateway::workloads_of;

rule! {
    /// No Service of the workspace leads to the port of a Gateway's server, nor does that of a default installation.
    ///
    /// ## Why
    /// Clients reach a gateway through its Service. The one of a default installation has the ports 80, 443, 15443 and 31400;
    /// others are often added where the installation is kept, so this is said only on demand.
    ///
    /// ## Symptom
    /// Connections time out or are refused.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 8004, name: http, protocol: HTTP} #~ gateway-port-outside-workspace `8004`
    ///     hosts: [shop.example.com]
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
    ///     hosts: [shop.example.com]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0162/>
    "gateway-port-outside-workspace", on: Gateway, severity: Info, aliases: ["IST0162"], since: "0.1.0", opt_in: true,
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let is_default = is_default(gateway.spec);
    let is_silent = match services(gateway, cx.view) {
        Some(services) => !services.is_empty(),
        None => !is_default || !is_assumed(gateway, cx),
    };
    if is_silent {
        return;
    }
    let known: &[u32] = if is_default { &DEFAULT_PORTS } else { &[] };
    for number in ports(gateway.spec).filter(|number| !known.contains(&number.value)) {
        let message = format!(
            "no Service in the workspace leads to port {} of the gateway\nWhere the workspace is the whole mesh, connections time out.",
            number.value
        );
        cx.report(number.span, message).alias("IST0162");
    }
}

/// Nothing in the workspace serves the Gateway.
fn is_assumed(gateway: Ref<'_, Gateway>, cx: &Context<'_>) -> bool {
    workloads_of(cx.view, gateway).iter().all(|workload| workload.name.is_none())
}
