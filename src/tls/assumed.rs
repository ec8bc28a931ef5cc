//! Sidecars that no workload shows. Who keeps only Istio's configuration in a workspace has clients nevertheless: where a
//! workspace shows none that sends to a service, one is taken to be in the namespace that configures it.

use std::collections::BTreeSet;

use super::Labels;
use super::client::{Client, ClientKind, clients};
use super::proxy::may_be_injected;
use super::readers::Readers;
use super::reason::Assumption;
use super::scope;
use super::service::Service;
use crate::index::View;
use crate::resource::istio::{DestinationRule, ServiceEntry};

/// A sidecar in the namespace of `service`, if it may be there and would see the service.
pub(super) fn caller<'a>(view: &View<'a>, service: &Service<'a>) -> Option<Client<'a>> {
    let client = sidecar(view, &service.namespace, Labels::known([]))?;
    scope::visible(view, &client, service).is_some().then_some(client)
}

/// A sidecar in the namespace of a DestinationRule, or else of `service`, that reads the rule for it, if it may be there.
pub(super) fn reader<'a>(readers: &Readers<'_, 'a>, service: &Service<'a>) -> Option<Client<'a>> {
    let rule = readers.rule;
    let selected = rule.spec.workload_selector.value().into_iter().flat_map(|selector| selector.pairs());
    let selected = selected.map(|(key, value)| (key.clone(), value.value.clone()));
    let labels = Labels::known(selected);
    let namespaces = [&rule.entry.namespace, &service.namespace].into_iter();
    let mut assumed = namespaces.filter_map(|namespace| sidecar(readers.view, namespace, labels.clone()));
    assumed.find(|client| readers.is_read_by(client, service))
}

/// Where the scope shows no sidecar at all: one for each namespace that says how its clients call others.
#[must_use]
pub fn assumed_sidecars<'a>(view: &View<'a>) -> Vec<Client<'a>> {
    if clients(view).iter().any(|client| client.kind == ClientKind::Sidecar) {
        return Vec::new();
    }
    let rules = view.all::<DestinationRule>().map(|rule| &rule.entry.namespace);
    let entries = view.all::<ServiceEntry>().map(|entry| &entry.entry.namespace);
    let namespaces: BTreeSet<_> = rules.chain(entries).collect();
    namespaces.into_iter().filter_map(|namespace| sidecar(view, namespace, Labels::known([]))).collect()
}

/// None in the root namespace: what is configured there is for all others, and for gateways.
fn sidecar<'a>(view: &View<'a>, namespace: &str, labels: Labels) -> Option<Client<'a>> {
    let may_be_there = *namespace != view.mesh().root_namespace && may_be_injected(view, namespace);
    may_be_there.then(|| Client {
        namespace: namespace.into(),
        kind: ClientKind::Sidecar,
        sidecar: scope::sidecar(view, namespace, &labels),
        labels,
        members: Vec::new(),
        assumptions: vec![Assumption::Client(namespace.into())],
    })
}
