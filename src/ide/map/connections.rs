//! All answers of the engine for one scope, filtered as the user asks: what `istio-ls tls` lists and the map draws.

use rayon::prelude::*;
use smol_str::SmolStr;

use crate::index::{Entry, Index, Key, View};
use crate::resource::gateway_api::KubernetesGateway;
use crate::tls::gateway::{self, GatewayWorkload, Server};
use crate::tls::{self, Client, Inbound, Outbound, Policies, Proxy, ProxyKind, Reason};

/// Which connections are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those from this workload (`namespace/workload`).
    pub from: Option<String>,
    /// Only those to this host (full, `name.namespace` or `name`), from gateways too, and what is accepted behind it.
    pub to: Option<String>,
    /// With `to`: only those to this port.
    pub port: Option<u32>,
    /// Only the servers of this Gateway (`namespace/name`).
    pub gateway: Option<String>,
}

impl Filter {
    /// Reads `HOST[:PORT]` of `--to`.
    #[must_use]
    pub fn to(mut self, target: &str) -> Self {
        let (host, port) = match target.rsplit_once(':').map(|(host, port)| (host, port.parse().ok())) {
            Some((host, Some(port))) => (host, Some(port)),
            _ => (target, None),
        };
        (self.to, self.port) = (Some(host.to_owned()), port);
        self
    }

    fn wants_from(&self, name: &str) -> bool {
        self.gateway.is_none() && self.from.as_deref().is_none_or(|from| from == name)
    }

    fn wants_host(&self, host: &str) -> bool {
        let is_start = |short: &str| host.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'));
        self.to.as_deref().is_none_or(|to| host == to || (is_start(to) && host.ends_with(".svc.cluster.local")))
    }

    fn wants_port(&self, port: u32) -> bool {
        self.port.is_none_or(|wanted| wanted == port)
    }

    fn wants_gateway(&self, workload: Option<&str>, gateway: &str) -> bool {
        let by_workload = self.from.as_deref().is_none_or(|from| workload == Some(from));
        by_workload && self.gateway.as_deref().is_none_or(|wanted| wanted == gateway)
    }
}

/// A workload with its proxy.
#[derive(Debug, Clone)]
pub struct Proxied<'a> {
    /// `namespace/name`.
    pub name: SmolStr,
    /// Its proxy.
    pub proxy: Proxy,
    /// The resource that runs it, or the Gateway for which it is generated.
    pub entry: &'a Entry,
}

/// What is sent and accepted in a scope.
#[derive(Debug)]
pub struct Connections<'a> {
    /// Who has a proxy, by name.
    pub workloads: Vec<Proxied<'a>>,
    /// What each class of clients sends, by host, port and subset; assumed ones where the scope shows none.
    pub outbound: Vec<(Client<'a>, Vec<Outbound<'a>>)>,
    /// What each workload accepts, by name and container port; none is every other port.
    pub inbound: Vec<(SmolStr, Option<u32>, Inbound<'a>)>,
    /// The servers of each gateway workload.
    pub servers: Vec<(GatewayWorkload<'a>, Vec<Server<'a>>)>,
    /// Resources that istiod's validation refuses, as far as TLS goes.
    pub rejected: Vec<&'a Entry>,
}

impl<'a> Connections<'a> {
    /// Asks the engine for everything that `filter` wants.
    #[must_use]
    pub fn of(index: &'a Index, filter: &Filter) -> Self {
        let view = View::new(index);
        let workloads = workloads(&view);
        let outbound = outbound(index, &view, filter);
        let inbound = inbound(&view, &workloads, filter, &outbound);
        let servers = servers(&view, filter);
        let mut rejected: Vec<_> =
            index.entries().map(|entry| &**entry).filter(|entry| !tls::is_admitted(entry)).collect();
        rejected.sort_by_key(|entry| entry.title());
        Self { workloads, outbound, inbound, servers, rejected }
    }
}

fn workloads<'a>(view: &View<'a>) -> Vec<Proxied<'a>> {
    let running = view
        .under(&Key::AllWorkloads)
        .map(|entry| &**entry)
        .filter(|entry| entry.workload().is_some_and(|workload| workload.replicas != Some(0)));
    let mut all: Vec<_> = running
        .map(|entry| Proxied { name: entry.qualified_name().into(), proxy: tls::proxy(view, entry), entry })
        .collect();
    for gateway in view.all::<KubernetesGateway>() {
        all.extend(gateway::generated(view, gateway).map(|(name, kind)| Proxied {
            name: format!("{}/{name}", gateway.entry.namespace).into(),
            proxy: Proxy {
                kind,
                because: Reason::at(gateway.entry, gateway.entry.resource.name_span(), "generated for Gateway"),
                assumptions: Vec::new(),
            },
            entry: gateway.entry,
        }));
    }
    all.sort_by(|left, right| left.name.cmp(&right.name));
    all
}

fn outbound<'a>(index: &'a Index, view: &View<'a>, filter: &Filter) -> Vec<(Client<'a>, Vec<Outbound<'a>>)> {
    let mut clients = tls::clients(view);
    for client in &mut clients {
        client.members.retain(|member| filter.wants_from(&member.qualified_name()));
    }
    clients.retain(|client| client.kind == tls::ClientKind::Sidecar && !client.members.is_empty());
    if filter.from.is_none() && filter.gateway.is_none() {
        clients.extend(tls::assumed_sidecars(view));
    }
    let mut services = tls::all_services(view);
    services.retain(|service| filter.wants_host(&service.host));
    let answered = clients.into_par_iter().map(|client| {
        let sent = of_client(&View::new(index), &client, &services, filter);
        (client, sent)
    });
    answered.collect()
}

fn of_client<'a>(
    view: &View<'a>,
    client: &Client<'a>,
    services: &[tls::Service<'a>],
    filter: &Filter,
) -> Vec<Outbound<'a>> {
    let mut sent = Vec::new();
    for service in tls::seen(view, client, services) {
        let lookup = tls::destination_rule(view, client, &service.namespace, &service.host);
        let mut subsets: Vec<Option<&str>> = vec![None];
        if let Some(rule) = &lookup.rule {
            subsets.extend(rule.subsets().filter_map(|(_, subset)| subset.name.text()).map(Some));
            subsets.sort_unstable();
        }
        let mut ports: Vec<_> = service.ports.iter().filter(|port| filter.wants_port(port.number)).collect();
        ports.sort_by_key(|port| port.number);
        for port in ports {
            sent.extend(subsets.iter().filter_map(|subset| tls::send(view, client, &service, port, *subset, &lookup)));
        }
    }
    sent
}

fn inbound<'a>(
    view: &View<'a>,
    workloads: &[Proxied<'a>],
    filter: &Filter,
    outbound: &[(Client<'a>, Vec<Outbound<'a>>)],
) -> Vec<(SmolStr, Option<u32>, Inbound<'a>)> {
    if filter.gateway.is_some() || (filter.from.is_some() && filter.to.is_none()) {
        return Vec::new();
    }
    let reached: Vec<&SmolStr> = match filter.to {
        Some(_) => {
            let sent = outbound.iter().flat_map(|(_, sent)| sent);
            sent.flat_map(|sent| sent.endpoints.iter().map(|(endpoint, _)| &endpoint.name)).collect()
        }
        None => workloads.iter().map(|workload| &workload.name).collect(),
    };
    let mut accepted = Vec::new();
    for workload in workloads.iter().filter(|workload| filter.to.is_none() || reached.contains(&&workload.name)) {
        let named = || {
            let policies = Policies::of(view, &workload.entry.namespace, &tls::pod_labels(workload.entry));
            policies.workload.into_iter().flat_map(tls::named_ports)
        };
        let mut ports: Vec<u32> = match workload.proxy.kind {
            ProxyKind::Sidecar => tls::target_ports(view, workload.entry).into_iter().chain(named()).collect(),
            ProxyKind::Ztunnel => named().collect(),
            _ => continue,
        };
        ports.sort_unstable();
        ports.dedup();
        for port in std::iter::once(None).chain(ports.into_iter().map(Some)) {
            accepted.push((workload.name.clone(), port, tls::inbound(view, workload.entry, port)));
        }
    }
    accepted
}

fn servers<'a>(view: &View<'a>, filter: &Filter) -> Vec<(GatewayWorkload<'a>, Vec<Server<'a>>)> {
    let answered = gateway::workloads(view).into_iter().map(|workload| {
        let mut servers = gateway::servers(view, &workload);
        servers.retain_mut(|server| {
            let reported = match server.source {
                gateway::GatewaySource::Istio(gateway) => workload.reports(gateway),
                gateway::GatewaySource::Kubernetes(_) => true,
            };
            if filter.to.is_some() {
                server.routes.retain(|route| filter.wants_host(&route.host) && filter.wants_port(route.port));
            }
            let leads_there = filter.to.is_none() || !server.routes.is_empty();
            let gateway = server.source.entry().qualified_name();
            reported && leads_there && filter.wants_gateway(workload.name.as_deref(), &gateway)
        });
        (workload, servers)
    });
    answered.filter(|(_, servers)| !servers.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::Filter;

    #[test]
    fn a_host_may_be_short_and_may_have_a_port() {
        let filter = Filter::default().to("web.shop:80");
        assert!(filter.wants_host("web.shop.svc.cluster.local") && filter.wants_port(80));
        assert!(!filter.wants_port(81) && !filter.wants_host("web.shop.example.com"));
        assert!(Filter::default().to("web").wants_host("web.shop.svc.cluster.local"));
        assert!(!Filter::default().to("we").wants_host("web.shop.svc.cluster.local"));
    }

    #[test]
    fn one_workload_or_one_gateway_leaves_out_the_others() {
        let from = Filter { from: Some("shop/web".into()), ..Filter::default() };
        assert!(from.wants_from("shop/web") && !from.wants_from("shop/cart"));
        assert!(from.wants_gateway(Some("shop/web"), "shop/public") && !from.wants_gateway(None, "shop/public"));
        let gateway = Filter { gateway: Some("shop/public".into()), ..Filter::default() };
        assert!(gateway.wants_gateway(None, "shop/public") && !gateway.wants_gateway(None, "shop/internal"));
        assert!(!gateway.wants_from("shop/web"));
    }
}
