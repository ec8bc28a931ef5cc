//! Rule `tcp-port-without-addresses`.

use super::tcp_port_capture::{connections, is_tcp, is_without_addresses};
use crate::index::Ref;
use crate::resource::istio::{Resolution, ServiceEntry};
use crate::rules::{Context, rule};

rule! {
    /// A TCP port of a ServiceEntry that resolves nothing stands for every address.
    ///
    /// ## Why
    /// TCP carries no host name. With `resolution: NONE` and no `addresses` the proxy listens for the port on all addresses and
    /// sends each connection on to where it was going, but takes it for a connection to this host. istiod warns of it when the entry
    /// is applied.
    ///
    /// ## Symptom
    /// Connections to any host on the port are counted for this one, and the TLS, the routes and the limits that are set for it hold
    /// for them, too.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: database, namespace: shop}
    /// spec:
    ///   hosts: [db.example.com]
    ///   resolution: NONE
    ///   ports:
    ///   - {number: 5432, name: tcp, protocol: TCP} #~ tcp-port-without-addresses `TCP` 5432
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: database, namespace: shop}
    /// spec:
    ///   hosts: [db.example.com]
    ///   addresses: [192.0.2.10]
    ///   resolution: NONE
    ///   ports:
    ///   - {number: 5432, name: tcp, protocol: TCP}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry>
    "tcp-port-without-addresses", on: ServiceEntry, severity: Info, aliases: ["IST0133"], since: "0.1.0",
}

fn check(entry: Ref<'_, ServiceEntry>, cx: &mut Context<'_>) {
    let has_endpoints = !entry.spec.endpoints.is_absent() || !entry.spec.workload_selector.is_absent();
    let resolves_nothing = entry.spec.effective_resolution() == Some(Resolution::None);
    if !resolves_nothing || has_endpoints || !is_without_addresses(entry.spec) {
        return;
    }
    let host = entry.hosts.items().next().map_or("this entry", |host| host.as_str());
    for port in entry.spec.ports.items().filter(|port| is_tcp(port)) {
        let Some((number, place)) = port.number.copied().zip(port.protocol.span().or(port.number.span())) else {
            continue;
        };
        let what = connections(port);
        let message = format!(
            "{what} port {number} is taken for connections to {host}\nTCP names no host, and without `addresses` the proxy listens \
             on all addresses. Connections go where they were going, under the policies of this host."
        );
        let finding = cx.report(place, message);
        // istiod's own warning does not know the name in small letters.
        if port.protocol.text().is_none_or(|protocol| protocol.is_empty() || protocol == "TCP") {
            finding.alias("IST0133");
        }
    }
}
