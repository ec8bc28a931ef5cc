//! Rule `refused-resolution`.

use std::net::IpAddr;

use crate::index::Ref;
use crate::resource::istio::{Resolution, ServiceEntry};
use crate::resource::{Protocol, host};
use crate::rules::{Context, rule};
use crate::text::Span;

rule! {
    /// A ServiceEntry whose hosts, endpoints or addresses do not fit its resolution.
    ///
    /// ## Why
    /// What `resolution` says decides what else can be said: NONE connects to where the application meant to, so it takes no endpoints; STATIC takes addresses only; DNS resolves names, so no wildcards. istiod refuses the rest.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: ["*.pay.example"]
    ///   resolution: DNS #~ refused-resolution `DNS` *.pay.example
    ///   ports: [{number: 443, name: tls, protocol: TLS}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: ["*.pay.example"]
    ///   resolution: NONE
    ///   ports: [{number: 443, name: tls, protocol: TLS}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "refused-resolution", on: ServiceEntry, severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

fn check(entry: Ref<'_, ServiceEntry>, cx: &mut Context<'_>) {
    let spec = entry.spec;
    let known = spec.hosts.is_certain()
        && spec.endpoints.is_certain()
        && spec.ports.is_certain()
        && spec.addresses.is_certain();
    let Some(resolution) = spec.effective_resolution().filter(|_| known) else { return };
    let place = spec.resolution.span().unwrap_or_else(|| entry.entry.resource.name_span());
    for (span, why) in refusals(spec, resolution, place) {
        cx.report(span, format!("{why}\nistiod refuses the ServiceEntry."));
    }
}

fn refusals(spec: &ServiceEntry, resolution: Resolution, place: Span) -> Vec<(Span, String)> {
    let mut refusals = Vec::new();
    let endpoints: Vec<_> = spec.endpoints.items().collect();
    let wildcard = spec.hosts.items().find(|name| host::is_wildcard(name));
    let is_dns = matches!(resolution, Resolution::Dns | Resolution::DnsRoundRobin);
    if let (Resolution::None | Resolution::DynamicDns, Some(first)) = (resolution, endpoints.first()) {
        refusals.push((first.span, format!("resolution {} takes no endpoints", resolution.as_str())));
    }
    if let (true, true, Some(name)) = (is_dns, endpoints.is_empty(), wildcard) {
        refusals.push((place, format!("resolution {} cannot resolve {}", resolution.as_str(), name.value)));
    }
    if resolution == Resolution::DnsRoundRobin && endpoints.len() > 1 {
        refusals.push((place, "resolution DNS_ROUND_ROBIN takes one endpoint at most".to_owned()));
    }
    for endpoint in &endpoints {
        let Some(address) = endpoint.address.present().filter(|address| !address.starts_with("unix://")) else {
            continue;
        };
        let is_address = address.parse::<IpAddr>().is_ok();
        if resolution == Resolution::Static && !is_address {
            refusals.push((address.span, "resolution STATIC takes IP addresses only".to_owned()));
        }
        if is_dns && !is_address && host::is_wildcard(address) {
            refusals
                .push((address.span, format!("resolution {} cannot resolve {}", resolution.as_str(), address.value)));
        }
    }
    if let (Resolution::DynamicDns, Some(address)) = (resolution, spec.addresses.items().next()) {
        refusals.push((address.span, "resolution DYNAMIC_DNS takes no addresses".to_owned()));
    } else if !matches!(resolution, Resolution::None | Resolution::Static) {
        let ranges = spec.addresses.items().filter(|address| address.contains('/'));
        refusals.extend(ranges.map(|range| {
            (range.span, format!("a range of addresses does not go with resolution {}", resolution.as_str()))
        }));
    }
    let ports = || spec.ports.items().map(|port| Protocol::parse(port.protocol.text().unwrap_or("tcp")));
    if resolution != Resolution::None
        && spec.hosts.items().count() > 1
        && ports().any(|protocol| !protocol.is_http() && !protocol.is_tls())
    {
        refusals.push((place, "several hosts cannot share a port of TCP".to_owned()));
    }
    if resolution == Resolution::DynamicDns {
        let ports = spec.ports.items().filter_map(|port| port.protocol.present());
        let other = ports.filter(|name| {
            !matches!(Protocol::parse(name), Protocol::Http | Protocol::Http2 | Protocol::Grpc | Protocol::Tls)
        });
        refusals
            .extend(other.map(|name| (name.span, format!("resolution DYNAMIC_DNS does not go with {}", name.value))));
        let exact = spec.hosts.items().filter(|name| !host::is_wildcard(name));
        refusals.extend(exact.map(|name| (name.span, "resolution DYNAMIC_DNS takes wildcard hosts only".to_owned())));
    }
    refusals
}
