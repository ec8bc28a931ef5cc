//! The receivers of the map: services with their ports and what stands behind them.

use std::collections::{BTreeSet, HashMap};

use smol_str::SmolStr;

use super::graph::{Builder, Node, NodeKind};
use crate::index::View;
use crate::resource::host;
use crate::tls::gateway::{Server, Upstream};
use crate::tls::{self, Endpoint, Outbound, ProxyKind, Sends, Service};

use super::wire::{Wire, refusal};

/// The services of a scope by host, and the servers of its gateways by workload.
pub(super) struct Services<'a> {
    by_host: HashMap<SmolStr, Service<'a>>,
    pub(super) servers: HashMap<SmolStr, Vec<Server<'a>>>,
}

impl<'a> Services<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut by_host = HashMap::new();
        for service in tls::all_services(view) {
            by_host.entry(service.host.clone()).or_insert(service);
        }
        Self { by_host, servers: HashMap::new() }
    }

    fn servers_of(&self, endpoint: &Endpoint<'a>) -> &[Server<'a>] {
        self.servers.get(&endpoint.name).map_or(&[], Vec::as_slice)
    }
}

impl<'a> Builder<'_, 'a> {
    /// The box that `host` is drawn as; `is_there` is false for the destination of a route that leads nowhere.
    pub(super) fn receiver(&mut self, host: &str, is_there: bool) -> usize {
        let service = self.services.by_host.get(host).filter(|_| is_there);
        let kind = match service {
            Some(service) if service.external => NodeKind::External,
            Some(_) => NodeKind::Service,
            None => NodeKind::Missing,
        };
        self.node(kind, host, |map| match map.services.by_host.get(host).filter(|_| is_there) {
            Some(service) => map.describe(service, kind),
            None => Node {
                title: host.trim_end_matches(".svc.cluster.local").to_owned(),
                lines: vec!["does not exist".to_owned()],
                about: format!("{host}: the service, its port or its subset does not exist"),
                ..Node::of(kind)
            },
        })
    }

    fn describe(&self, service: &Service<'a>, kind: NodeKind) -> Node {
        let ports: Vec<String> =
            service.ports.iter().map(|port| format!("{} {}", port.number, port.protocol)).collect();
        let (mut accepted, mut names) = (BTreeSet::new(), BTreeSet::new());
        let mut resources = vec![self.named(service.source.entry())];
        for endpoint in service.ports.iter().flat_map(|port| &port.endpoints) {
            let workload = endpoint.entry.map(|entry| self.named(entry));
            resources.extend(workload.filter(|workload| !resources.contains(workload)));
            names.insert(endpoint.name.rsplit('/').next().unwrap_or_default());
            accepted.insert(match (endpoint.inbound(self.view), endpoint.proxy) {
                (Some(inbound), _) => format!("mTLS {}", inbound.mode),
                (None, ProxyKind::None) => "no proxy".to_owned(),
                (None, other) => other.as_str().to_owned(),
            });
        }
        let title = match host::service_of_fqdn(&service.host) {
            Some((_, name)) => name.to_owned(),
            None => service.host.to_string(),
        };
        let accepted: Vec<_> = accepted.into_iter().collect();
        let mut lines = vec![ports.join(", ")];
        if kind == NodeKind::Service {
            if names.iter().any(|name| *name != title) {
                lines.push(names.into_iter().collect::<Vec<_>>().join(", "));
            }
            lines.push(if accepted.is_empty() { "no endpoint known".to_owned() } else { accepted.join(", ") });
        }
        let about = format!("{}\n{}", service.host, lines.join("\n"));
        let inside = kind == NodeKind::Service;
        let namespace = if inside { service.namespace.clone() } else { SmolStr::default() };
        Node { namespace, title, lines, about, resources, ..Node::of(kind) }
    }

    /// What is on the wire of a connection: one answer, or one for each kind of endpoint. With the error where it fails.
    pub(super) fn wires(&self, sent: &Outbound<'a>, encrypted: bool) -> Vec<(Wire, Option<&'static str>)> {
        let mut wires = Vec::new();
        let external = self.services.by_host.get(&sent.host).is_some_and(|service| service.external);
        for (endpoint, sends) in &sent.endpoints {
            let refused = refusal(self.view, endpoint, *sends, self.services.servers_of(endpoint));
            wires.push((refused.map_or_else(|| Wire::of(*sends, encrypted), |_| Wire::Fails), refused));
        }
        if wires.is_empty() {
            let strange = external && sent.sends == Sends::IstioMtls;
            wires.push(match strange {
                true => (Wire::Fails, Some("503: the other side does not know the mesh's certificates")),
                false => (Wire::of(sent.sends, encrypted), None),
            });
        }
        wires.sort_unstable();
        wires.dedup();
        wires
    }

    /// As [`Self::wires`], for a route of a gateway.
    pub(super) fn upstream_wires(&self, upstream: &Upstream<'a>, encrypted: bool) -> Vec<(Wire, Option<&'static str>)> {
        match upstream {
            Upstream::Sent(sent) => self.wires(sent, encrypted),
            Upstream::Handed(_) => vec![(Wire::Mtls, None)],
            Upstream::Unknown => vec![(Wire::Fails, Some("503: the destination does not exist"))],
        }
    }
}
