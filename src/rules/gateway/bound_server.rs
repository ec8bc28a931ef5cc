//! The servers that a VirtualService is bound to, as far as the text of the Gateways says.

use smol_str::SmolStr;

use crate::index::keys::gateway_reference;
use crate::index::{Key, Ref, View};
use crate::resource::istio::{Gateway, RouteKind, Server, VirtualService};
use crate::resource::{Field, Kind, List, Protocol, Spanned, host};
use crate::text::Span;
use crate::tls;
use crate::tls::gateway::{ServerTls, claims};

/// A server that shares a host with a VirtualService which names its Gateway.
#[derive(Clone, Copy)]
pub(in crate::rules) struct BoundServer<'a> {
    /// The Gateway.
    pub(in crate::rules) gateway: Ref<'a, Gateway>,
    /// The server.
    pub(in crate::rules) server: &'a Spanned<Server>,
    /// Its protocol.
    pub(in crate::rules) protocol: Protocol,
    /// What it does with TLS.
    pub(in crate::rules) tls: ServerTls,
}

/// The Gateways that `service` names in `gateways`; none while one of them is not in the
/// workspace, there more than once, or refused by Istio.
pub(in crate::rules) fn gateways<'a>(
    service: Ref<'a, VirtualService>,
    view: &View<'a>,
) -> Option<Vec<Ref<'a, Gateway>>> {
    if !service.gateways.is_certain() || !service.hosts.is_certain() {
        return None;
    }
    let named = service.spec.gateways.items().filter(|name| name.as_str() != "mesh").map(|written| {
        let (of, name) = gateway_reference(written, &service.entry.namespace);
        let mut same_name = view.typed::<Gateway>(&Key::Named(Kind::Gateway, of.into(), name.into()));
        let (Some(gateway), None) = (same_name.next(), same_name.next()) else { return None };
        let known = gateway.servers.is_certain() && gateway.servers.items().all(|server| is_known(server));
        (known && tls::is_admitted(gateway.entry)).then_some(gateway)
    });
    named.collect()
}

/// The servers of the Gateways of `service` that share a host with it; none while that is not known.
pub(in crate::rules) fn bound_servers<'a>(
    service: Ref<'a, VirtualService>,
    view: &View<'a>,
) -> Option<Vec<BoundServer<'a>>> {
    let servers = gateways(service, view)?.into_iter().flat_map(|gateway| {
        let bound = gateway.spec.servers.items().filter(move |server| {
            service.spec.hosts.items().any(|name| offers(gateway, server, &service.entry.namespace, name))
        });
        bound.map(move |server| {
            let protocol = protocol(server);
            BoundServer { gateway, server, protocol, tls: ServerTls::of(protocol, server.tls.value()) }
        })
    });
    Some(servers.collect())
}

/// `server` of `gateway` is for some name that `name`, written in a VirtualService of `namespace`, means too.
pub(in crate::rules) fn offers(gateway: Ref<'_, Gateway>, server: &Server, namespace: &str, name: &str) -> bool {
    let hosts: Vec<SmolStr> = server.hosts.items().map(|host| host.value.clone()).collect();
    let name = host::resolve(name, namespace);
    claims(&hosts, &gateway.entry.namespace).iter().any(|claim| match host::split_namespace(claim) {
        (Some(only), offered) => only == namespace && host::overlap(offered, &name),
        (None, offered) => host::overlap(offered, &name),
    })
}

/// The protocol of a server; AUTO while it is not known.
pub(in crate::rules) fn protocol(server: &Server) -> Protocol {
    Protocol::parse(server.port.value().and_then(|port| port.protocol.text()).unwrap_or(""))
}

/// Everything that decides which routes a server uses is written out.
fn is_known(server: &Server) -> bool {
    let port = server.port.value().is_some_and(|port| port.number.value().is_some() && port.protocol.text().is_some());
    let tls = !server.tls.is_uncertain() && server.tls.value().is_none_or(|tls| !tls.mode.is_uncertain());
    port && tls && server.hosts.is_certain()
}

impl BoundServer<'_> {
    /// The kind of routes it uses.
    pub(in crate::rules) fn reads(&self) -> Option<RouteKind> {
        self.tls.reads(self.protocol)
    }

    /// What decides what it does with TLS: `tls.mode`, else `tls`, else its protocol.
    pub(in crate::rules) fn mode_span(&self) -> Span {
        let mode = self.server.tls.value().and_then(|tls| tls.mode.span()).or_else(|| self.server.tls.key());
        mode.unwrap_or_else(|| self.protocol_span())
    }

    /// The value of `port.protocol`.
    pub(in crate::rules) fn protocol_span(&self) -> Span {
        self.server.port.value().and_then(|port| port.protocol.span()).unwrap_or(self.server.span)
    }

    /// Number, protocol and TLS for a message.
    pub(in crate::rules) fn title(&self) -> String {
        let port = self.server.port.value();
        let number = port.and_then(|port| port.number.copied()).unwrap_or(0);
        let protocol = port.and_then(|port| port.protocol.text()).unwrap_or("");
        match self.tls {
            ServerTls::None => format!("server {number}/{protocol} of Gateway {}", self.gateway.entry.qualified_name()),
            ServerTls::Mode(mode) => {
                format!("server {number}/{protocol} ({mode}) of Gateway {}", self.gateway.entry.qualified_name())
            }
        }
    }

    /// Some route of `kind` is meant for this server.
    fn is_meant_by(&self, service: Ref<'_, VirtualService>, kind: RouteKind) -> bool {
        let namespace = &service.entry.namespace;
        match kind {
            RouteKind::Http => service
                .http
                .items()
                .any(|route| any(&route.matches, |one| self.fits(one.port.copied(), &one.gateways, namespace))),
            RouteKind::Tls => service
                .tls
                .items()
                .any(|route| any(&route.matches, |one| self.fits(one.port.copied(), &one.gateways, namespace))),
            RouteKind::Tcp => service
                .tcp
                .items()
                .any(|route| any(&route.matches, |one| self.fits(one.port.copied(), &one.gateways, namespace))),
        }
    }

    /// A match with this port and these gateways is for it.
    pub(in crate::rules) fn fits(&self, port: Option<u32>, gateways: &Field<List<SmolStr>>, namespace: &str) -> bool {
        let entry = self.gateway.entry;
        let mut names = gateways.items().peekable();
        let right_gateway = names.peek().is_none()
            || names.any(|name| gateway_reference(name, namespace) == (entry.namespace.as_str(), entry.name()));
        let number = self.server.port.value().and_then(|port| port.number.copied());
        right_gateway && port.is_none_or(|port| port == 0 || Some(port) == number)
    }
}

fn any<T>(matches: &Field<List<T>>, fits: impl Fn(&T) -> bool) -> bool {
    matches.items().next().is_none() || matches.items().any(|one| fits(one))
}

/// The servers for which routes of `kind` are meant, if none of them uses such routes: those that get no other routes
/// either. Empty while something is not known.
pub(in crate::rules) fn left_without_routes<'a>(
    service: Ref<'a, VirtualService>,
    kind: RouteKind,
    view: &View<'a>,
) -> Vec<BoundServer<'a>> {
    let known = service.http.is_certain() && service.tls.is_certain() && service.tcp.is_certain();
    let Some(mut servers) = bound_servers(service, view).filter(|_| known) else { return Vec::new() };
    servers.retain(|server| server.is_meant_by(service, kind));
    if servers.iter().any(|server| server.reads() == Some(kind)) {
        return Vec::new();
    }
    servers.retain(|server| server.reads().is_none_or(|reads| !server.is_meant_by(service, reads)));
    servers
}
