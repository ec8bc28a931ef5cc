//! Gateways: which workloads serve which servers, what arrives, and where it goes.
//!
//! A server is one entry of an Istio Gateway or one listener of a Gateway API Gateway. [`servers`] answers all servers of a
//! gateway workload at once, since they share ports and may push each other out.

mod attach;
mod binding;
mod generated;
mod http;
mod listener;
mod merge;
mod route;
mod server;
mod upstream;
mod words;
mod workload;

pub(super) use generated::generated_service;
pub use generated::{generated, generated_labels, service_of};
pub use route::{Route, RouteSource, Upstream};
pub use server::{Server, claims, listen_port};
pub use words::{ClientCert, GatewaySource, ServerTls, Status};
pub use workload::{GatewayWorkload, workloads, workloads_of};

use crate::index::{Entry, View};

/// Every server that `workload` is told to serve, in the order of Gateways by age and of servers in the text; those that
/// are dropped too.
#[must_use]
pub fn servers<'a>(view: &View<'a>, workload: &GatewayWorkload<'a>) -> Vec<Server<'a>> {
    let mut servers = server::of_gateways(view, workload);
    servers.extend(listener::of_gateway(view, workload));
    merge::merge(&mut servers);
    binding::bind(view, workload, &mut servers);
    servers
}

/// The servers of the Gateway `gateway` alone, as [`servers`] answers them: of the other servers only those are worked out
/// that can answer to the same server name, since hundreds of Gateways may share a workload.
#[must_use]
pub fn servers_of<'a>(view: &View<'a>, workload: &GatewayWorkload<'a>, gateway: &Entry) -> Vec<Server<'a>> {
    let mut servers = server::of_gateways(view, workload);
    servers.extend(listener::of_gateway(view, workload));
    merge::merge(&mut servers);
    let is_own = |server: &Server<'a>| server.source.entry().id == gateway.id;
    let own: Vec<_> = servers.iter().filter(|server| is_own(server)).cloned().collect();
    servers.retain(|server| is_own(server) || own.iter().any(|own| may_share_name(own, server)));
    binding::bind(view, workload, &mut servers);
    servers.retain(is_own);
    servers
}

/// One port, and one name on both sides; which names a passthrough server takes is only known from its routes.
fn may_share_name(own: &Server<'_>, other: &Server<'_>) -> bool {
    let names = own.server_names();
    let passes = own.tls.is_passthrough() || other.tls.is_passthrough();
    own.listen_port == other.listen_port && (passes || other.server_names().iter().any(|name| names.contains(name)))
}
