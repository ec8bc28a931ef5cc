//! Rule `shared-certificate-across-servers`.

use super::neighbours::{is_of, istio, of_each_workload};
use crate::index::Ref;
use crate::resource::istio::{Gateway, Server as WrittenServer, ServerTls};
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::tls::gateway::Server;
use std::collections::BTreeMap;

rule! {
    /// Two servers of one gateway workload and port show the same certificate for different hosts.
    ///
    /// ## Why
    /// Browsers use an open HTTP/2 connection again for every host that its certificate covers. Requests for the second host then
    /// arrive on the connection of the first, whose server does not know them.
    ///
    /// ## Symptom
    /// `404` with response flag `NR` now and then, in browsers only; gone after a reload.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https-a, protocol: HTTPS}
    ///     hosts: [a.example.com]
    ///     tls: {mode: SIMPLE, credentialName: wild-cert} #~ shared-certificate-across-servers `wild-cert`
    ///   - port: {number: 443, name: https-b, protocol: HTTPS}
    ///     hosts: [b.example.com]
    ///     tls: {mode: SIMPLE, credentialName: wild-cert} #~ shared-certificate-across-servers `wild-cert`
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
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [a.example.com, b.example.com]
    ///     tls: {mode: SIMPLE, credentialName: wild-cert}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/common-problems/network-issues/#404-errors-occur-when-multiple-gateways-configured-with-same-tls-certificate>
    "shared-certificate-across-servers", on: Gateway, severity: Warning, aliases: ["IST0138"], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    let mut sharing = BTreeMap::new();
    for servers in of_each_workload(gateway, cx.view, may_share) {
        let terminating: Vec<_> = servers
            .iter()
            .filter(|server| server.is_in_force() && server.is_http() && server.tls.terminates())
            .collect();
        for server in terminating.iter().filter(|server| is_of(server, gateway)) {
            for other in terminating.iter().filter(|other| shares(server, other)) {
                if let (Some(place), Some(other_place)) = (certificate(server, other), certificate(other, server)) {
                    let others: &mut Vec<_> = sharing.entry(place).or_default();
                    let other = (other.source.entry(), other_place);
                    if !others
                        .iter()
                        .any(|(known, span): &(&crate::index::Entry, Span)| known.id == other.0.id && *span == other.1)
                    {
                        others.push(other);
                    }
                }
            }
        }
    }
    for (place, others) in sharing {
        let finding = cx.report(
            place,
            "another server of this port shows the same certificate for other hosts\nBrowsers use one HTTP/2 connection for all \
             hosts of a certificate: 404 (NR) now and then. Let one server have all these hosts.",
        );
        if others.iter().any(|(other, _)| other.id != gateway.entry.id) {
            finding.alias("IST0138");
        }
        for (other, span) in others {
            finding.related(other.id, span, "the same certificate");
        }
    }
}

/// Some certificate is written in both.
fn may_share(own: &WrittenServer, other: &WrittenServer) -> bool {
    let (Some(own), Some(other)) = (own.tls.value(), other.tls.value()) else { return false };
    let (own, other) = (certificates(own), certificates(other));
    own.iter().any(|name| other.contains(name))
}

fn certificates(tls: &ServerTls) -> Vec<&str> {
    let listed = tls.tls_certificates.items().filter_map(|pair| pair.server_certificate.text());
    let own = [tls.credential_name.text(), tls.server_certificate.text()].into_iter().flatten();
    own.chain(tls.credential_names.items().map(|name| name.as_str())).chain(listed).collect()
}

/// The same port and certificate, other hosts.
fn shares(server: &Server<'_>, other: &Server<'_>) -> bool {
    let is_another = (server.source.entry().id, server.index) != (other.source.entry().id, other.index);
    let same_port = (server.listen_port, &server.bind) == (other.listen_port, &other.bind);
    is_another
        && same_port
        && server.claims != other.claims
        && server.credentials.iter().any(|credential| other.credentials.contains(credential))
}

/// Where the certificate that both show is written.
fn certificate(server: &Server<'_>, other: &Server<'_>) -> Option<Span> {
    let (_, written) = istio(server)?;
    let tls = written.tls.value()?;
    let shared = tls.credential_names.items().find(|name| other.credentials.contains(&name.value));
    let listed = tls.tls_certificates.items().find_map(|pair| pair.server_certificate.span());
    shared.map(|name| name.span).or(tls.credential_name.span()).or(tls.server_certificate.span()).or(listed)
}
