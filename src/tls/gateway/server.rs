//! One server of a gateway workload: where it listens, what it does with TLS, whether it came into being.

use smol_str::{SmolStr, format_smolstr};

use super::words::{GatewaySource, ServerTls, Status};
use super::{GatewayWorkload, Route};
use crate::index::{Key, Ref, View};
use crate::resource::istio::{
    Gateway, RouteKind, Server as WrittenServer, ServerTls as WrittenTls, ServerTlsMode, TlsVersion,
};
use crate::resource::{Protocol, Spanned, host};
use crate::text::Span;
use crate::tls::endpoint::pod_port;
use crate::tls::reason::{Assumption, Reason, assume};
use crate::tls::{OutboundMode, admission};

/// A server of a gateway workload.
#[derive(Debug, Clone)]
pub struct Server<'a> {
    /// Where it is written.
    pub source: GatewaySource<'a>,
    /// Its place in the list of servers or listeners.
    pub index: usize,
    /// The whole server or listener.
    pub span: Span,
    /// The name of a listener.
    pub section: Option<SmolStr>,
    /// Its port as written.
    pub port: u32,
    /// The port on which the workload listens for it.
    pub listen_port: u32,
    /// The address to which it is bound; empty for all.
    pub bind: SmolStr,
    /// The name of its port.
    pub port_name: SmolStr,
    /// Its protocol as written.
    pub protocol_name: SmolStr,
    /// Its protocol.
    pub protocol: Protocol,
    /// Its hosts as written.
    pub hosts: Vec<SmolStr>,
    /// Its hosts with the namespaces in front resolved: `namespace/host` or `host`.
    pub claims: Vec<SmolStr>,
    /// What it does with TLS.
    pub tls: ServerTls,
    /// A `tls` block is written.
    pub has_tls: bool,
    /// Plain requests are sent to https.
    pub https_redirect: bool,
    /// The credentials with which it terminates TLS.
    pub credentials: Vec<SmolStr>,
    /// The lowest version of TLS accepted, where one is set.
    pub min_version: Option<SmolStr>,
    /// The highest version of TLS accepted, where one is set.
    pub max_version: Option<SmolStr>,
    /// What became of it.
    pub status: Status,
    /// The server that pushed it out, or that answers to the same name: Gateway and place in its list.
    pub rival: Option<(GatewaySource<'a>, usize)>,
    /// The server names it answers to; none: to all.
    pub sni: Vec<SmolStr>,
    /// Where requests go.
    pub routes: Vec<Route<'a>>,
    /// The way there.
    pub because: Vec<Reason>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

impl Server<'_> {
    /// It reads requests: HTTP, or HTTPS that ends here.
    #[must_use]
    pub fn is_http(&self) -> bool {
        self.tls.reads(self.protocol) == Some(RouteKind::Http)
    }

    /// Connections to it begin with TLS; a redirect from HTTP does not count.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.has_tls && !self.protocol.is_http()
    }

    /// It holds its port: neither dropped nor refused.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        !matches!(self.status, Status::Conflict | Status::Invalid)
    }

    /// Connections find a filter chain: it is in force, and where it does not read requests a route leads on.
    #[must_use]
    pub fn has_chain(&self) -> bool {
        self.is_in_force() && (self.is_http() || self.status != Status::NoRoutes)
    }

    /// The server names of a terminating chain: its hosts without namespaces, sorted.
    pub(super) fn server_names(&self) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = self.claims.iter().map(|claim| host::split_namespace(claim).1.into()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// The servers of the Istio Gateways that select `workload`.
pub(super) fn of_gateways<'a>(view: &View<'a>, workload: &GatewayWorkload<'a>) -> Vec<Server<'a>> {
    let mut gateways: Vec<Ref<'a, Gateway>> = view.typed(&Key::GatewaysForAll).collect();
    for (key, value) in workload.labels.pairs() {
        for gateway in view.typed::<Gateway>(&Key::GatewaySelector(key.clone(), value.clone())) {
            let known = gateways.iter().any(|other| other.entry.id == gateway.entry.id);
            if !known && workload.labels.satisfy(gateway.spec.selector.pairs()) {
                gateways.push(gateway);
            }
        }
    }
    gateways.retain(|gateway| admission::accepts_gateway(gateway.spec));
    gateways.sort_by(|left, right| left.entry.age().cmp(&right.entry.age()));
    let servers = gateways.into_iter().flat_map(|gateway| {
        let servers = gateway.spec.servers.items().enumerate();
        servers.filter_map(move |(index, written)| of_server(view, workload, gateway, index, written))
    });
    servers.collect()
}

fn of_server<'a>(
    view: &View<'a>,
    workload: &GatewayWorkload<'a>,
    gateway: Ref<'a, Gateway>,
    index: usize,
    written: &'a Spanned<WrittenServer>,
) -> Option<Server<'a>> {
    let port = written.port.value()?;
    let number = port.number.copied()?;
    let protocol_name = port.protocol.value().cloned().unwrap_or_default();
    let protocol = Protocol::parse(&protocol_name);
    let block = written.tls.value();
    let tls = ServerTls::of(protocol, block);
    let hosts: Vec<SmolStr> = written.hosts.items().map(|host| host.value.clone()).collect();
    let mut assumptions = workload.assumptions.clone();
    let unknown_mode = block.is_some_and(|block| block.effective_mode().is_none());
    if written.tls.is_uncertain() || unknown_mode || !written.hosts.is_certain() {
        assume(&mut assumptions, Assumption::unknown(gateway.entry, Some(written.span)));
    }
    let (min_version, max_version) = versions(view, block, tls);
    Some(Server {
        source: GatewaySource::Istio(gateway),
        index,
        span: written.span,
        section: None,
        port: number,
        listen_port: listen_port(view, workload, number),
        bind: written.bind.value().cloned().unwrap_or_default(),
        port_name: port.name.value().cloned().unwrap_or_default(),
        protocol_name,
        protocol,
        claims: claims(&hosts, &gateway.entry.namespace),
        hosts,
        tls,
        has_tls: block.is_some(),
        https_redirect: block.is_some_and(|block| block.https_redirect.copied() == Some(true)),
        credentials: block.filter(|_| tls.terminates()).map(credentials).unwrap_or_default(),
        min_version,
        max_version,
        status: Status::Programmed,
        rival: None,
        sni: Vec::new(),
        routes: Vec::new(),
        because: vec![Reason::at(gateway.entry, written.span, format!("server of {}", gateway.entry.title()))],
        assumptions,
    })
}

/// Hosts of a Gateway of `namespace` with the namespaces in front resolved: `./h` belongs to the Gateway's, `*/h` to all.
#[must_use]
pub fn claims(hosts: &[SmolStr], namespace: &str) -> Vec<SmolStr> {
    let claim = |host: &SmolStr| match host::split_namespace(host) {
        (Some("."), name) => format_smolstr!("{namespace}/{name}"),
        (Some("*"), name) => name.into(),
        _ => host.clone(),
    };
    if hosts.iter().any(|host| host == "*/*") {
        return vec![SmolStr::new_static("*")];
    }
    hosts.iter().map(claim).collect()
}

fn credentials(tls: &WrittenTls) -> Vec<SmolStr> {
    if tls.effective_mode() == Some(ServerTlsMode::IstioMutual) {
        return Vec::new();
    }
    let mut credentials: Vec<SmolStr> = tls.credential_names.items().map(|name| name.value.clone()).collect();
    if credentials.is_empty() {
        credentials.extend(tls.credential_name.value().filter(|name| !name.is_empty()).cloned());
    }
    if credentials.is_empty() {
        let files = tls.tls_certificates.items().map(|pair| (&pair.server_certificate, &pair.private_key));
        let own = std::iter::once((&tls.server_certificate, &tls.private_key));
        for (certificate, key) in files.chain(own) {
            if let (Some(certificate), Some(key)) = (certificate.text(), key.text()) {
                credentials.push(format_smolstr!("file-cert:{certificate}~{key}"));
            }
        }
    }
    credentials
}

/// Lowest and highest version of TLS; Istio mTLS sets its own, a passed connection is not looked at.
pub(super) fn versions(
    view: &View<'_>,
    tls: Option<&WrittenTls>,
    kind: ServerTls,
) -> (Option<SmolStr>, Option<SmolStr>) {
    if !kind.terminates() || kind == ServerTls::Mode(ServerTlsMode::IstioMutual) {
        return (None, None);
    }
    let set = |version: Option<TlsVersion>| version.and_then(|version| version_name(version.as_str()));
    let min = set(tls.and_then(|tls| tls.min_protocol_version.copied()));
    let default = view.mesh().tls_defaults.min_protocol_version.as_deref().and_then(version_name);
    (min.or(default), set(tls.and_then(|tls| tls.max_protocol_version.copied())))
}

fn version_name(version: &str) -> Option<SmolStr> {
    version.strip_prefix("TLSV").map(|number| format_smolstr!("TLSv{number}"))
}

/// The label of a Service whose ports are not translated.
const NO_TRANSLATION: &str = "experimental.istio.io/disable-gateway-port-translation";

/// Where the workload listens for server port `number`: the target port of the first Service that has it, else itself.
#[must_use]
pub fn listen_port(view: &View<'_>, workload: &GatewayWorkload<'_>, number: u32) -> u32 {
    let Some(entry) = workload.entry else { return number };
    let Some(pods) = entry.workload() else { return number };
    let services = view.services_of(entry);
    let translating =
        services.iter().filter(|service| service.entry.resource.metadata.labels.under(NO_TRANSLATION).is_none());
    translating
        .flat_map(|service| service.spec.ports.items())
        .filter(|port| port.port.copied() == Some(number))
        .find_map(|port| pod_port(pods, port.target_port.value(), number))
        .unwrap_or(number)
}

/// Nothing is added on the way.
pub(super) const PLAIN: OutboundMode = OutboundMode::Disable;
