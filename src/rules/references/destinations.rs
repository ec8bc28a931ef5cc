//! The hosts that routes and rules lead to, and what provides them.

use smol_str::SmolStr;

use crate::index::{Entry, HostProvider, View};
use crate::resource::kubernetes::Service;
use crate::resource::{Body, IntOrString, Spanned, host};
use crate::rules::Severity;

/// The hosts of the destinations of a VirtualService, where an unknown one breaks requests, or the host of a
/// DestinationRule, which is then without effect.
pub(super) fn hosts(entry: &Entry) -> (Vec<&Spanned<SmolStr>>, Severity) {
    match &entry.resource.body {
        Body::VirtualService(service) => {
            let hosts = service.destinations().filter_map(|(_, destination)| destination.host.present());
            (hosts.collect(), Severity::Error)
        }
        Body::DestinationRule(rule) => (rule.host.present().into_iter().collect(), Severity::Warning),
        _ => (Vec::new(), Severity::Warning),
    }
}

/// Namespace and name of the Service that `name` means to be: `web.shop.svc.cluster.local`, or one of the shorter forms
/// with a namespace, which Istio does not complete.
pub(super) fn service_name(name: &str) -> Option<(&str, &str)> {
    host::service_of_fqdn(name).or_else(|| {
        let (service, namespace) = name.strip_suffix(".svc").unwrap_or(name).split_once('.')?;
        let whole = !namespace.is_empty() && !namespace.contains('.') && !host::is_wildcard(service);
        whole.then_some((namespace, service))
    })
}

/// The Services of `namespace`, if they are surely all there: some are, none has a name that is not known, and it is not a
/// namespace of the platform, which no workspace has in full.
pub(super) fn all_services_of<'a>(view: &View<'a>, namespace: &str) -> Option<Vec<&'a Entry>> {
    let is_partial = namespace == view.mesh().root_namespace.as_str() || namespace.starts_with("kube-");
    let services: Vec<_> = view.in_namespace::<Service>(namespace).map(|service| service.entry).collect();
    let is_known = !services.is_empty() && services.iter().all(|service| !service.name().is_empty());
    (is_known && !is_partial).then_some(services)
}

/// A port that a Service or ServiceEntry declares.
pub(super) struct DeclaredPort {
    /// Its number.
    pub(super) number: u32,
    /// The port behind it, where it is another one.
    pub(super) target: Option<u32>,
}

/// The providers of `name` and the ports that they declare; none while these are not all known.
pub(super) fn declared_ports<'a>(view: &View<'a>, name: &str) -> Option<(Vec<&'a Entry>, Vec<DeclaredPort>)> {
    let providers = view.providers(name);
    let mut ports = Vec::new();
    for provider in &providers {
        match provider {
            HostProvider::Service(service) => {
                if service.is_external_name() || !service.ports.is_certain() {
                    return None;
                }
                for port in service.ports.items() {
                    let target = match port.target_port.value() {
                        Some(IntOrString::Int(target)) => u32::try_from(*target).ok(),
                        _ => None,
                    };
                    ports.push(DeclaredPort { number: port.port.copied()?, target });
                }
            }
            HostProvider::ServiceEntry(entry, written) => {
                if written.as_str() != name || !entry.ports.is_certain() {
                    return None;
                }
                for port in entry.ports.items() {
                    ports.push(DeclaredPort { number: port.number.copied()?, target: port.target_port.copied() });
                }
            }
        }
    }
    let providers = providers.iter().map(HostProvider::entry).collect();
    (!ports.is_empty()).then_some((providers, ports))
}
