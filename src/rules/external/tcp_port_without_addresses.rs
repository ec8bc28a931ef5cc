//! Rule `tcp-port-without-addresses`.

use crate::index::Ref;
use crate::resource::Field;
use crate::resource::istio::{Resolution, ServiceEntry, ServiceEntryPort};
use crate::rules::{Context, rule};

rule! {
    /// A ServiceEntry with `resolution: NONE` and a TCP port, but no addresses.
    ///
    /// ## Why
    /// TCP carries no host name, and without `addresses` the proxy listens for the port on all addresses. What arrives goes on to where
    /// it was meant for, but counts as a call to this host: by its DestinationRule, under its name in the metrics, and past
    /// `outboundTrafficPolicy: REGISTRY_ONLY`. istiod takes the ServiceEntry with a warning.
    ///
    /// ## Symptom
    /// The metrics show calls to this host that were for others; a port is open to all the world though only known hosts are allowed.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: broker, namespace: shop}
    /// spec:
    ///   hosts: [broker.example]
    ///   resolution: NONE
    ///   ports:
    ///   - {number: 5672, name: tcp, protocol: TCP} #~ tcp-port-without-addresses `TCP` 5672
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: broker, namespace: shop}
    /// spec:
    ///   hosts: [broker.example]
    ///   addresses: [198.51.100.0/24]
    ///   resolution: NONE
    ///   ports:
    ///   - {number: 5672, name: tcp, protocol: TCP}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry>
    "tcp-port-without-addresses", on: ServiceEntry, severity: Info, aliases: ["IST0133"], since: "0.1.0", all_fit: true,
}

fn check(entry: Ref<'_, ServiceEntry>, cx: &mut Context<'_>) {
    let spec = entry.spec;
    let has_addresses = spec.addresses.is_uncertain() || spec.addresses.items().next().is_some();
    if has_addresses || spec.effective_resolution() != Some(Resolution::None) {
        return;
    }
    let Some(host) = spec.hosts.items().next().map(|host| host.value.as_str()) else { return };
    for port in spec.ports.items().filter(|port| is_tcp(port)) {
        let place = port.protocol.span().or(port.number.span());
        if let (Some(place), Some(number)) = (place, port.number.copied()) {
            cx.report(
                place,
                format!(
                    "every TCP connection to port {number} counts as one to {host}\nTCP names no host, and without \
                     `addresses` the proxy listens on all addresses. What arrives goes on to where it was meant for."
                ),
            );
        }
    }
}

/// Also where it is not said: istiod then finds the protocol out by the first bytes, and listens as for TCP.
fn is_tcp(port: &ServiceEntryPort) -> bool {
    matches!(port.protocol, Field::Absent) || port.protocol.text() == Some("TCP")
}
