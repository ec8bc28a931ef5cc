//! VirtualServices bound to the servers of a workload.
//!
//! Follows `pilot/pkg/networking/core/gateway.go` of istiod: servers that read requests use `http` only, TCP servers and
//! TLS servers that terminate use `tcp` only, passthrough uses `tls` only.

use std::collections::HashMap;

use smol_str::SmolStr;

use super::GatewayWorkload;
use super::attach;
use super::http::http_routes;
use super::route::{Route, RouteSource};
use super::server::Server;
use super::upstream::{Target, Upstreams};
use super::words::{GatewaySource, ServerTls, Status};
use crate::index::keys::gateway_reference;
use crate::index::{Exported, Ref, View};
use crate::resource::istio::{L4Match, RouteDestination, ServerTlsMode, TlsMatch, VirtualService};
use crate::resource::{Field, List, Spanned, host};
use crate::tls::admission;
use crate::tls::reason::Reason;

/// Server names that passthrough chains of a port took, with the address each is bound to.
pub(super) type Taken = HashMap<(u32, SmolStr), SmolStr>;

/// Gives every server that is in force its routes and server names, and finds out which got none.
pub(super) fn bind<'a>(view: &View<'a>, workload: &GatewayWorkload<'a>, servers: &mut [Server<'a>]) {
    let mut upstreams = Upstreams::new(view, workload.client());
    let mut taken = Taken::new();
    for server in servers.iter_mut().filter(|server| server.is_in_force()) {
        let routes = match server.source {
            GatewaySource::Istio(gateway) => {
                let bound = virtual_services(view, gateway.entry.qualified_name(), &workload.namespace);
                of_virtual_services(view, &mut upstreams, server, &bound, &mut taken)
            }
            GatewaySource::Kubernetes(gateway) => attach::routes(view, &mut upstreams, server, gateway, &mut taken),
        };
        finish(server, routes);
    }
    mark_duplicate_chains(servers);
}

fn finish<'a>(server: &mut Server<'a>, routes: Option<Vec<Route<'a>>>) {
    let is_bound = routes.is_some();
    let mut routes = routes.unwrap_or_default();
    let mut seen: Vec<(usize, SmolStr, u32, Option<SmolStr>)> = Vec::new();
    routes.retain(|route| {
        let bound = route.source.map_or(usize::MAX, |source| source.bound.id.number as usize);
        let key = (bound, route.host.clone(), route.port, route.subset.clone());
        let new = !seen.contains(&key) || route.source.is_none();
        seen.push(key);
        new
    });
    server.sni = match server.tls {
        ServerTls::None => Vec::new(),
        tls if tls.is_passthrough() => routes.iter().flat_map(|route| route.match_hosts.iter().cloned()).collect(),
        _ if !server.is_http() && !is_bound => Vec::new(),
        _ => server.server_names(),
    };
    server.sni.sort_unstable();
    server.sni.dedup();
    if server.sni.iter().any(|name| name == "*") {
        server.sni.clear();
    }
    server.routes = routes;
    if !is_bound && !server.https_redirect {
        server.status = Status::NoRoutes;
        let outcome = if server.is_http() { "requests get 404" } else { "connections are reset" };
        server.because.push(Reason::of(format!("no usable route is bound to it: {outcome}")));
    }
}

/// Two chains of a listener that answer to one server name: Envoy refuses the whole listener.
fn mark_duplicate_chains(servers: &mut [Server<'_>]) {
    let mut chains: HashMap<(u32, SmolStr, SmolStr), Vec<usize>> = HashMap::new();
    for (position, server) in servers.iter().enumerate() {
        let has_chain = server.is_in_force() && (server.is_http() || server.status == Status::Programmed);
        if !has_chain || server.tls == ServerTls::None {
            continue;
        }
        let any = if server.sni.is_empty() { vec![SmolStr::default()] } else { Vec::new() };
        for name in server.sni.iter().cloned().chain(any) {
            chains.entry((server.listen_port, server.bind.clone(), name)).or_default().push(position);
        }
    }
    let mut rivals: Vec<(usize, usize)> = Vec::new();
    for sharing in chains.values().filter(|sharing| sharing.len() > 1) {
        for position in sharing {
            rivals.extend(sharing.iter().find(|other| *other != position).map(|other| (*position, *other)));
        }
    }
    rivals.sort_unstable();
    for (position, other) in rivals {
        let rival = servers.get(other).map(|server| (server.source, server.index));
        if let Some(server) = servers.get_mut(position) {
            server.status = Status::DuplicateChain;
            server.rival = rival;
        }
    }
}

/// The VirtualServices that a workload of `namespace` reads for the Gateway, in the order in which istiod goes through
/// them: those exported to this namespace alone, to named ones, to all.
fn virtual_services<'a>(view: &View<'a>, gateway: String, namespace: &str) -> Vec<Ref<'a, VirtualService>> {
    let Some((of, name)) = gateway.split_once('/') else { return Vec::new() };
    let readable = view.bound_to(of, name).filter(|service| {
        admission::accepts_virtual_service(service.spec)
            && service.spec.hosts.items().next().is_some()
            && view.exported_to(service.entry, namespace) != Some(false)
    });
    let mut services: Vec<_> = readable.collect();
    services.sort_by_cached_key(|service| {
        let exported = Exported::of(service.entry, view.mesh());
        let rank = match (exported.is_public(), service.entry.namespace == namespace) {
            (true, _) => 2,
            (false, false) => 1,
            (false, true) => 0,
        };
        let (time, name, namespace) = service.entry.age();
        (rank, time.to_owned(), name.to_owned(), namespace.to_owned())
    });
    services
}

/// The routes of `server`; none where nothing is bound.
fn of_virtual_services<'a>(
    view: &View<'a>,
    upstreams: &mut Upstreams<'_, 'a>,
    server: &Server<'a>,
    services: &[Ref<'a, VirtualService>],
    taken: &mut Taken,
) -> Option<Vec<Route<'a>>> {
    match server.tls {
        ServerTls::Mode(ServerTlsMode::AutoPassthrough) => {
            let routes = upstreams.auto_passthrough(server);
            (!routes.is_empty()).then_some(routes)
        }
        tls if tls.is_passthrough() => tls_routes(upstreams, server, services, taken),
        _ if server.is_http() => {
            let bound: Vec<_> =
                services.iter().filter_map(|service| http_routes(view, upstreams, server, *service)).collect();
            (!bound.is_empty()).then(|| bound.into_iter().flatten().collect())
        }
        _ => services.iter().find_map(|service| tcp_routes(upstreams, server, *service)),
    }
}

/// The first `tcp` block of the first VirtualService that fits.
fn tcp_routes<'a>(
    upstreams: &mut Upstreams<'_, 'a>,
    server: &Server<'a>,
    service: Ref<'a, VirtualService>,
) -> Option<Vec<Route<'a>>> {
    let hosts = matching_hosts(server, service);
    if hosts.is_empty() {
        return None;
    }
    let fits = |matches: &'a Field<List<L4Match>>| {
        let mut matches = matches.items().peekable();
        matches.peek().is_none()
            || matches.any(|one| is_for(server, one.port.copied(), &one.gateways, &service.entry.namespace))
    };
    let block = service.spec.tcp.items().find(|tcp| fits(&tcp.value.matches) && tcp.route.items().next().is_some())?;
    Some(destinations(upstreams, server, service, &block.value.route, &hosts))
}

/// Every match of every `tls` block that fits, but server names that the port has already.
fn tls_routes<'a>(
    upstreams: &mut Upstreams<'_, 'a>,
    server: &Server<'a>,
    services: &[Ref<'a, VirtualService>],
    taken: &mut Taken,
) -> Option<Vec<Route<'a>>> {
    let mut chains = Vec::new();
    for service in services.iter().filter(|service| !matching_hosts(server, **service).is_empty()) {
        for block in service.spec.tls.items().filter(|block| block.route.items().next().is_some()) {
            for one in block.value.matches.items() {
                let wanted = &one.value;
                if is_for(server, wanted.port.copied(), &wanted.gateways, &service.entry.namespace)
                    && let Some(names) = take(server, wanted, taken)
                {
                    chains.push(destinations(upstreams, server, *service, &block.value.route, &names));
                }
            }
        }
    }
    (!chains.is_empty()).then(|| chains.into_iter().flatten().collect())
}

/// Takes the server names of a match, all or none.
fn take(server: &Server<'_>, wanted: &TlsMatch, taken: &mut Taken) -> Option<Vec<SmolStr>> {
    let names: Vec<SmolStr> = wanted.sni_hosts.items().map(|name| name.value.clone()).collect();
    take_names(server, names, taken)
}

/// Takes server names for a passthrough chain of the port, all or none.
pub(super) fn take_names(server: &Server<'_>, names: Vec<SmolStr>, taken: &mut Taken) -> Option<Vec<SmolStr>> {
    let key = |name: &SmolStr| (server.listen_port, name.clone());
    if names.iter().any(|name| taken.get(&key(name)) == Some(&server.bind)) {
        return None;
    }
    for name in &names {
        taken.insert(key(name), server.bind.clone());
    }
    Some(names)
}

fn destinations<'a>(
    upstreams: &mut Upstreams<'_, 'a>,
    server: &Server<'a>,
    service: Ref<'a, VirtualService>,
    routes: &'a Field<List<RouteDestination>>,
    hosts: &[SmolStr],
) -> Vec<Route<'a>> {
    let single = routes.items().nth(1).is_none();
    let weighted = routes.items().filter(|share| single || share.weight.copied().unwrap_or(0) > 0);
    let targets = weighted.filter_map(|share| {
        let destination = share.value.destination.present()?;
        Some((destination.span, Target::of(destination, &service.entry.namespace)?))
    });
    let found: Vec<_> = targets.collect();
    let source = |span| RouteSource { bound: service.entry, holder: service.entry, span };
    found.into_iter().map(|(span, target)| upstreams.route(server, source(span), hosts.to_vec(), target)).collect()
}

/// Names that the VirtualService and the server share, wildcards both ways.
fn matching_hosts(server: &Server<'_>, service: Ref<'_, VirtualService>) -> Vec<SmolStr> {
    let offered: Vec<_> = offered(server, &service.entry.namespace).collect();
    let names = service.spec.hosts.items().map(|name| SmolStr::from(host::resolve(name, &service.entry.namespace)));
    names.filter(|name| offered.iter().any(|offered| host::overlap(offered, name))).collect()
}

/// The names that a server offers to resources of `namespace`.
pub(super) fn offered<'b>(server: &'b Server<'_>, namespace: &'b str) -> impl Iterator<Item = &'b str> {
    server.claims.iter().filter_map(move |claim| match host::split_namespace(claim) {
        (Some(only), name) => (only == namespace).then_some(name),
        (None, name) => Some(name),
    })
}

/// A match is for the server: its `port` is the server's, its `gateways` name the Gateway; either may be left out.
pub(super) fn is_for(server: &Server<'_>, port: Option<u32>, gateways: &Field<List<SmolStr>>, namespace: &str) -> bool {
    let entry = server.source.entry();
    let names_gateway =
        |gateway: &Spanned<SmolStr>| gateway_reference(gateway, namespace) == (entry.namespace.as_str(), entry.name());
    let mut gateways = gateways.items().peekable();
    let right_gateway = gateways.peek().is_none() || gateways.any(names_gateway);
    right_gateway && port.is_none_or(|port| port == 0 || port == server.port)
}
