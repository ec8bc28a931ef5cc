//! Which `tls` block of a rule applies to a port and a subset, and with which words.
//!
//! A `portLevelSettings` entry replaces its level wholesale: its `tls` or nothing, never the level's. A second lookup,
//! which istiod makes for the endpoints of auto mTLS, inherits differently; both are here.

use super::destination_rule::EffectiveRule;
use super::reason::{Assumption, assume};
use crate::index::{Entry, Ref};
use crate::resource::gateway_api::BackendTlsPolicy;
use crate::resource::istio::{ClientTls, DestinationRule, PortTrafficPolicy, TlsMode, TrafficPolicy};
use crate::resource::{Field, Spanned};
use crate::text::Span;

/// The level of a rule at which TLS is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TlsLevel {
    /// `trafficPolicy.tls`
    Rule,
    /// `trafficPolicy.portLevelSettings[].tls`
    Port,
    /// `subsets[].trafficPolicy.tls`
    Subset,
    /// `subsets[].trafficPolicy.portLevelSettings[].tls`
    SubsetPort,
}

/// What a client's proxy is told to do.
#[derive(Debug, Clone, Copy)]
pub enum TlsSource<'a> {
    /// A `tls` block of a DestinationRule.
    DestinationRule(Ref<'a, DestinationRule>, &'a Spanned<ClientTls>),
    /// A BackendTLSPolicy.
    BackendTls(Ref<'a, BackendTlsPolicy>),
}

/// A `tls` block that applies.
#[derive(Debug, Clone, Copy)]
pub struct TlsBlock<'a> {
    /// Where it comes from.
    pub source: TlsSource<'a>,
    /// At which level it stands.
    pub level: TlsLevel,
    /// Its mode.
    pub mode: TlsMode,
}

impl<'a> TlsBlock<'a> {
    fn of(rule: Ref<'a, DestinationRule>, tls: &'a Spanned<ClientTls>, level: TlsLevel) -> Self {
        let mode = tls.effective_mode().unwrap_or(TlsMode::Disable);
        Self { source: TlsSource::DestinationRule(rule, tls), level, mode }
    }

    fn of_policy(policy: Ref<'a, BackendTlsPolicy>, level: TlsLevel) -> Self {
        Self { source: TlsSource::BackendTls(policy), level, mode: TlsMode::Simple }
    }

    /// The resource.
    #[must_use]
    pub fn entry(&self) -> &'a Entry {
        match self.source {
            TlsSource::DestinationRule(rule, _) => rule.entry,
            TlsSource::BackendTls(policy) => policy.entry,
        }
    }

    /// The block's fields; none for a BackendTLSPolicy.
    #[must_use]
    pub fn settings(&self) -> Option<&'a Spanned<ClientTls>> {
        match self.source {
            TlsSource::DestinationRule(_, tls) => Some(tls),
            TlsSource::BackendTls(_) => None,
        }
    }

    /// Where the block stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self.source {
            TlsSource::DestinationRule(_, tls) => tls.span,
            TlsSource::BackendTls(policy) => {
                policy.spec.validation.span().unwrap_or_else(|| policy.entry.resource.name_span())
            }
        }
    }

    /// Where the key of the block stands.
    #[must_use]
    pub fn key(&self) -> Span {
        self.settings().map_or_else(|| self.span(), |tls| tls.key)
    }

    /// Where the mode stands, else the block.
    #[must_use]
    pub fn mode_span(&self) -> Span {
        self.settings().and_then(|tls| tls.mode.span()).unwrap_or_else(|| self.span())
    }

    /// The server name to send, if one is written.
    #[must_use]
    pub fn sni(&self) -> Option<&'a str> {
        let sni = match self.source {
            TlsSource::DestinationRule(_, tls) => tls.value.sni.text(),
            TlsSource::BackendTls(policy) => policy.spec.validation.value().and_then(|value| value.hostname.text()),
        };
        sni.filter(|sni| !sni.is_empty())
    }

    /// The credential that a sidecar is not allowed to fetch: a `credentialName` that is no ConfigMap reference.
    #[must_use]
    pub fn secret(&self) -> Option<&'a Spanned<smol_str::SmolStr>> {
        let name = self.settings()?.value.credential_name.present()?;
        (!name.is_empty() && !name.starts_with("configmap://")).then_some(name)
    }
}

/// What of a rule matters for one port and one subset.
#[derive(Debug, Clone, Default)]
pub(super) struct Selected<'a> {
    /// The block that configures the cluster.
    pub(super) tls: Option<TlsBlock<'a>>,
    /// The block that the endpoints are judged by.
    pub(super) endpoint_tls: Option<TlsBlock<'a>>,
    /// The level's own load balancer is PASSTHROUGH, which makes istiod look at the instances.
    pub(super) passthrough_asked: bool,
    /// The cluster connects to the address that the application chose.
    pub(super) passthrough: bool,
    /// HTTP/1.1 is upgraded to HTTP/2.
    pub(super) h2_upgrade: bool,
    /// What was taken for granted.
    pub(super) assumptions: Vec<Assumption>,
}

impl<'a> Selected<'a> {
    /// What `rule` says for `port` and `subset`.
    pub(super) fn of(rule: &EffectiveRule<'a>, port: u32, subset: Option<&str>) -> Self {
        let mut selected = Self::default();
        let top = Level::of_rule(rule, port, &mut selected.assumptions);
        let base = top.port.as_ref().unwrap_or(&top.own);
        selected.tls = base.tls;
        selected.endpoint_tls = top.port.as_ref().and_then(|port| port.tls).or(top.own.tls);
        selected.passthrough = base.passthrough;
        selected.h2_upgrade = base.h2_upgrade == Some(true);
        selected.passthrough_asked = top.own.passthrough;
        let Some((owner, subset)) = subset.and_then(|name| rule.subset(name)) else { return selected };
        selected.passthrough_asked = false;
        if let Some(policy) = subset.traffic_policy.value() {
            let level = Level::of(owner, policy, port, true, &mut selected.assumptions);
            match &level.port {
                Some(port) => selected.tls = port.tls,
                None => selected.tls = level.own.tls.or(selected.tls),
            }
            let judged = level.port.as_ref().and_then(|port| port.tls).or(level.own.tls);
            selected.endpoint_tls = judged.or(selected.endpoint_tls);
            selected.passthrough_asked = level.own.passthrough;
            let own = level.port.as_ref().unwrap_or(&level.own);
            selected.passthrough |= own.passthrough || level.own.passthrough;
            selected.h2_upgrade = own.h2_upgrade.unwrap_or(selected.h2_upgrade && level.port.is_none());
        }
        selected
    }
}

/// A traffic policy and its entry for the port.
struct Level<'a> {
    own: Policy<'a>,
    port: Option<Policy<'a>>,
}

/// What of a traffic policy matters.
#[derive(Default)]
struct Policy<'a> {
    tls: Option<TlsBlock<'a>>,
    passthrough: bool,
    h2_upgrade: Option<bool>,
}

impl<'a> Level<'a> {
    /// The level of the rule: what its author wrote, gaps filled by BackendTLSPolicies.
    fn of_rule(rule: &EffectiveRule<'a>, port: u32, assumptions: &mut Vec<Assumption>) -> Self {
        let mut level = match rule.policy {
            Some((owner, policy)) => Self::of(owner, policy, port, false, assumptions),
            None => Self { own: Policy::default(), port: None },
        };
        let backend = &rule.backend_tls;
        level.own.tls = level.own.tls.or(backend.service.map(|policy| TlsBlock::of_policy(policy, TlsLevel::Rule)));
        if let Some(policy) = backend.port(port) {
            let for_port = level.port.get_or_insert_default();
            for_port.tls = for_port.tls.or(Some(TlsBlock::of_policy(policy, TlsLevel::Port)));
        }
        level
    }

    fn of(
        owner: Ref<'a, DestinationRule>,
        policy: &'a TrafficPolicy,
        port: u32,
        is_subset: bool,
        assumptions: &mut Vec<Assumption>,
    ) -> Self {
        let (own_level, port_level) =
            if is_subset { (TlsLevel::Subset, TlsLevel::SubsetPort) } else { (TlsLevel::Rule, TlsLevel::Port) };
        let mut block = |tls: &'a Field<ClientTls>, level| {
            let unknown = tls.is_uncertain() || tls.value().is_some_and(|tls| tls.effective_mode().is_none());
            if unknown {
                assume(assumptions, Assumption::unknown(owner.entry, tls.span()));
            }
            tls.present().filter(|_| !unknown).map(|tls| TlsBlock::of(owner, tls, level))
        };
        let own = Policy {
            tls: block(&policy.tls, own_level),
            passthrough: is_passthrough(&policy.load_balancer),
            h2_upgrade: h2_upgrade(&policy.connection_pool),
        };
        let mut settings = policy.port_level_settings.items();
        let entry = settings.find(|entry: &&'a Spanned<PortTrafficPolicy>| {
            entry.port.value().and_then(|port| port.number.copied()) == Some(port)
        });
        let port = entry.map(|entry| Policy {
            tls: block(&entry.value.tls, port_level),
            passthrough: is_passthrough(&entry.load_balancer),
            h2_upgrade: h2_upgrade(&entry.connection_pool),
        });
        if !policy.port_level_settings.is_certain() {
            assume(assumptions, Assumption::unknown(owner.entry, policy.port_level_settings.span()));
        }
        Self { own, port }
    }
}

fn is_passthrough(load_balancer: &Field<crate::resource::istio::LoadBalancer>) -> bool {
    load_balancer.value().and_then(|settings| settings.simple.text()) == Some("PASSTHROUGH")
}

fn h2_upgrade(pool: &Field<crate::resource::istio::ConnectionPool>) -> Option<bool> {
    let http = pool.value()?.http.value();
    Some(http.and_then(|http| http.h2_upgrade_policy.text()) == Some("UPGRADE"))
}
