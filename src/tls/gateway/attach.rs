//! Routes of the Gateway API that attach to listeners.

use smol_str::SmolStr;

use super::binding::{Taken, take_names};
use super::listener::{GROUP, allows_namespace, is_granted};
use super::route::{Route, RouteSource};
use super::server::Server;
use super::upstream::{Target, Upstreams};
use crate::index::{Entry, Ref, View};
use crate::resource::gateway_api::{BackendReference, KubernetesGateway, KubernetesRoute, Listener, ObjectReference};
use crate::resource::{Kind, Protocol, host};

/// The routes that attach to `server`, a listener of `gateway`; none where nothing attaches.
pub(super) fn routes<'a>(
    view: &View<'a>,
    upstreams: &mut Upstreams<'_, 'a>,
    server: &Server<'a>,
    gateway: Ref<'a, KubernetesGateway>,
    taken: &mut Taken,
) -> Option<Vec<Route<'a>>> {
    let listener = &gateway.spec.listeners.items().nth(server.index)?.value;
    let mut attached = view.routes_attached(&gateway.entry.namespace, gateway.entry.name());
    attached.retain(|(entry, route)| {
        fits(server, listener, entry.resource.kind)
            && route.parent_refs.items().any(|parent| names(parent, entry, gateway.entry, server))
            && allows_namespace(view, gateway.entry, listener, entry)
    });
    attached.sort_by(|(left, _), (right, _)| left.age().cmp(&right.age()));
    let mut bound: Option<Vec<Route<'a>>> = None;
    for (entry, route) in attached {
        let mut hosts = shared_hosts(server, entry, route);
        if server.tls.is_passthrough() {
            hosts = take_names(server, hosts, taken).unwrap_or_default();
        }
        if hosts.is_empty() {
            continue;
        }
        let first_only = !server.is_http() && !server.tls.is_passthrough() && bound.is_some();
        if !first_only {
            bound.get_or_insert_default().extend(backends(view, upstreams, server, entry, route, &hosts));
        }
    }
    bound
}

/// The kinds of routes that a listener serves.
fn fits(server: &Server<'_>, listener: &Listener, kind: Kind) -> bool {
    let by_protocol = match kind {
        Kind::HttpRoute | Kind::GrpcRoute => matches!(server.protocol, Protocol::Http | Protocol::Https),
        Kind::TlsRoute => server.protocol == Protocol::Tls,
        Kind::TcpRoute => {
            server.protocol == Protocol::Tcp || (server.protocol == Protocol::Tls && server.tls.terminates())
        }
        _ => false,
    };
    let allowed = listener.allowed_routes.value().map(|allowed| &allowed.kinds);
    let mut kinds = allowed.into_iter().flat_map(|kinds| kinds.items()).peekable();
    by_protocol && (kinds.peek().is_none() || kinds.any(|allowed| allowed.kind.text() == Some(kind.as_str())))
}

/// A `parentRefs` entry of `route` means the listener.
fn names(parent: &ObjectReference, route: &Entry, gateway: &Entry, server: &Server<'_>) -> bool {
    is_gateway(parent)
        && parent.name.text() == Some(gateway.name())
        && parent.namespace.text().unwrap_or(&route.namespace) == gateway.namespace
        && parent.section_name.text().is_none_or(|section| server.section.as_deref() == Some(section))
        && parent.port.copied().is_none_or(|port| port == server.port)
}

fn is_gateway(parent: &ObjectReference) -> bool {
    parent.kind.text().is_none_or(|kind| kind == "Gateway") && parent.group.text().is_none_or(|group| group == GROUP)
}

fn shared_hosts(server: &Server<'_>, entry: &Entry, route: &KubernetesRoute) -> Vec<SmolStr> {
    let offered = server.hosts.first().map_or("*", SmolStr::as_str);
    if entry.resource.kind == Kind::TcpRoute {
        return vec![SmolStr::new_static("*")];
    }
    let mut written = route.hostnames.items().peekable();
    if written.peek().is_none() {
        return vec![offered.into()];
    }
    let narrower = written.filter_map(|name| match (host::covers(offered, name), host::covers(name, offered)) {
        (true, _) => Some(name.value.clone()),
        (false, true) => Some(offered.into()),
        (false, false) => None,
    });
    narrower.collect()
}

fn backends<'a>(
    view: &View<'a>,
    upstreams: &mut Upstreams<'_, 'a>,
    server: &Server<'a>,
    entry: &'a Entry,
    route: &'a KubernetesRoute,
    hosts: &[SmolStr],
) -> Vec<Route<'a>> {
    let mut routes = Vec::new();
    for rule in route.rules.items() {
        let redirects = rule.filters.items().any(|filter| filter.filter_type.text() == Some("RequestRedirect"));
        if redirects {
            continue;
        }
        let single = rule.backend_refs.items().nth(1).is_none();
        for backend in rule.value.backend_refs.items() {
            let weighted = single || backend.weight.copied() != Some(0);
            if let Some(target) = target(view, entry, backend).filter(|_| weighted) {
                let source = RouteSource { bound: entry, holder: entry, span: backend.span };
                routes.push(upstreams.route(server, source, hosts.to_vec(), target));
            }
        }
    }
    routes
}

/// The service that a backend means; none where it may not be referred to, which is answered with 500.
fn target(view: &View<'_>, route: &Entry, backend: &BackendReference) -> Option<Target> {
    let name = backend.name.text()?;
    let port = backend.port.copied();
    let kind = backend.kind.text().unwrap_or("Service");
    let namespace = backend.namespace.text().unwrap_or(&route.namespace);
    match (backend.group.text().unwrap_or(""), kind) {
        ("networking.istio.io", "Hostname") => Some(Target { host: name.into(), port, subset: None }),
        ("", "Service") => {
            let from = (GROUP, route.resource.kind.as_str(), route.namespace.as_str());
            let granted = namespace == route.namespace || is_granted(view, from, ("", "Service", namespace, name));
            granted.then(|| Target { host: host::service_fqdn(name, namespace).into(), port, subset: None })
        }
        _ => None,
    }
}
