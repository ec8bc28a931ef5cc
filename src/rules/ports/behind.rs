//! What stands behind the port of a Service.

use crate::index::{Entry, Ref, View};
use crate::resource::IntOrString;
use crate::resource::kubernetes::{ContainerPort, Service, ServicePort};
use crate::tls::{self, ProxyKind};

/// The workloads that a Service selects.
pub(super) fn workloads<'a>(view: &View<'a>, service: Ref<'a, Service>) -> Vec<&'a Entry> {
    let pairs: Vec<_> = service.selector.pairs().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
    if pairs.is_empty() || !service.selector.is_certain() {
        return Vec::new();
    }
    view.workloads(&service.entry.namespace, &pairs).into_iter().map(|workload| &**workload).collect()
}

/// A workload that the Service selects and that surely has a sidecar.
pub(super) fn with_sidecar<'a>(view: &View<'a>, service: Ref<'a, Service>) -> Option<&'a Entry> {
    workloads(view, service).into_iter().find(|workload| {
        let proxy = tls::proxy(view, workload);
        proxy.kind == ProxyKind::Sidecar && proxy.is_certain()
    })
}

/// A workload that the Service selects is a gateway or a waypoint: it speaks for others.
pub(super) fn is_of_gateway(view: &View<'_>, service: Ref<'_, Service>) -> bool {
    let is_gateway =
        |workload: &&Entry| matches!(tls::proxy(view, workload).kind, ProxyKind::Gateway | ProxyKind::Waypoint);
    workloads(view, service).iter().any(is_gateway)
}

/// The port of a container that `port` leads to on `workload`.
pub(super) fn container_port<'a>(port: &ServicePort, workload: &'a Entry) -> Option<&'a ContainerPort> {
    let pods = workload.workload()?;
    let mut declared = pods.containers().flat_map(|container| container.ports.items());
    let leads_to = |declared: &ContainerPort| match port.target_port.value() {
        Some(IntOrString::String(name)) => declared.name.text() == Some(name),
        Some(IntOrString::Int(number)) => declared.container_port.copied().map(i64::from) == Some(*number),
        None => declared.container_port.copied() == port.port.copied(),
    };
    declared.find(|declared| leads_to(declared)).map(|declared| &declared.value)
}

/// The numbers by which the port is reached and to which it leads, and the name in `targetPort`.
pub(super) fn numbers(port: &ServicePort) -> [Option<u32>; 2] {
    let target = match port.target_port.value() {
        Some(IntOrString::Int(number)) => u32::try_from(*number).ok(),
        _ => None,
    };
    [port.port.copied(), target]
}

/// The name in `targetPort`.
pub(super) fn target_name(port: &ServicePort) -> Option<&str> {
    match port.target_port.value() {
        Some(IntOrString::String(name)) => Some(name),
        _ => None,
    }
}
