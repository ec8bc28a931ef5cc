//! The servers that share a workload with those of a Gateway.

use std::collections::HashMap;

use crate::index::{Entry, Key, Ref, View};
use crate::resource::Spanned;
use crate::resource::istio::{Gateway, Server as WrittenServer};
use crate::resource::kubernetes::Service;
use crate::tls::Labels;
use crate::tls::gateway::{GatewaySource, GatewayWorkload, Server, listen_port, servers, workloads_of};

/// The servers of each workload that serves `gateway`, those of other Gateways among them, where one of `gateway` and
/// another one on the same port are a pair that `matters`. Empty where a Gateway is there twice: which of them counts is
/// not known.
pub(super) fn of_each_workload<'a>(
    gateway: Ref<'a, Gateway>,
    view: &View<'a>,
    matters: impl Fn(&WrittenServer, &WrittenServer) -> bool,
) -> Vec<Vec<Server<'a>>> {
    let of_workload = |workload| {
        let mut servers = servers(view, &workload);
        servers.retain(|server| istio(server).is_some());
        servers
    };
    let known = workloads(gateway, view)
        .into_iter()
        .filter(|workload| workload.entry.is_none_or(|entry| services_in_front(entry, view).is_some()));
    let with_pair = known.filter(|workload| has_pair(gateway, workload, view, &matters));
    let mut all: Vec<_> = with_pair.map(of_workload).collect();
    all.retain(|servers| !has_twins(servers));
    all
}

/// The workloads that serve `gateway`; where none is in the workspace, also those that Gateways with more labels in their
/// selector ask for.
fn workloads<'a>(gateway: Ref<'a, Gateway>, view: &View<'a>) -> Vec<GatewayWorkload<'a>> {
    let mut workloads = workloads_of(view, gateway);
    let is_assumed = |workload: &GatewayWorkload<'_>| workload.name.is_none();
    let Some(own) = workloads.first().filter(|workload| is_assumed(workload)).map(|own| own.labels.clone()) else {
        return workloads;
    };
    let Some((key, value)) = own.pairs().next().cloned() else { return workloads };
    for other in view.typed::<Gateway>(&Key::GatewaySelector(key, value)) {
        if other.spec.selector.pairs().count() <= own.pairs().count() {
            continue;
        }
        let labels = Labels::of(&other.spec.selector);
        let is_known = workloads.iter().any(|workload| workload.labels.same_pairs(&labels));
        if !is_known && own.pairs().all(|(key, value)| labels.value(key) == Some(value)) {
            workloads.extend(workloads_of(view, other).into_iter().filter(is_assumed));
        }
    }
    workloads
}

/// A look at the text alone, since to work out the servers of a workload takes much longer.
fn has_pair<'a>(
    gateway: Ref<'a, Gateway>,
    workload: &GatewayWorkload<'a>,
    view: &View<'a>,
    matters: &impl Fn(&WrittenServer, &WrittenServer) -> bool,
) -> bool {
    let mut ports: HashMap<u32, u32> = HashMap::new();
    let mut port = |server: &WrittenServer| {
        let number = server.port.value().and_then(|port| port.number.copied()).unwrap_or(0);
        *ports.entry(number).or_insert_with(|| listen_port(view, workload, number))
    };
    let keys = workload.labels.pairs().map(|(key, value)| Key::GatewaySelector(key.clone(), value.clone()));
    let others: Vec<_> = keys.chain([Key::GatewaysForAll]).flat_map(|key| view.typed::<Gateway>(&key)).collect();
    gateway.spec.servers.items().any(|own| {
        let listens = port(own);
        others.iter().any(|other| {
            other.spec.servers.items().any(|server| {
                let is_another = other.entry.id != gateway.entry.id || server.span != own.span;
                is_another && port(server) == listens && matters(own, server)
            })
        })
    })
}

/// The Services in front of a gateway workload, which decide where its servers listen; none where one of them is there
/// twice.
pub(super) fn services_in_front<'a>(workload: &Entry, view: &View<'a>) -> Option<Vec<Ref<'a, Service>>> {
    let services = view.services_of(workload);
    let mut names: Vec<_> = services.iter().map(|service| service.entry.name()).collect();
    names.sort_unstable();
    names.windows(2).all(|pair| pair.first() != pair.last()).then_some(services)
}

/// The Gateway and the text of a server.
pub(super) fn istio<'a>(server: &Server<'a>) -> Option<(Ref<'a, Gateway>, &'a Spanned<WrittenServer>)> {
    let GatewaySource::Istio(gateway) = server.source else { return None };
    Some((gateway, gateway.spec.servers.items().find(|written| written.span == server.span)?))
}

/// `server` is one of `gateway`.
pub(super) fn is_of(server: &Server<'_>, gateway: Ref<'_, Gateway>) -> bool {
    server.source.entry().id == gateway.entry.id
}

fn has_twins(servers: &[Server<'_>]) -> bool {
    servers.iter().any(|server| {
        let entry = server.source.entry();
        servers
            .iter()
            .map(|other| other.source.entry())
            .any(|other| other.id != entry.id && other.namespace == entry.namespace && other.name() == entry.name())
    })
}
