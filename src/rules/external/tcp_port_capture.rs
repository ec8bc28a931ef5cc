//! Rule `tcp-port-capture`.

use crate::index::Ref;
use crate::resource::istio::{Resolution, ServiceEntry, ServiceEntryPort};
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// A ServiceEntry takes every connection to a TCP port, whichever host it is for.
    ///
    /// ## Why
    /// TCP carries no host name. Without `addresses` the proxy listens for the port on all addresses, so that connections to other hosts
    /// on this port go to this one.
    ///
    /// ## Symptom
    /// Other hosts on the port answer with the certificate of this one, or not at all.
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
    ///   - {number: 443, name: tcp, protocol: TCP} #~ tcp-port-capture `TCP` 443
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
    ///   - {number: 443, name: tls, protocol: TLS}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0134/>
    "tcp-port-capture", on: ServiceEntry, severity: Warning, aliases: ["IST0134"], since: "0.1.0", all_fit: true,
}

fn check(entry: Ref<'_, ServiceEntry>, cx: &mut Context<'_>) {
    let resolution = entry.spec.effective_resolution();
    if !is_without_addresses(entry.spec) || resolution.is_none_or(|resolution| resolution == Resolution::None) {
        return;
    }
    // A proxy that answers DNS gets an address for each host, so that it tells them apart.
    let captures = cx.view.mesh().default_config.proxy_metadata.get("ISTIO_META_DNS_CAPTURE");
    let opted_out = entry.entry.resource.metadata.labels.under("networking.istio.io/enable-autoallocate-ip");
    if captures.is_some_and(|on| on == "true") && opted_out.is_none_or(|on| !on.eq_ignore_ascii_case("false")) {
        return;
    }
    for port in entry.spec.ports.items().filter(|port| is_tcp(port)) {
        report(entry, port, cx);
    }
}

/// The hosts surely have no address of their own.
pub(super) fn is_without_addresses(entry: &ServiceEntry) -> bool {
    entry.hosts.is_certain() && !entry.addresses.is_uncertain() && entry.addresses.items().next().is_none()
}

/// TCP, which is also what a port without protocol may carry.
pub(super) fn is_tcp(port: &ServiceEntryPort) -> bool {
    match port.protocol.text() {
        Some(protocol) => protocol.is_empty() || protocol.eq_ignore_ascii_case("TCP"),
        None => port.protocol.is_absent(),
    }
}

fn names_protocol(port: &ServiceEntryPort) -> bool {
    port.protocol.text().is_some_and(|protocol| !protocol.is_empty())
}

/// What nobody can tell apart on the port: where no protocol is named, the proxy knows HTTP by the first bytes.
pub(super) fn connections(port: &ServiceEntryPort) -> &'static str {
    if names_protocol(port) { "every TCP connection to" } else { "whatever is not HTTP on" }
}

fn report(entry: Ref<'_, ServiceEntry>, port: &ServiceEntryPort, cx: &mut Context<'_>) {
    let Some(span) = port.protocol.span().or(port.number.span()) else { return };
    let Some(number) = port.number.copied() else { return };
    let host = entry.hosts.items().next().map_or("this entry", |host| host.as_str());
    let what = connections(port);
    let finding = cx.report(
        span,
        format!(
            "{what} port {number} goes to {host}, whichever host it is for\nTCP names no host, and without \
             `addresses` the proxy listens on all addresses: other hosts on port {number} are not reached."
        ),
    );
    if matches!(number, 443 | 8443) && names_protocol(port) {
        finding.safe_fix("tell hosts apart by the server name: protocol TLS", vec![TextEdit::replace(span, "TLS")]);
    }
}
