//! What a gateway sends to a destination: as any client of the service, DestinationRules read from its own namespace.

use smol_str::SmolStr;

use super::route::{Route, RouteSource, Upstream};
use super::server::{PLAIN, Server};
use crate::index::View;
use crate::resource::istio::Destination;
use crate::resource::{Protocol, host};
use crate::tls::Origin;
use crate::tls::client::Client;
use crate::tls::destination_rule::destination_rule;
use crate::tls::outbound::{default_sni, send};
use crate::tls::scope;
use crate::tls::service::Service;
use crate::tls::services;

/// Where a route leads.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) host: SmolStr,
    pub(super) port: Option<u32>,
    pub(super) subset: Option<SmolStr>,
}

impl Target {
    /// A destination of a VirtualService of `namespace`.
    pub(super) fn of(destination: &Destination, namespace: &str) -> Option<Self> {
        Some(Self {
            host: host::resolve(destination.host.text()?, namespace).into(),
            port: destination.port.value().and_then(|port| port.number.copied()),
            subset: destination.subset.value().filter(|subset| !subset.is_empty()).cloned(),
        })
    }
}

/// Answers routes of one gateway workload; services are looked up once.
pub(super) struct Upstreams<'b, 'a> {
    view: &'b View<'a>,
    client: Client<'a>,
    services: std::collections::HashMap<SmolStr, Option<Service<'a>>>,
}

impl<'b, 'a> Upstreams<'b, 'a> {
    pub(super) fn new(view: &'b View<'a>, client: Client<'a>) -> Self {
        Self { view, client, services: std::collections::HashMap::new() }
    }

    pub(super) fn client(&self) -> &Client<'a> {
        &self.client
    }

    /// The route from `server` to `target`.
    pub(super) fn route(
        &mut self,
        server: &Server<'a>,
        source: RouteSource<'a>,
        match_hosts: Vec<SmolStr>,
        target: Target,
    ) -> Route<'a> {
        let name = self.concrete(&target.host);
        let (view, client) = (self.view, &self.client);
        let find = || services::service(view, &client.namespace, &name);
        let service = self.services.entry(name.clone()).or_insert_with(find).as_ref();
        let only = service.and_then(|service| match service.ports.as_slice() {
            [only] => Some(only.number),
            _ => None,
        });
        let port = target.port.or(only).unwrap_or(server.port);
        let sent = service.and_then(|service| {
            let lookup = destination_rule(view, client, &service.namespace, &service.host);
            send(view, client, service, service.port(port)?, target.subset.as_deref(), &lookup)
        });
        let upstream = sent.map_or(Upstream::Unknown, |mut outbound| {
            // What a terminating server reads is not encrypted any more, whatever the name of the port says.
            outbound.sends = outbound.sends.of_encrypted(server.tls.is_passthrough());
            Upstream::Sent(Box::new(outbound))
        });
        Route { source: Some(source), match_hosts, host: name, port, subset: target.subset, upstream }
    }

    /// An ExternalName Service is another name for the service it names.
    fn concrete(&self, name: &SmolStr) -> SmolStr {
        let Some((namespace, service)) = host::service_of_fqdn(name) else { return name.clone() };
        match self.view.named::<crate::resource::kubernetes::Service>(namespace, service) {
            Some(service) if service.spec.is_external_name() => {
                service.spec.external_name.value().cloned().unwrap_or_else(|| name.clone())
            }
            _ => name.clone(),
        }
    }

    /// AUTO_PASSTHROUGH: every port and subset of every service of the mesh that the server's hosts cover, by the server
    /// name that Istio mTLS gives it.
    pub(super) fn auto_passthrough(&self, server: &Server<'a>) -> Vec<Route<'a>> {
        let names = server.server_names();
        let mut routes = Vec::new();
        let services = services::all_services(self.view);
        for service in scope::seen(self.view, &self.client, &services) {
            if service.external || !names.iter().any(|name| host::covers(name, &service.host)) {
                continue;
            }
            let lookup = destination_rule(self.view, &self.client, &service.namespace, &service.host);
            let subsets = lookup.rule.iter().flat_map(|rule| rule.subsets());
            let names = subsets.filter_map(|(_, subset)| subset.name.value().cloned());
            let subsets: Vec<_> = std::iter::once(None).chain(names.map(Some)).collect();
            for port in service.ports.iter().filter(|port| port.protocol != Protocol::Udp) {
                for subset in &subsets {
                    let sent = send(self.view, &self.client, &service, port, subset.as_deref(), &lookup);
                    routes.extend(sent.map(|mut outbound| {
                        (outbound.mode, outbound.origin, outbound.sni) = (PLAIN, Origin::Default, None);
                        Route {
                            source: None,
                            match_hosts: vec![default_sni(&service.host, port.number, subset.as_deref())],
                            host: service.host.clone(),
                            port: port.number,
                            subset: subset.clone(),
                            upstream: Upstream::Handed(Box::new(outbound)),
                        }
                    }));
                }
            }
        }
        routes
    }
}
