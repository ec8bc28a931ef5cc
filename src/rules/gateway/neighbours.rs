//! The servers that share a workload with those of a Gateway.

use crate::index::{Entry, Ref, View};
use crate::resource::Spanned;
use crate::resource::istio::{Gateway, Server as WrittenServer};
use crate::resource::kubernetes::Service;
use crate::tls::gateway::{GatewaySource, Server, servers, workloads_of};

/// The servers of each workload that serves `gateway`, those of other Gateways among them. Empty where a Gateway is there
/// twice: which of them counts is not known.
pub(super) fn of_each_workload<'a>(gateway: Ref<'a, Gateway>, view: &View<'a>) -> Vec<Vec<Server<'a>>> {
    let of_workload = |workload| {
        let mut servers = servers(view, &workload);
        servers.retain(|server| istio(server).is_some());
        servers
    };
    let workloads = workloads_of(view, gateway).into_iter();
    let known =
        workloads.filter(|workload| workload.entry.is_none_or(|entry| services_in_front(entry, view).is_some()));
    let mut all: Vec<_> = known.map(of_workload).collect();
    all.retain(|servers| !has_twins(servers));
    all
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
