//! BackendTLSPolicies: istiod turns those of one Service into a DestinationRule of the Service's namespace, so that they
//! hold for sidecars too. What a DestinationRule of the same host says goes before them.

use crate::index::{Ref, View};
use crate::resource::gateway_api::BackendTlsPolicy;
use crate::resource::host;
use crate::resource::kubernetes::Service;

/// What BackendTLSPolicies say for a Service.
#[derive(Debug, Clone, Default)]
pub struct BackendTls<'a> {
    /// For every port.
    pub service: Option<Ref<'a, BackendTlsPolicy>>,
    /// For single ports, by number.
    pub ports: Vec<(u32, Ref<'a, BackendTlsPolicy>)>,
}

impl<'a> BackendTls<'a> {
    /// The policy named in output: the first that takes part.
    #[must_use]
    pub fn first(&self) -> Option<Ref<'a, BackendTlsPolicy>> {
        self.service.or_else(|| self.ports.first().map(|(_, policy)| *policy))
    }

    /// The policy for just this port.
    #[must_use]
    pub fn port(&self, number: u32) -> Option<Ref<'a, BackendTlsPolicy>> {
        self.ports.iter().find(|(port, _)| *port == number).map(|(_, policy)| *policy)
    }

    pub(super) fn fill(&mut self, other: &Self) {
        self.service = self.service.or(other.service);
        self.ports.extend(&other.ports);
    }
}

/// What the BackendTLSPolicies of `namespace` say for the Service with the full name `name`; the oldest policy wins.
pub(super) fn for_host<'a>(view: &View<'a>, namespace: &str, name: &str) -> Option<BackendTls<'a>> {
    let (of, service) = host::service_of_fqdn(name)?;
    if of != namespace {
        return None;
    }
    let mut policies: Vec<_> = view.in_namespace::<BackendTlsPolicy>(namespace).collect();
    policies.sort_by(|left, right| left.entry.age().cmp(&right.entry.age()));
    let mut backend_tls = BackendTls::default();
    for policy in policies {
        for target in policy.spec.target_refs.items() {
            let is_service = target.kind.text() == Some("Service") && target.group.text().unwrap_or("").is_empty();
            if !is_service || target.name.text() != Some(service) {
                continue;
            }
            match target.section_name.text().filter(|section| !section.is_empty()) {
                None => backend_tls.service = backend_tls.service.or(Some(policy)),
                Some(section) => {
                    let number = port_named(view, namespace, service, section);
                    backend_tls.ports.extend(number.map(|number| (number, policy)));
                }
            }
        }
    }
    let exists = view.named::<Service>(namespace, service).is_some();
    (exists && backend_tls.first().is_some()).then_some(backend_tls)
}

fn port_named(view: &View<'_>, namespace: &str, service: &str, name: &str) -> Option<u32> {
    let service = view.named::<Service>(namespace, service)?;
    service.spec.ports.items().find(|port| port.name.text() == Some(name))?.port.copied()
}
