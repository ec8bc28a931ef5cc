//! What a client's proxy sends to a port of a service: by DestinationRule, by auto mTLS, or plain.
//!
//! Follows `pilot/pkg/networking/core/cluster_tls.go` and `pilot/pkg/xds/endpoints/mtls_checker.go` of istiod.

use smol_str::{SmolStr, format_smolstr};

use super::client::{Client, ClientKind};
use super::client_tls::{Selected, TlsBlock, TlsSource};
use super::destination_rule::{EffectiveRule, RuleLookup, destination_rule};
use super::endpoint::Endpoint;
use super::explain;
use super::proxy::ProxyKind;
use super::reason::{Assumption, Reason, assume};
use super::scope;
use super::sends::{Origin, OutboundMode, Sends};
use super::service::{Port, Service};
use super::services;
use crate::index::View;
use crate::resource::Protocol;
use crate::resource::istio::TlsMode;

/// What is sent to one port of a service.
#[derive(Debug, Clone)]
pub struct Outbound<'a> {
    /// The host.
    pub host: SmolStr,
    /// The service port.
    pub port: u32,
    /// The subset.
    pub subset: Option<SmolStr>,
    /// What the port speaks as far as Istio is told.
    pub protocol: Protocol,
    /// What the proxy really does.
    pub mode: OutboundMode,
    /// The mode that is written, even where it is dropped.
    pub configured: Option<TlsMode>,
    /// Who decided.
    pub origin: Origin,
    /// What is on the wire.
    pub sends: Sends,
    /// The server name sent, where it is fixed.
    pub sni: Option<SmolStr>,
    /// The server name is taken from the request's authority.
    pub auto_sni: bool,
    /// The protocols offered.
    pub alpn: &'static [&'static str],
    /// What is on the wire to each endpoint; empty where all are treated alike without looking.
    pub endpoints: Vec<(Endpoint<'a>, Sends)>,
    /// The rule that the client reads, whether it sets TLS or not.
    pub rule: Option<EffectiveRule<'a>>,
    /// The block that applies, even where it is dropped.
    pub tls: Option<TlsBlock<'a>>,
    /// The way there, in the order in which istiod looks.
    pub because: Vec<Reason>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

impl Outbound<'_> {
    /// The proxy originates TLS around bytes that the application has encrypted already. (Istio mTLS around them is
    /// taken off again by the other side's proxy.)
    #[must_use]
    pub fn is_tls_in_tls(&self) -> bool {
        self.protocol.is_tls() && matches!(self.sends, Sends::Tls | Sends::Mtls | Sends::HboneTls)
    }

    /// The namespace of the client, where no workload shows the client.
    #[must_use]
    pub fn assumed_client(&self) -> Option<&SmolStr> {
        self.assumptions.iter().find_map(|assumption| match assumption {
            Assumption::Client(namespace) => Some(namespace),
            _ => None,
        })
    }

    /// Nothing outside the workspace can change the answer.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.assumptions.is_empty()
    }
}

/// What `client` sends to `port` of `host` (a full name), to `subset` if one is named. None where the client does not see
/// the host, or the port or subset does not exist.
#[must_use]
pub fn outbound<'a>(
    view: &View<'a>,
    client: &Client<'a>,
    host: &str,
    port: u32,
    subset: Option<&str>,
) -> Option<Outbound<'a>> {
    let service = services::service(view, &client.namespace, host)?;
    let service = scope::visible(view, client, &service)?;
    let lookup = destination_rule(view, client, &service.namespace, host);
    send(view, client, &service, service.port(port)?, subset, &lookup)
}

/// As [`outbound`], for callers that hold the service and the rule already.
#[must_use]
pub fn send<'a>(
    view: &View<'a>,
    client: &Client<'a>,
    service: &Service<'a>,
    port: &Port<'a>,
    subset: Option<&str>,
    lookup: &RuleLookup<'a>,
) -> Option<Outbound<'a>> {
    let mut endpoints: Vec<&Endpoint<'a>> = port.endpoints.iter().collect();
    if let Some(name) = subset {
        let (_, subset) = lookup.rule.as_ref()?.subset(name).filter(|_| !service.is_dynamic())?;
        endpoints.retain(|endpoint| endpoint.labels.satisfy(subset.labels.pairs()));
    }
    let selected = lookup.rule.as_ref().map(|rule| Selected::of(rule, port.number, subset)).unwrap_or_default();
    let mut because = explain::lookup(lookup, service, &client.namespace);
    let mut assumptions = client.assumptions.clone();
    for assumption in service.assumptions.iter().chain(&lookup.assumptions).chain(&selected.assumptions) {
        assume(&mut assumptions, assumption.clone());
    }
    let connection =
        Connection { view, client, service, port, subset, endpoints, selected, rule: lookup.rule.as_ref() };
    let decided = connection.decide(&mut because, &mut assumptions);
    Some(connection.finish(decided, because, assumptions))
}

/// A connection to be decided.
pub(super) struct Connection<'b, 'a> {
    pub(super) view: &'b View<'a>,
    pub(super) client: &'b Client<'a>,
    pub(super) service: &'b Service<'a>,
    pub(super) port: &'b Port<'a>,
    pub(super) subset: Option<&'b str>,
    pub(super) endpoints: Vec<&'b Endpoint<'a>>,
    pub(super) selected: Selected<'a>,
    pub(super) rule: Option<&'b EffectiveRule<'a>>,
}

/// What is done, before it is put in words.
pub(super) struct Decided<'a> {
    pub(super) origin: Origin,
    pub(super) mode: OutboundMode,
    pub(super) sends: Sends,
    pub(super) endpoints: Vec<(Endpoint<'a>, Sends)>,
}

impl<'a> Connection<'_, 'a> {
    fn decide(&self, because: &mut Vec<Reason>, assumptions: &mut Vec<Assumption>) -> Decided<'a> {
        if let Some(tls) = self.selected.tls {
            return self.by_rule(tls, because, assumptions);
        }
        because.extend(self.rule.map(|rule| explain::no_tls(rule, self.port.number, self.subset)));
        if self.service.external {
            because.push(explain::external(self.service));
            return self.uniformly(Origin::Default, TlsMode::Disable);
        }
        if !self.view.mesh().enable_auto_mtls {
            because.push(Reason::of("enableAutoMtls is false"));
            return self.uniformly(Origin::Default, TlsMode::Disable);
        }
        self.by_auto_mtls(because, assumptions)
    }

    fn by_rule(&self, tls: TlsBlock<'a>, because: &mut Vec<Reason>, assumptions: &mut Vec<Assumption>) -> Decided<'a> {
        because.push(explain::block(&tls, self.port.number, self.subset));
        // What sets TLS explicitly holds whatever the endpoints are.
        assumptions.retain(|assumption| !matches!(assumption, Assumption::Endpoints(_)));
        let origin = match tls.source {
            TlsSource::DestinationRule(..) => Origin::DestinationRule,
            TlsSource::BackendTls(_) => Origin::BackendTlsPolicy,
        };
        if let Some(secret) = self.dropped(&tls) {
            because.push(Reason::at(
                tls.entry(),
                secret.span,
                "a sidecar ignores a tls block with credentialName unless the rule has a workloadSelector",
            ));
            return self.uniformly(origin, TlsMode::Disable);
        }
        self.uniformly(origin, tls.mode)
    }

    /// The credential for which a sidecar drops the whole block.
    fn dropped(&self, tls: &TlsBlock<'a>) -> Option<&'a crate::resource::Spanned<SmolStr>> {
        let originates = matches!(tls.mode, TlsMode::Simple | TlsMode::Mutual);
        let bound = self.rule.is_some_and(EffectiveRule::has_selector);
        tls.secret().filter(|_| originates && !bound && self.client.kind == ClientKind::Sidecar)
    }

    /// The same to every endpoint, but what ztunnel carries goes through HBONE.
    pub(super) fn uniformly(&self, origin: Origin, mode: TlsMode) -> Decided<'a> {
        let sent = Sends::of(mode);
        let sends = |endpoint: &Endpoint<'a>| if is_ztunnel(endpoint) { sent.through_hbone() } else { sent };
        let endpoints: Vec<_> = self.endpoints.iter().map(|endpoint| ((*endpoint).clone(), sends(endpoint))).collect();
        let all = Sends::all(endpoints.iter().map(|(_, sends)| *sends)).unwrap_or(sent);
        let hbone = matches!(all, Sends::Hbone | Sends::HboneTls);
        Decided { origin, mode: if hbone { OutboundMode::Hbone } else { mode.into() }, sends: all, endpoints }
    }

    fn finish(self, decided: Decided<'a>, because: Vec<Reason>, assumptions: Vec<Assumption>) -> Outbound<'a> {
        let Decided { origin, mode, sends, mut endpoints } = decided;
        let block = self.selected.tls;
        let written = block.and_then(|tls| tls.sni()).map(SmolStr::from);
        let originates = matches!(mode, OutboundMode::Simple | OutboundMode::Mutual);
        let dynamic = self.service.is_dynamic();
        let sni = match mode {
            OutboundMode::IstioMutual if !dynamic => written.clone().or_else(|| Some(self.default_sni())),
            OutboundMode::IstioMutual | OutboundMode::Simple | OutboundMode::Mutual => written.clone(),
            OutboundMode::Disable | OutboundMode::Hbone => None,
        };
        let auto_sni = written.is_none() && (originates || (dynamic && mode == OutboundMode::IstioMutual));
        let encrypted = self.client.kind == ClientKind::Sidecar && self.port.protocol.is_tls();
        for (_, sends) in &mut endpoints {
            *sends = sends.of_encrypted(encrypted);
        }
        Outbound {
            host: self.service.host.clone(),
            port: self.port.number,
            subset: self.subset.map(SmolStr::from),
            protocol: self.port.protocol,
            mode,
            configured: block.map(|tls| tls.mode),
            origin,
            sends: sends.of_encrypted(encrypted),
            sni,
            auto_sni,
            alpn: self.alpn(mode),
            endpoints,
            rule: self.rule.cloned(),
            tls: block,
            because,
            assumptions,
        }
    }

    fn default_sni(&self) -> SmolStr {
        default_sni(&self.service.host, self.port.number, self.subset)
    }

    fn alpn(&self, mode: OutboundMode) -> &'static [&'static str] {
        let upgraded = self.selected.h2_upgrade && matches!(self.port.protocol, Protocol::Http | Protocol::Auto);
        let http2 = self.port.protocol.is_http2() || upgraded;
        match mode {
            OutboundMode::IstioMutual if http2 => &["istio-peer-exchange", "istio", "h2"],
            OutboundMode::IstioMutual => &["istio-peer-exchange", "istio"],
            OutboundMode::Simple | OutboundMode::Mutual if http2 => &["h2"],
            _ => &[],
        }
    }
}

/// The server name by which Istio mTLS names a cluster, and by which AUTO_PASSTHROUGH finds it again.
#[must_use]
pub fn default_sni(host: &str, port: u32, subset: Option<&str>) -> SmolStr {
    format_smolstr!("outbound_.{port}_.{}_.{host}", subset.unwrap_or(""))
}

/// ztunnel carries what is sent to the endpoint.
pub(super) fn is_ztunnel(endpoint: &Endpoint<'_>) -> bool {
    endpoint.proxy == ProxyKind::Ztunnel && !endpoint.understands_mtls
}
