//! Rule `dropped-tls-at-port-level`.

use crate::index::{Ref, View};
use crate::resource::istio::{ClientTls, DestinationRule, PortTrafficPolicy, TlsMode, TrafficPolicy};
use crate::resource::{Field, Spanned, host};
use crate::rules::{Context, rule};
use crate::tls;
use crate::yaml::Place;

use super::copied::copied;

rule! {
    /// The settings of a port replace the TLS of the level above by none.
    ///
    /// ## Why
    /// An entry of `portLevelSettings` replaces the level above as a whole, TLS included. An entry of a subset replaces even the TLS of the
    /// rule. What is not repeated in the entry is gone.
    ///
    /// ## Symptom
    /// Plaintext reaches a TLS port: `400`, `The plain HTTP request was sent to HTTPS port`, or `503 UC`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 80, name: http, protocol: HTTP, targetPort: 443}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls: {mode: SIMPLE}
    ///     portLevelSettings:
    ///     - port:
    ///         number: 80 #~ dropped-tls-at-port-level `80` SIMPLE
    ///       connectionPool: {tcp: {maxConnections: 20}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 80, name: http, protocol: HTTP, targetPort: 443}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls: {mode: SIMPLE}
    ///     portLevelSettings:
    ///     - port:
    ///         number: 80
    ///       connectionPool: {tcp: {maxConnections: 20}}
    ///       tls: {mode: SIMPLE}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy-PortTrafficPolicy>
    "dropped-tls-at-port-level", on: DestinationRule, severity: Error, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    let top = rule.spec.traffic_policy.value();
    let of_rule = top.into_iter().flat_map(|policy| dropping(policy).map(|entry| (entry, policy.tls.present())));
    let subsets = rule.spec.subsets.items().filter_map(|subset| subset.traffic_policy.value());
    let of_subsets = subsets.flat_map(|policy| {
        dropping(policy).map(move |entry| {
            let of_port =
                top.and_then(|top| top.port_level_settings.items().find(|above| number(above) == number(entry)));
            let above = of_port.map_or(top.map(|top| &top.tls), |above| Some(&above.tls));
            (entry, policy.tls.present().or_else(|| above.and_then(Field::present)))
        })
    });
    let dropped: Vec<_> = of_rule.chain(of_subsets).filter_map(|(entry, parent)| Some((entry, parent?))).collect();
    for (entry, parent) in dropped {
        let lost = match parent.effective_mode() {
            Some(TlsMode::Simple | TlsMode::Mutual) => true,
            Some(TlsMode::IstioMutual) => !cx.view.mesh().enable_auto_mtls,
            _ => false,
        };
        if lost && is_needed(cx.view, rule, entry) {
            report(rule, entry, parent, cx);
        }
    }
}

/// Entries for ports that say nothing of TLS.
pub(super) fn dropping(policy: &TrafficPolicy) -> impl Iterator<Item = &Spanned<PortTrafficPolicy>> {
    policy.port_level_settings.items().filter(|entry| entry.tls.is_absent())
}

fn number(entry: &PortTrafficPolicy) -> Option<u32> {
    entry.port.value().and_then(|port| port.number.copied())
}

/// The rule's host has the port, and its application does not speak TLS there by itself.
fn is_needed(view: &View<'_>, rule: Ref<'_, DestinationRule>, entry: &PortTrafficPolicy) -> bool {
    let (Some(written), Some(number)) = (rule.host.text(), number(entry)) else { return false };
    let services = tls::services_under(view, &host::resolve(written, &rule.entry.namespace));
    let mut ports = services.iter().filter_map(|service| service.port(number));
    ports.any(|port| !port.protocol.is_tls())
}

fn report(
    rule: Ref<'_, DestinationRule>,
    entry: &Spanned<PortTrafficPolicy>,
    parent: &Spanned<ClientTls>,
    cx: &mut Context<'_>,
) {
    let Some(port) = entry.port.value().and_then(|port| port.number.present()) else { return };
    let fix = cx
        .document(rule.entry)
        .and_then(|document| document.insert(&document.path_of(entry.span), Place::Last, "tls", &copied(parent)));
    let mode = parent.effective_mode().map_or("TLS", TlsMode::as_str);
    let finding = cx.report(
        port.span,
        format!(
            "the settings of port {0} drop the TLS ({mode}) of the level above\nThey replace that level as a whole: plaintext is sent \
             to port {0}.",
            port.value
        ),
    );
    finding.related(rule.entry.id, parent.key, "this does not count for the port");
    finding.safe_fix("repeat the tls block for the port", fix.into_iter().collect());
}
