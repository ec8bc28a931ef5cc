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
    let auto = cx.view.mesh().default_config.proxy_metadata.get("ISTIO_META_DNS_AUTO_ALLOCATE");
    let has_addresses = !entry.spec.addresses.is_absent() && entry.spec.addresses.items().next().is_some();
    let is_unknown = !entry.hosts.is_certain() || entry.spec.addresses.is_uncertain() || resolution.is_none();
    if has_addresses || is_unknown || resolution == Some(Resolution::None) || auto.is_some_and(|on| on == "true") {
        return;
    }
    for port in entry.spec.ports.items() {
        let is_tcp = match port.protocol.text() {
            Some(protocol) => protocol.eq_ignore_ascii_case("TCP"),
            None => port.protocol.is_absent(),
        };
        if is_tcp {
            report(entry, port, cx);
        }
    }
}

fn report(entry: Ref<'_, ServiceEntry>, port: &ServiceEntryPort, cx: &mut Context<'_>) {
    let Some(span) = port.protocol.span().or(port.number.span()) else { return };
    let Some(number) = port.number.copied() else { return };
    let host = entry.hosts.items().next().map_or("this entry", |host| host.as_str());
    let finding = cx.report(
        span,
        format!(
            "every TCP connection to port {number} goes to {host}, whichever host it is for\nTCP names no host, and without \
             `addresses` the proxy listens on all addresses: other hosts on port {number} are not reached."
        ),
    );
    if matches!(number, 443 | 8443) && !port.protocol.is_absent() {
        finding.safe_fix("tell hosts apart by the server name: protocol TLS", vec![TextEdit::replace(span, "TLS")]);
    }
}
