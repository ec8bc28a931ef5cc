//! Hover on the Gateway API: listeners, parents and backends of routes, policies for TLS to a backend.

use super::Files;
use super::connections::connections;
use super::place::Cursor;
use super::servers::servers;
use crate::index::View;
use crate::resource::gateway_api::{BackendTlsPolicy, KubernetesGateway};
use crate::resource::host;
use crate::tls::gateway::GatewayWorkload;

/// The servers that a Gateway's listeners are; only the one under the cursor, if it is on one.
pub(super) fn of_listener(view: &View<'_>, cursor: &Cursor<'_>) -> Option<String> {
    let gateway = cursor.resource.as_kind::<KubernetesGateway>()?;
    let wanted = cursor.index_under("listeners");
    let workloads = GatewayWorkload::generated(view, gateway).into_iter().collect();
    servers(view, workloads, cursor.resource, |server| wanted.is_none_or(|index| index == server))
}

/// The parents or the backend of a route.
pub(super) fn of_route(files: &dyn Files, view: &View<'_>, cursor: &Cursor<'_>) -> Option<String> {
    if cursor.keys.iter().any(|key| key == "backendRefs") {
        return of_service(files, view, cursor);
    }
    cursor.keys.iter().find(|key| *key == "parentRefs")?;
    let (namespace, name) = reference(cursor)?;
    match view.named::<KubernetesGateway>(&namespace, &name) {
        Some(gateway) => {
            let workloads = GatewayWorkload::generated(view, gateway).into_iter().collect();
            servers(view, workloads, gateway.entry, |_| true)
        }
        None => Some(format!("**Gateway {namespace}/{name}** is not in the workspace")),
    }
}

/// What is sent to the Service that a BackendTLSPolicy or a backend names.
pub(super) fn of_service(files: &dyn Files, view: &View<'_>, cursor: &Cursor<'_>) -> Option<String> {
    let (namespace, name) = reference(cursor)?;
    let (_, written) = cursor.nodes.iter().rev().find(|(_, node)| node.get("name").is_some())?;
    let port = written.get("port").and_then(|port| port.as_scalar()?.text.parse().ok());
    connections(files, view, &host::service_fqdn(&name, &namespace), port, None, None)
}

/// What is sent to every Service that a BackendTLSPolicy is for.
pub(super) fn of_targets(files: &dyn Files, view: &View<'_>, cursor: &Cursor<'_>) -> Option<String> {
    let policy = cursor.resource.as_kind::<BackendTlsPolicy>()?;
    let hosts = policy.spec.target_refs.items().filter_map(|target| target.name.text());
    let hosts = hosts.map(|name| host::service_fqdn(name, &cursor.resource.namespace));
    let texts: Vec<_> = hosts.filter_map(|host| connections(files, view, &host, None, None, None)).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

/// Namespace and name of the reference that the cursor is in.
fn reference(cursor: &Cursor<'_>) -> Option<(String, String)> {
    let is_reference = |node: &crate::yaml::Node| node.get("name").is_some() && node.get("spec").is_none();
    let (_, written) = cursor.nodes.iter().rev().find(|(_, node)| is_reference(node))?;
    let text = |key: &str| Some(written.get(key)?.as_scalar()?.text.to_string());
    Some((text("namespace").unwrap_or_else(|| cursor.resource.namespace.to_string()), text("name")?))
}
