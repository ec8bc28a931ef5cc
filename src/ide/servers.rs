//! The servers of a gateway in words: what each does with TLS, and where its routes lead.

use std::fmt::Write as _;

use crate::index::{Entry, View};
use crate::tls::gateway::{self, GatewayWorkload, Server};

/// At most so many servers and routes are listed.
const MAX_LISTED: usize = 8;

/// The `wanted` servers of the Gateway `entry` on `workloads`.
pub(super) fn servers(
    view: &View<'_>,
    workloads: Vec<GatewayWorkload<'_>>,
    entry: &Entry,
    wanted: impl Fn(usize) -> bool,
) -> Option<String> {
    let mut text = String::new();
    for workload in workloads {
        let own = gateway::servers_of(view, &workload, entry);
        let own = own.iter().filter(|server| wanted(server.index));
        for server in own.take(MAX_LISTED) {
            let workload = workload.name.as_deref().unwrap_or("an assumed gateway workload");
            describe_server(server, workload, &mut text);
        }
    }
    if text.is_empty() { None } else { Some(format!("**Gateway {}**\n{text}", entry.qualified_name())) }
}

fn describe_server(server: &Server<'_>, workload: &str, text: &mut String) {
    let hosts = server.hosts.join(", ");
    let _ = write!(
        text,
        "\n- port {} {}: **{}** for `{hosts}`, client certificate {}, on {workload}",
        server.port,
        server.protocol_name,
        server.tls.as_str(),
        server.tls.client_cert().as_str(),
    );
    if !server.credentials.is_empty() {
        let _ = write!(text, "\n  - certificate `{}`", server.credentials.join(", "));
    }
    if !server.is_in_force() || server.routes.is_empty() {
        let _ = write!(text, "\n  - {}", server.status.as_str());
    }
    for route in server.routes.iter().take(MAX_LISTED) {
        let from = route.source.as_ref().map(|source| source.bound.title()).unwrap_or_default();
        let _ = write!(text, "\n  - {from} → `{}:{}`: {}", route.host, route.port, route.upstream.as_str());
    }
    for assumption in &server.assumptions {
        let _ = write!(text, "\n  - assumed: {assumption}");
    }
}
