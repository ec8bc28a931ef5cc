//! The workloads that a policy of authorization holds for, and their ports.

use crate::index::{Entry, Ref, View};
use crate::resource::istio::AuthorizationPolicy;
use crate::resource::{IntOrString, Protocol};
use crate::tls::{self, ProxyKind};

/// The workloads with a sidecar that `policy` surely holds for. A policy attached by `targetRef` holds for gateways and
/// waypoints, which are not among them.
pub(super) fn sidecars<'a>(view: &View<'a>, policy: Ref<'_, AuthorizationPolicy>) -> Vec<&'a Entry> {
    let spec = policy.spec;
    if !spec.target_ref.is_absent() || !spec.target_refs.is_absent() || spec.selector.is_uncertain() {
        return Vec::new();
    }
    let selector = spec.selector.value();
    let pairs: Vec<(&str, &str)> = selector
        .into_iter()
        .flat_map(|selector| selector.pairs())
        .map(|(key, value)| (key.as_str(), value.value.as_str()))
        .collect();
    if selector.is_some_and(|selector| !selector.is_certain()) {
        return Vec::new();
    }
    let workloads = match view.mesh().is_root(&policy.entry.namespace) {
        true => view.workloads_anywhere(&pairs),
        false => view.workloads(&policy.entry.namespace, &pairs),
    };
    let has_sidecar = |workload: &&Entry| {
        let proxy = tls::proxy(view, workload);
        proxy.kind == ProxyKind::Sidecar && proxy.is_certain()
    };
    workloads.into_iter().map(|workload| &**workload).filter(has_sidecar).collect()
}

/// A port of the pods that a Service leads to.
pub(super) struct PodPort<'a> {
    pub(super) number: u32,
    pub(super) protocol: Protocol,
    pub(super) service: &'a Entry,
    pub(super) span: crate::text::Span,
}

/// The ports of the pods of `workload` that Services lead to and whose number and protocol are known.
pub(super) fn ports<'a>(view: &View<'a>, workload: &Entry) -> Vec<PodPort<'a>> {
    let mut ports = Vec::new();
    for service in view.services_of(workload) {
        for port in service.spec.ports.items() {
            let number = match port.target_port.value() {
                Some(IntOrString::Int(number)) => u32::try_from(*number).ok(),
                Some(IntOrString::String(name)) => named(workload, name),
                None => port.port.copied(),
            };
            if let (Some(number), Some(protocol)) = (number, Protocol::of_service_port(port)) {
                ports.push(PodPort { number, protocol, service: service.entry, span: port.span });
            }
        }
    }
    ports
}

fn named(workload: &Entry, name: &str) -> Option<u32> {
    let pods = workload.workload()?;
    let mut ports = pods.containers().flat_map(|container| container.ports.items());
    ports.find(|port| port.name.text() == Some(name))?.container_port.copied()
}
