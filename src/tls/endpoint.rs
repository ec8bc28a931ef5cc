//! What stands behind the port of a service: pods, WorkloadEntries, addresses, and whether each understands Istio mTLS.

use smol_str::{SmolStr, format_smolstr};

use super::proxy::{ProxyKind, TLS_MODE, pod_labels, understands_mtls};
use super::reason::{Assumption, assume};
use super::service::plain_target;
use super::{Inbound, Labels, inbound, proxy};
use crate::index::{Entry, Ref, View};
use crate::resource::istio::{Resolution, ServiceEntry, ServiceEntryPort, WorkloadEntry};
use crate::resource::kubernetes::{EndpointSlice, Service, ServicePort};
use crate::resource::{IntOrString, Workload};

/// One endpoint of a port.
#[derive(Debug, Clone)]
pub struct Endpoint<'a> {
    /// `namespace/workload`, or an address.
    pub name: SmolStr,
    /// The workload, or the WorkloadEntry; none for a bare address.
    pub entry: Option<&'a Entry>,
    /// The namespace whose policies hold for it.
    pub namespace: SmolStr,
    /// Its labels.
    pub labels: Labels,
    /// Its proxy.
    pub proxy: ProxyKind,
    /// Clients take it for one that understands Istio mTLS.
    pub understands_mtls: bool,
    /// The port of the pod or address.
    pub port: u32,
}

impl<'a> Endpoint<'a> {
    /// What is accepted there; none where no proxy of the workspace's guards it.
    #[must_use]
    pub fn inbound(&self, view: &View<'a>) -> Option<Inbound<'a>> {
        let guarded = matches!(self.proxy, ProxyKind::Sidecar | ProxyKind::Ztunnel);
        Some(inbound(view, self.entry.filter(|_| guarded)?, Some(self.port)))
    }
}

/// The endpoints of a service before a port is chosen.
pub(super) struct Selected<'a> {
    pods: Vec<(Endpoint<'a>, Workload<'a>)>,
    entries: Vec<(Endpoint<'a>, Option<&'a WorkloadEntry>)>,
    slices: Vec<Ref<'a, EndpointSlice>>,
    known: bool,
}

impl<'a> Selected<'a> {
    pub(super) fn by_service(view: &View<'a>, service: Ref<'a, Service>, assumptions: &mut Vec<Assumption>) -> Self {
        let mut selected = Self::none();
        let selector = &service.spec.selector;
        if !selector.is_certain() {
            assume(assumptions, Assumption::unknown(service.entry, selector.span()));
            selected.known = false;
            return selected;
        }
        let pairs: Vec<_> = selector.pairs().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
        if pairs.is_empty() {
            let name = service.entry.name();
            let of_service = |slice: &Ref<'a, EndpointSlice>| {
                let label = slice.entry.resource.metadata.labels.under("kubernetes.io/service-name");
                label.is_some_and(|label| label.as_str() == name)
            };
            selected.slices = view.in_namespace(&service.entry.namespace).filter(of_service).collect();
            selected.known = !selected.slices.is_empty();
            return selected;
        }
        selected.select(view, &service.entry.namespace, &pairs, assumptions);
        selected.known = !selected.pods.is_empty() || !selected.entries.is_empty();
        selected
    }

    pub(super) fn by_service_entry(
        view: &View<'a>,
        service_entry: Ref<'a, ServiceEntry>,
        host: &str,
        resolution: Resolution,
        assumptions: &mut Vec<Assumption>,
    ) -> Self {
        let mut selected = Self::none();
        let namespace = &service_entry.entry.namespace;
        if resolution == Resolution::None {
            return selected;
        }
        if let Some(selector) = service_entry.spec.workload_selector.value() {
            let pairs: Vec<_> = selector.pairs().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
            if !pairs.is_empty() {
                selected.select(view, namespace, &pairs, assumptions);
            }
            return selected;
        }
        for written in service_entry.spec.endpoints.items() {
            let name = written.address.value().cloned().unwrap_or_default();
            let endpoint = address(name, namespace, Labels::of(&written.labels));
            selected.entries.push((endpoint, Some(&written.value)));
        }
        if selected.entries.is_empty() && resolution != Resolution::Static {
            selected.entries.push((address(host.into(), namespace, Labels::known([])), None));
        }
        selected
    }

    fn none() -> Self {
        Self { pods: Vec::new(), entries: Vec::new(), slices: Vec::new(), known: true }
    }

    fn select(&mut self, view: &View<'a>, namespace: &str, pairs: &[(&str, &str)], assumptions: &mut Vec<Assumption>) {
        for workload in view.workloads(namespace, pairs) {
            let Some(pods) = workload.workload().filter(|pods| pods.replicas != Some(0)) else { continue };
            self.pods.push((of_workload(view, workload, assumptions), pods));
        }
        for entry in view.workload_entries(namespace, pairs) {
            let name = entry.spec.address.value().cloned().unwrap_or_default();
            let mut endpoint = address(name, namespace, Labels::of(&entry.spec.labels));
            endpoint.entry = Some(entry.entry);
            self.entries.push((endpoint, Some(entry.spec)));
        }
    }

    /// The workspace says what stands behind the service.
    pub(super) fn is_known(&self) -> bool {
        self.known
    }

    pub(super) fn for_service_port(&self, port: &ServicePort, number: u32, name: &str) -> Vec<Endpoint<'a>> {
        let target = port.target_port.value();
        let pods = self.pods.iter().filter_map(|(endpoint, pods)| {
            Some(Endpoint { port: pod_port(*pods, target, number)?, ..endpoint.clone() })
        });
        let entries = self.entries.iter().map(|(endpoint, written)| {
            let port = named_port(*written, name).unwrap_or_else(|| plain_target(target, number));
            Endpoint { port, ..endpoint.clone() }
        });
        pods.chain(entries).chain(self.slices.iter().flat_map(|slice| sliced(*slice, name))).collect()
    }

    pub(super) fn for_service_entry_port(&self, port: &ServiceEntryPort, number: u32, name: &str) -> Vec<Endpoint<'a>> {
        let target = port.target_port.copied().unwrap_or(number);
        let pods = self.pods.iter().map(|(endpoint, _)| Endpoint { port: target, ..endpoint.clone() });
        let entries = self.entries.iter().map(|(endpoint, written)| Endpoint {
            port: named_port(*written, name).unwrap_or(target),
            ..endpoint.clone()
        });
        pods.chain(entries).collect()
    }
}

fn named_port(written: Option<&WorkloadEntry>, name: &str) -> Option<u32> {
    written?.ports.under(name).map(|port| port.value)
}

/// The port of the pods that a Service's `targetPort` means; none where they lack the named port.
pub(super) fn pod_port(pods: Workload<'_>, target: Option<&IntOrString>, number: u32) -> Option<u32> {
    let Some(IntOrString::String(name)) = target else { return Some(plain_target(target, number)) };
    pods.containers()
        .flat_map(|container| container.ports.items())
        .find(|port| port.name.text() == Some(name))
        .and_then(|port| port.container_port.copied())
}

/// A workload as an endpoint, its port not yet chosen.
fn of_workload<'a>(view: &View<'a>, workload: &'a Entry, assumptions: &mut Vec<Assumption>) -> Endpoint<'a> {
    let proxy = proxy(view, workload);
    let labels = pod_labels(workload);
    proxy.assumptions.into_iter().for_each(|assumption| assume(assumptions, assumption));
    Endpoint {
        name: workload.qualified_name().into(),
        entry: Some(workload),
        namespace: workload.namespace.clone(),
        understands_mtls: understands_mtls(proxy.kind, &labels),
        labels,
        proxy: proxy.kind,
        port: 0,
    }
}

fn address<'a>(name: SmolStr, namespace: &str, labels: Labels) -> Endpoint<'a> {
    Endpoint {
        name,
        entry: None,
        namespace: namespace.into(),
        understands_mtls: labels.value(TLS_MODE) == Some("istio"),
        labels,
        proxy: ProxyKind::None,
        port: 0,
    }
}

fn sliced<'a>(slice: Ref<'a, EndpointSlice>, port_name: &str) -> Vec<Endpoint<'a>> {
    let same_name = |name: &str| name == port_name;
    let Some(port) = slice.spec.ports.items().find(|port| same_name(port.name.text().unwrap_or(""))) else {
        return Vec::new();
    };
    let Some(number) = port.port.copied() else { return Vec::new() };
    let addresses = slice.spec.endpoints.items().flat_map(|endpoint| endpoint.addresses.items());
    addresses
        .map(|written| Endpoint {
            port: number,
            ..address(written.value.clone(), &slice.entry.namespace, Labels::known([]))
        })
        .collect()
}

/// The pods that istiod runs for a Gateway of the Gateway API.
pub(super) fn generated<'a>(
    gateway: &'a Entry,
    name: &str,
    proxy: ProxyKind,
    labels: Labels,
    port: u32,
) -> Endpoint<'a> {
    Endpoint {
        name: format_smolstr!("{}/{name}", gateway.namespace),
        entry: None,
        namespace: gateway.namespace.clone(),
        labels,
        proxy,
        understands_mtls: false,
        port,
    }
}
