//! The connections to a host in a few words, for hints and lenses.

use super::connections::failure;
use crate::index::{Ref, View};
use crate::resource::host;
use crate::resource::istio::DestinationRule;
use crate::text::Span;
use crate::tls::{self, Client, Origin, Outbound, Sends, Service};

/// What clients send to a host.
#[derive(Debug, Default)]
pub(super) struct Brief {
    /// Different answers, the first one given first.
    pub(super) answers: Vec<String>,
    /// How many classes of clients were looked at, and how many workloads they are.
    pub(super) classes: usize,
    pub(super) clients: usize,
    /// There are more of them.
    pub(super) more: bool,
}

/// What a part of a rule or of a route is about.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Part<'b, 'a> {
    pub(super) port: Option<u32>,
    pub(super) subset: Option<&'b str>,
    /// Only clients that read this rule.
    pub(super) rule: Option<Ref<'a, DestinationRule>>,
    /// Only where the mode at this place of the rule decides.
    pub(super) mode: Option<Span>,
    /// The bytes are TLS already.
    pub(super) encrypted: bool,
}

/// What at most `most` classes of clients send to `part` of `service`.
pub(super) fn brief<'a>(view: &View<'a>, service: &Service<'a>, part: Part<'_, 'a>, most: usize) -> Brief {
    let clients: Vec<Client<'a>> = match part.rule {
        Some(rule) => tls::Readers::new(view, rule).of(service).take(most + 1).collect(),
        None => tls::callers(view, service).take(most + 1).collect(),
    };
    sent_by(view, &clients, service, part, most)
}

/// As [`brief`], for given clients.
pub(super) fn sent_by<'a>(
    view: &View<'a>,
    clients: &[Client<'a>],
    service: &Service<'a>,
    part: Part<'_, 'a>,
    most: usize,
) -> Brief {
    let mut brief = Brief { more: clients.len() > most, ..Brief::default() };
    for client in clients.iter().take(most) {
        brief.classes += 1;
        brief.clients += client.members.len();
        let lookup = tls::destination_rule(view, client, &service.namespace, &service.host);
        for port in service.ports.iter().filter(|port| part.port.is_none_or(|wanted| wanted == port.number)) {
            let Some(sent) = tls::send(view, client, service, port, part.subset, &lookup) else { continue };
            let decides = |mode: Span| {
                let own = sent.tls.filter(|block| part.rule.is_some_and(|rule| rule.entry.id == block.entry().id));
                own.is_some_and(|block| block.mode_span() == mode)
            };
            if !part.mode.is_none_or(decides) {
                continue;
            }
            let words = words(view, &sent, part);
            if !brief.answers.contains(&words) {
                brief.answers.push(words);
            }
        }
    }
    brief
}

impl Brief {
    /// The answers in one line; none where nobody sends anything.
    pub(super) fn line(&self) -> Option<String> {
        (!self.answers.is_empty()).then(|| self.answers.join(" / "))
    }
}

fn words(view: &View<'_>, sent: &Outbound<'_>, part: Part<'_, '_>) -> String {
    let what = match sent.sends.of_encrypted(part.encrypted) {
        Sends::Plaintext => "plaintext",
        Sends::Passthrough => "the application's TLS",
        Sends::Tls => "TLS",
        Sends::Mtls => "mutual TLS",
        Sends::IstioMtls => "mTLS",
        Sends::Hbone => "mTLS (HBONE)",
        Sends::HboneTls => "TLS in HBONE",
        Sends::Mixed => "mTLS or plaintext, by endpoint",
        Sends::NoEndpoints => "mTLS where endpoints can",
    };
    let by = match sent.origin {
        Origin::AutoMtls if sent.sends == Sends::IstioMtls => " (auto)".to_owned(),
        Origin::AutoMtls if sent.sends == Sends::Plaintext => " (no proxy there)".to_owned(),
        Origin::DestinationRule | Origin::BackendTlsPolicy if part.rule.is_none() => {
            sent.tls.as_ref().map(|block| format!(" ({})", block.entry().title())).unwrap_or_default()
        }
        _ => String::new(),
    };
    let mut fails = sent.endpoints.iter().filter_map(|(endpoint, sends)| match endpoint.inbound(view) {
        Some(inbound) => failure(inbound.mode, *sends),
        None => no_proxy(endpoint, *sends),
    });
    let fails = fails.next().map(|error| format!(", fails: {}", error.replace('`', ""))).unwrap_or_default();
    format!("{what}{by}{fails}")
}

fn no_proxy(endpoint: &tls::Endpoint<'_>, sends: Sends) -> Option<&'static str> {
    let wrong = endpoint.proxy == tls::ProxyKind::None && !endpoint.understands_mtls && sends == Sends::IstioMtls;
    wrong.then_some("503 UF, WRONG_VERSION_NUMBER")
}

/// `namespace/name:port` of a service, or its host.
pub(super) fn target(service: &Service<'_>, port: Option<u32>, subset: Option<&str>) -> String {
    let name = match host::service_of_fqdn(&service.host) {
        Some((namespace, name)) => format!("{namespace}/{name}"),
        None => service.host.to_string(),
    };
    let ports: Vec<String> = match port {
        Some(port) => vec![port.to_string()],
        None => service.ports.iter().map(|port| port.number.to_string()).collect(),
    };
    let ports = if ports.is_empty() || ports.len() > 3 { String::new() } else { format!(":{}", ports.join(",")) };
    format!("{name}{ports}{}", subset.map(|subset| format!(" {subset}")).unwrap_or_default())
}
