//! Auto mTLS: Istio mTLS to every endpoint that understands it, as the proxy decides endpoint by endpoint; or, where the
//! proxy does not choose the endpoints, all or nothing.

use super::client::ClientKind;
use super::endpoint::Endpoint;
use super::explain;
use super::inbound::Policies;
use super::outbound::{Connection, Decided, is_ztunnel};
use super::reason::{Assumption, Reason, assume};
use super::sends::{Origin, OutboundMode, Sends};
use crate::resource::istio::{MtlsMode, TlsMode};

impl<'a> Connection<'_, 'a> {
    pub(super) fn by_auto_mtls(&self, because: &mut Vec<Reason>, assumptions: &mut Vec<Assumption>) -> Decided<'a> {
        let policies = Policies::of_namespace(self.view, &self.service.namespace);
        policies.assumptions().for_each(|assumption| assume(assumptions, assumption.clone()));
        let general = policies.accepted(None);
        if general.mode == MtlsMode::Disable {
            because.extend(explain::auto_mtls_disabled(general, &self.service.namespace));
            return self.uniformly(Origin::AutoMtls, TlsMode::Disable);
        }
        because.push(Reason::of("auto mTLS: Istio mTLS to endpoints that understand it"));
        let looked_at = self.service.passthrough || self.selected.passthrough_asked;
        if looked_at && (self.endpoints_of_port().next().is_none() || !self.all_understand()) {
            because.push(Reason::of(
                "endpoints are not chosen by the proxy, and not all understand Istio mTLS: plaintext to all",
            ));
            return Decided {
                origin: Origin::AutoMtls,
                mode: OutboundMode::Disable,
                sends: Sends::Plaintext,
                endpoints: Vec::new(),
            };
        }
        let is_sidecar = self.client.kind == ClientKind::Sidecar;
        if (self.service.passthrough && is_sidecar) || self.selected.passthrough {
            because.push(Reason::of("endpoints are not chosen by the proxy: Istio mTLS to all"));
            return Decided {
                origin: Origin::AutoMtls,
                mode: OutboundMode::IstioMutual,
                sends: Sends::IstioMtls,
                endpoints: Vec::new(),
            };
        }
        self.by_endpoint(because, assumptions)
    }

    fn endpoints_of_port(&self) -> impl Iterator<Item = &Endpoint<'a>> {
        self.port.endpoints.iter()
    }

    fn all_understand(&self) -> bool {
        self.endpoints_of_port().all(|endpoint| endpoint.understands_mtls)
    }

    fn by_endpoint(&self, because: &mut Vec<Reason>, assumptions: &mut Vec<Assumption>) -> Decided<'a> {
        let judged = self.selected.endpoint_tls;
        because.extend(judged.map(|tls| explain::endpoint_block(&tls)));
        let mut endpoints = Vec::new();
        for endpoint in &self.endpoints {
            let sends = match judged {
                _ if is_ztunnel(endpoint) => Sends::Hbone,
                Some(tls) if tls.mode != TlsMode::IstioMutual => Sends::Plaintext,
                Some(_) if endpoint.understands_mtls => Sends::IstioMtls,
                None if endpoint.understands_mtls => self.by_policy(endpoint, because, assumptions),
                _ => {
                    because.push(explain::plain_endpoint(endpoint));
                    Sends::Plaintext
                }
            };
            endpoints.push(((*endpoint).clone(), sends));
        }
        let sends = Sends::all(endpoints.iter().map(|(_, sends)| *sends)).unwrap_or(Sends::NoEndpoints);
        let mode = match sends {
            Sends::Hbone => OutboundMode::Hbone,
            Sends::NoEndpoints => OutboundMode::IstioMutual,
            _ if endpoints.iter().any(|(_, sends)| *sends == Sends::IstioMtls) => OutboundMode::IstioMutual,
            _ => OutboundMode::Disable,
        };
        Decided { origin: Origin::AutoMtls, mode, sends, endpoints }
    }

    fn by_policy(
        &self,
        endpoint: &Endpoint<'a>,
        because: &mut Vec<Reason>,
        assumptions: &mut Vec<Assumption>,
    ) -> Sends {
        let policies = Policies::of(self.view, &endpoint.namespace, &endpoint.labels);
        policies.assumptions().for_each(|assumption| assume(assumptions, assumption.clone()));
        let accepted = policies.accepted(Some(endpoint.port));
        if accepted.mode != MtlsMode::Disable {
            return Sends::IstioMtls;
        }
        because.extend(explain::disabled_endpoint(endpoint, accepted));
        Sends::Plaintext
    }
}
