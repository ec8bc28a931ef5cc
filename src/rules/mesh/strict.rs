//! Workloads that accept Istio mTLS only.

use super::reach::{Reach, is_certain};
use crate::index::View;
use crate::resource::istio::MtlsMode;
use crate::rules::Finding;
use crate::tls::{Endpoint, Inbound, ProxyKind};

/// The first endpoint of the connection whose sidecar surely takes nothing but Istio mTLS, and what says so.
pub(super) fn strict_endpoint<'a>(reach: &Reach<'a>, view: &View<'a>) -> Option<(Endpoint<'a>, Inbound<'a>)> {
    let sidecars = reach.sent.endpoints.iter().filter(|(endpoint, _)| endpoint.proxy == ProxyKind::Sidecar);
    sidecars.map(|(endpoint, _)| endpoint).find_map(|endpoint| {
        let inbound = endpoint.inbound(view)?;
        let refuses = inbound.mode == MtlsMode::Strict && is_certain(&inbound.assumptions);
        refuses.then(|| (endpoint.clone(), inbound))
    })
}

/// Names the policy that demands STRICT, and the service.
pub(super) fn relate(finding: &mut Finding, reach: &Reach<'_>, inbound: &Inbound<'_>) {
    if let Some(policy) = inbound.peer_authentication {
        let span = inbound.mode_span.unwrap_or_else(|| policy.entry.resource.name_span());
        finding.related(policy.entry.id, span, "STRICT is demanded here");
    }
    let service = reach.service.source.entry();
    finding.related(service.id, service.resource.name_span(), "the service");
}
