//! Which services provide a host.

use super::admission;
use super::gateway;
use super::service::{Service, Source, of_service, of_service_entry};
use crate::index::{HostProvider, View};
use crate::resource::gateway_api::KubernetesGateway;
use crate::resource::istio::ServiceEntry;
use crate::resource::{host, kubernetes};

/// The service that a proxy of `namespace` reaches under `host` (a full name, or a wildcard host as written), Sidecar
/// resources not considered: a Kubernetes Service before ServiceEntries, the older before the younger. A host that only a
/// wildcard ServiceEntry covers is not found here: proxies do not resolve it to a service of its own.
#[must_use]
pub fn service<'a>(view: &View<'a>, namespace: &str, host: &str) -> Option<Service<'a>> {
    merge(services(view, host).into_iter().filter(|service| service.exported_to(view, namespace) != Some(false)))
}

/// Every service that provides `host`, the one that wins first.
#[must_use]
pub fn services<'a>(view: &View<'a>, host: &str) -> Vec<Service<'a>> {
    let mut services: Vec<_> = view
        .providers(host)
        .into_iter()
        .filter_map(|provider| match provider {
            HostProvider::Service(service) => of_service(view, service),
            HostProvider::ServiceEntry(service_entry, written) => {
                let is_exact = written.as_str() == host && admission::accepts_service_entry(service_entry.spec);
                is_exact.then(|| of_service_entry(view, service_entry, written))
            }
        })
        .collect();
    if let Some((namespace, name)) = host::service_of_fqdn(host)
        && !services.iter().any(|service| matches!(service.source, Source::Service(_)))
    {
        services.extend(gateway::generated_service(view, namespace, name));
    }
    services.sort_by(|left, right| rank(left).cmp(&rank(right)));
    services
}

fn rank<'b>(service: &'b Service<'_>) -> (bool, (&'b str, &'b str, &'b str)) {
    (matches!(service.source, Source::ServiceEntry(_)), service.source.entry().age())
}

/// The first of `services`, with what the others of its kind add.
pub(super) fn merge<'a>(services: impl IntoIterator<Item = Service<'a>>) -> Option<Service<'a>> {
    let mut services = services.into_iter();
    let mut first = services.next()?;
    services.for_each(|other| first.merge(other));
    Some(first)
}

/// The services that a DestinationRule for `host` is for: those of a full name, or all that a wildcard covers, by host.
#[must_use]
pub fn services_under<'a>(view: &View<'a>, host: &str) -> Vec<Service<'a>> {
    if !host::is_wildcard(host) {
        return services(view, host);
    }
    let namespace = host.strip_prefix("*.").and_then(host::namespace_of_services);
    let kubernetes_services: Vec<_> = match namespace {
        Some(namespace) => view.in_namespace::<kubernetes::Service>(namespace).collect(),
        None => view.all::<kubernetes::Service>().collect(),
    };
    let mut services: Vec<_> = kubernetes_services
        .into_iter()
        .filter(|service| host::covers(host, &service.entry.service_host()))
        .filter_map(|service| of_service(view, service))
        .collect();
    let generated = view.all::<KubernetesGateway>().filter_map(|gateway| gateway::service_of(view, gateway));
    services.extend(generated.filter(|service| host::covers(host, &service.host)));
    for entry in view.all::<ServiceEntry>().filter(|entry| admission::accepts_service_entry(entry.spec)) {
        let covered = entry.spec.hosts.items().filter(|written| host::covers(host, written));
        services.extend(covered.map(|written| of_service_entry(view, entry, written)));
    }
    services.sort_by(|left, right| left.host.cmp(&right.host).then_with(|| rank(left).cmp(&rank(right))));
    services
}

/// Every service of the scope by host; of several for one host the one that wins first.
#[must_use]
pub fn all_services<'a>(view: &View<'a>) -> Vec<Service<'a>> {
    services_under(view, "*")
}
