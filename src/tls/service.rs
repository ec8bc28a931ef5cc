//! A service as a client's proxy knows it: host, ports with their protocols, endpoints with their abilities.
//!
//! Built from a Service, from a host of a ServiceEntry, or from the Service that istiod generates for a Gateway of the
//! Gateway API.

use smol_str::SmolStr;

use super::endpoint::{self, Endpoint};
use super::reason::{Assumption, assume};
use crate::index::{Entry, Exported, Key, Ref, View};
use crate::resource::gateway_api::KubernetesGateway;
use crate::resource::istio::{Location, Resolution, ServiceEntry};
use crate::resource::{IntOrString, Protocol, Typed, host, kubernetes};
use crate::text::Span;

/// What a service is made from.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A Kubernetes Service.
    Service(Ref<'a, kubernetes::Service>),
    /// A ServiceEntry.
    ServiceEntry(Ref<'a, ServiceEntry>),
    /// Generated for a Gateway of the Gateway API.
    Gateway(Ref<'a, KubernetesGateway>),
}

impl<'a> Source<'a> {
    /// The resource.
    #[must_use]
    pub fn entry(self) -> &'a Entry {
        match self {
            Self::Service(service) => service.entry,
            Self::ServiceEntry(service_entry) => service_entry.entry,
            Self::Gateway(gateway) => gateway.entry,
        }
    }
}

/// A service of the mesh.
#[derive(Debug, Clone)]
pub struct Service<'a> {
    /// The full host name, or the wildcard host of a ServiceEntry.
    pub host: SmolStr,
    /// What it is made from.
    pub source: Source<'a>,
    /// The namespace that it belongs to.
    pub namespace: SmolStr,
    /// It lies outside the mesh (`location: MESH_EXTERNAL`).
    pub external: bool,
    /// Proxies connect to the address that the application chose: headless, or `resolution: NONE`.
    pub passthrough: bool,
    /// How a ServiceEntry's endpoints are found.
    pub resolution: Option<Resolution>,
    /// The ports that the mesh carries, in the order of the text.
    pub ports: Vec<Port<'a>>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

/// A port of a service.
#[derive(Debug, Clone)]
pub struct Port<'a> {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: SmolStr,
    /// What it speaks as far as Istio is told; AUTO while that is not known.
    pub protocol: Protocol,
    /// Where it is written.
    pub span: Option<Span>,
    /// What stands behind it.
    pub endpoints: Vec<Endpoint<'a>>,
}

impl<'a> Service<'a> {
    /// The port with this number.
    #[must_use]
    pub fn port(&self, number: u32) -> Option<&Port<'a>> {
        self.ports.iter().find(|port| port.number == number)
    }

    /// A wildcard host whose names are resolved when they are called; its clusters have no subsets.
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        host::is_wildcard(&self.host) && self.resolution == Some(Resolution::DynamicDns)
    }

    /// Proxies of `namespace` may see it; none while `exportTo` is not known.
    #[must_use]
    pub fn exported_to(&self, view: &View<'_>, namespace: &str) -> Option<bool> {
        match self.source {
            Source::Gateway(_) => Some(true),
            source => Exported::of(source.entry(), view.mesh()).to(namespace),
        }
    }

    /// Adds the ports of `other`, which provides the same host from the same namespace, as istiod merges ServiceEntries.
    pub(super) fn merge(&mut self, other: Service<'a>) {
        let mergeable = matches!((self.source, other.source), (Source::ServiceEntry(_), Source::ServiceEntry(_)))
            && self.namespace == other.namespace
            && self.resolution == other.resolution;
        if mergeable {
            let new: Vec<_> = other.ports.into_iter().filter(|port| self.port(port.number).is_none()).collect();
            self.ports.extend(new);
        }
    }
}

/// The service that a Kubernetes Service makes; an ExternalName makes none, it is only another name.
#[must_use]
pub fn of_service<'a>(view: &View<'a>, service: Ref<'a, kubernetes::Service>) -> Option<Service<'a>> {
    if service.spec.is_external_name() {
        return None;
    }
    let mut assumptions = Vec::new();
    let selected = endpoint::Selected::by_service(view, service, &mut assumptions);
    let mut ports = Vec::new();
    for port in service.spec.ports.items() {
        let Some(number) = port.port.copied() else { continue };
        let protocol = kubernetes_protocol(service, port, &mut assumptions);
        if protocol == Protocol::Udp {
            continue;
        }
        let name = port.name.value().cloned().unwrap_or_default();
        let endpoints = selected.for_service_port(port, number, &name);
        ports.push(Port { number, name, protocol, span: Some(port.span), endpoints });
    }
    let host = SmolStr::from(service.entry.service_host());
    if !selected.is_known() {
        assume(&mut assumptions, Assumption::Endpoints(host.clone()));
    }
    Some(Service {
        host,
        source: Source::Service(service),
        namespace: service.entry.namespace.clone(),
        external: false,
        passthrough: service.spec.is_headless(),
        resolution: None,
        ports,
        assumptions,
    })
}

fn kubernetes_protocol(
    service: Ref<'_, kubernetes::Service>,
    port: &kubernetes::ServicePort,
    assumptions: &mut Vec<Assumption>,
) -> Protocol {
    Protocol::of_service_port(port).unwrap_or_else(|| {
        assume(assumptions, Assumption::unknown(service.entry, port.app_protocol.span().or(port.name.span())));
        Protocol::Auto
    })
}

/// The service that a host of a ServiceEntry makes.
#[must_use]
pub fn of_service_entry<'a>(view: &View<'a>, service_entry: Ref<'a, ServiceEntry>, host: &str) -> Service<'a> {
    let spec = service_entry.spec;
    let mut assumptions = Vec::new();
    for (known, span) in [
        (spec.effective_location().is_some(), spec.location.span()),
        (spec.effective_resolution().is_some(), spec.resolution.span()),
        (spec.endpoints.is_certain(), spec.endpoints.span()),
    ] {
        if !known {
            assume(&mut assumptions, Assumption::unknown(service_entry.entry, span));
        }
    }
    let resolution = spec.effective_resolution().unwrap_or(Resolution::None);
    let selected = endpoint::Selected::by_service_entry(view, service_entry, host, resolution, &mut assumptions);
    let ports = spec.ports.items().filter_map(|port| {
        let number = port.number.copied()?;
        let protocol = Protocol::parse(port.protocol.text().unwrap_or(""));
        let name = port.name.value().cloned().unwrap_or_default();
        let endpoints = selected.for_service_entry_port(port, number, &name);
        (protocol != Protocol::Udp).then_some(Port { number, name, protocol, span: Some(port.span), endpoints })
    });
    Service {
        host: host.into(),
        source: Source::ServiceEntry(service_entry),
        namespace: service_entry.entry.namespace.clone(),
        external: spec.effective_location() != Some(Location::MeshInternal),
        passthrough: resolution == Resolution::None,
        resolution: Some(resolution),
        ports: ports.collect(),
        assumptions,
    }
}

/// The container ports that Services and ServiceEntries lead to on `workload`, as far as they are written as numbers; what
/// is named is among the ports for which nobody says anything else.
#[must_use]
pub fn target_ports(view: &View<'_>, workload: &Entry) -> Vec<u32> {
    let mut ports = Vec::new();
    let Some(pods) = workload.workload() else { return ports };
    for service in view.services_of(workload) {
        for port in service.spec.ports.items() {
            let named = matches!(port.target_port.value(), Some(IntOrString::String(_)));
            if Protocol::of_service_port(port) != Some(Protocol::Udp) && !named {
                ports.extend(port.port.copied().map(|number| plain_target(port.target_port.value(), number)));
            }
        }
    }
    for service_entry in view.typed::<ServiceEntry>(&Key::Namespace(ServiceEntry::KIND, workload.namespace.clone())) {
        let Some(selector) = service_entry.spec.workload_selector.value() else { continue };
        if selector.pairs().next().is_none() || !pods.matches(selector.pairs()) {
            continue;
        }
        for port in service_entry.spec.ports.items() {
            if Protocol::parse(port.protocol.text().unwrap_or("")) != Protocol::Udp {
                ports.extend(port.target_port.copied().or(port.number.copied()));
            }
        }
    }
    ports.sort_unstable();
    ports.dedup();
    ports
}

/// The number that a Service's `targetPort` leads to when no pod decides.
pub(super) fn plain_target(target: Option<&IntOrString>, port: u32) -> u32 {
    match target {
        Some(IntOrString::Int(number)) => u32::try_from(*number).unwrap_or(port),
        _ => port,
    }
}
