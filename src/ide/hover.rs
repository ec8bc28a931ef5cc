//! Hover: what is on the wire at this place, who decides, and whether the other side fits; on a key also what the field is.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use super::breaks::breaks;
use super::connections::{connections, covered};
use super::gateway_api::{of_listener, of_route, of_service, of_targets};
use super::governed::{counted, governed};
use super::note::{of_client_field, of_credential};
use super::place::Cursor;
use super::rule_page::rule_page;
use super::servers::servers;
use super::{DocumentAt, Files, field};
use crate::index::keys::gateway_reference;
use crate::index::{Ref, View};
use crate::resource::istio::{DestinationRule, Gateway, PeerAuthentication};
use crate::resource::{Kind, host};
use crate::tls;

/// At most so many workloads or servers are listed.
const MAX_LISTED: usize = 8;

/// What to show, and for which part of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// Markdown without HTML.
    pub markdown: String,
    /// The same for clients without Markdown.
    pub plain: String,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// What byte `offset` of `file` means for TLS, and the field that it is on; none where neither says anything.
#[must_use]
pub fn hover(files: &dyn Files, file: &Path, offset: usize) -> Option<Hover> {
    if let Some((markdown, span)) = rule_page(files, file, offset) {
        let plain = markdown.clone();
        return Some(Hover { markdown, plain, span });
    }
    let cursor = Cursor::find(files, file, offset)?;
    let wire = text(files, &cursor).filter(|text| !text.is_empty());
    let namespace = namespace(files, &cursor);
    let filled = filled(files, file, offset, &cursor);
    let field = field::describe(&cursor).filter(|_| cursor.on_key || wire.is_none());
    let markdown = [filled, wire, namespace, field].into_iter().flatten().collect::<Vec<_>>().join("\n\n---\n\n");
    if markdown.is_empty() {
        return None;
    }
    let plain = markdown.replace("**", "").replace('`', "");
    Some(Hover { markdown, plain, span: cursor.span.shifted(cursor.start).range() })
}

/// What a template writes here.
fn filled(files: &dyn Files, file: &Path, offset: usize, cursor: &Cursor<'_>) -> Option<String> {
    let (_, node) = cursor.nodes.last().filter(|(_, node)| !node.templated && !cursor.on_key)?;
    let DocumentAt { document, .. } = files.document_at(file, offset)?;
    let value = cursor.value.as_deref().filter(|_| document.is_templated_in(node.span))?;
    Some(format!("The values of the chart make it `{value}`."))
}

/// Where a resource is that does not say so itself, and why.
fn namespace(files: &dyn Files, cursor: &Cursor<'_>) -> Option<String> {
    let is_asked = matches!(cursor.path().as_str(), "kind" | "metadata" | "metadata.name" | "metadata.namespace");
    let why = files.namespace_origin(cursor.resource.id).filter(|_| is_asked)?;
    Some(format!("In namespace **{}**: {why}.", cursor.resource.namespace))
}

/// What is on the wire at the cursor, and who decides.
pub(super) fn text(files: &dyn Files, cursor: &Cursor<'_>) -> Option<String> {
    let view = View::new(files.index());
    let path = cursor.path();
    match cursor.resource.resource.kind {
        Kind::DestinationRule if path.starts_with("spec.") => of_rule(files, &view, cursor),
        Kind::VirtualService if cursor.keys.iter().any(|key| key == "gateways") => of_gateway_reference(&view, cursor),
        Kind::VirtualService if path.contains("destination.") => of_destination(files, &view, cursor),
        Kind::VirtualService if path == "spec.hosts" => {
            let name = host::resolve(cursor.value.as_deref()?, &cursor.resource.namespace);
            tls::services(&view, &name).first()?;
            connections(files, &view, &name, None, None, None)
        }
        Kind::Gateway if path.starts_with("spec.servers") => {
            let index = cursor.index_under("servers")?;
            let gateway = cursor.resource.as_kind::<Gateway>()?;
            let workloads = tls::gateway::workloads_of(&view, gateway);
            let text = servers(&view, workloads, gateway.entry, |server| server == index)?;
            Some(text + &of_credential(&view, cursor, gateway).unwrap_or_default())
        }
        Kind::PeerAuthentication if path.starts_with("spec.") => of_policy(files, &view, cursor),
        Kind::Service if path.starts_with("spec.ports") || path == "metadata.name" => {
            connections(files, &view, &cursor.resource.service_host(), port_of(cursor, "port"), None, None)
        }
        Kind::ServiceEntry if path.starts_with("spec.") => {
            let hosts = &cursor.resource.as_kind::<crate::resource::istio::ServiceEntry>()?.spec.hosts;
            let named = cursor.value.as_deref().filter(|value| hosts.items().any(|host| host.as_str() == *value));
            let first = hosts.items().next().map(|host| host.as_str());
            connections(files, &view, named.or(first)?, port_of(cursor, "number"), None, None)
        }
        Kind::KubernetesGateway if path.starts_with("spec") => of_listener(&view, cursor),
        Kind::HttpRoute | Kind::GrpcRoute | Kind::TlsRoute | Kind::TcpRoute => of_route(files, &view, cursor),
        Kind::BackendTlsPolicy if path.starts_with("spec.targetRefs") => of_service(files, &view, cursor),
        Kind::BackendTlsPolicy if path.starts_with("spec.") => of_targets(files, &view, cursor),
        Kind::Namespace if path.starts_with("metadata.labels") => of_namespace(&view, cursor.resource.name()),
        _ => of_workload(&view, cursor),
    }
}

fn of_rule(files: &dyn Files, view: &View<'_>, cursor: &Cursor<'_>) -> Option<String> {
    let rule: Ref<'_, DestinationRule> = cursor.resource.as_kind()?;
    let name = host::resolve(rule.spec.host.text()?, &cursor.resource.namespace);
    if host::is_wildcard(&name) {
        return Some(covered(view, &name, rule) + &of_client_field(view, cursor).unwrap_or_default());
    }
    let subset = cursor.index_under("subsets").and_then(|index| rule.spec.subsets.value()?.get(index)?.value());
    let subset = subset.and_then(|subset| subset.name.text());
    let policy = cursor.index_under("portLevelSettings");
    let port = policy.and_then(|_| {
        let (_, settings) = cursor.nodes.iter().rev().find(|(_, node)| node.get("port").is_some())?;
        settings.get("port")?.get("number")?.as_scalar()?.text.parse().ok()
    });
    let text = connections(files, view, &name, port, subset, Some(rule))?;
    Some(text + &of_client_field(view, cursor).unwrap_or_default())
}

fn of_destination(files: &dyn Files, view: &View<'_>, cursor: &Cursor<'_>) -> Option<String> {
    let (_, destination) = cursor.nodes.iter().rev().find(|(_, node)| node.get("host").is_some())?;
    let text = |key: &str| Some(destination.get(key)?.as_scalar()?.text.to_string());
    let name = host::resolve(&text("host")?, &cursor.resource.namespace);
    let port = destination.get("port").and_then(|port| port.get("number")?.as_scalar()?.text.parse().ok());
    connections(files, view, &name, port, text("subset").as_deref(), None)
}

/// The port of the list item under the cursor, by its field `key`.
fn port_of(cursor: &Cursor<'_>, key: &str) -> Option<u32> {
    cursor.index_under("ports")?;
    let (_, port) = cursor.nodes.iter().rev().find(|(_, node)| node.get(key).is_some())?;
    port.get(key)?.as_scalar()?.text.parse().ok()
}

fn of_gateway_reference(view: &View<'_>, cursor: &Cursor<'_>) -> Option<String> {
    let named = cursor.value.as_deref()?;
    if named == "mesh" {
        return Some(
            "**all sidecars of the mesh**\n\nThe routes hold for calls from workloads, not from gateways.".to_owned(),
        );
    }
    let (namespace, name) = gateway_reference(named, &cursor.resource.namespace);
    match view.named::<Gateway>(namespace, name) {
        Some(gateway) => servers(view, tls::gateway::workloads_of(view, gateway), gateway.entry, |_| true),
        None => Some(format!("**Gateway {namespace}/{name}** is not in the workspace")),
    }
}

fn of_policy(files: &dyn Files, view: &View<'_>, cursor: &Cursor<'_>) -> Option<String> {
    let policy: Ref<'_, PeerAuthentication> = cursor.resource.as_kind()?;
    let governed = governed(view, policy);
    let ports = cursor.keys.iter().position(|key| key == "portLevelMtls");
    let port = ports.and_then(|at| cursor.keys.get(at + 1));
    let mtls = match port {
        Some(port) => policy.spec.port_level_mtls.under(port).map(|mtls| &mtls.value),
        None => policy.spec.mtls.value(),
    };
    let mode = mtls.and_then(crate::resource::istio::MutualTls::effective_mode);
    let mode = mode.map_or("UNSET", crate::resource::istio::MtlsMode::as_str);
    let accepts = match mode {
        "STRICT" => "accepts Istio mTLS only; plaintext and other TLS are refused (`503 UC`)",
        "PERMISSIVE" => "accepts Istio mTLS and plaintext",
        "DISABLE" => "accepts no Istio mTLS",
        _ => "inherits from the level above",
    };
    let mut text =
        format!("**{mode}** {accepts}\n\nDecides for {} in the workspace", counted(governed.len(), "workload"));
    let names: Vec<String> = governed.iter().take(MAX_LISTED).map(|entry| entry.qualified_name()).collect();
    if !names.is_empty() {
        let _ = write!(text, ": {}", names.join(", "));
    }
    if governed.len() > MAX_LISTED {
        let _ = write!(text, " and {} more", governed.len() - MAX_LISTED);
    }
    text.push_str(&breaks(files, view, governed.into_iter().map(|entry| &**entry)));
    Some(text)
}

fn of_namespace(view: &View<'_>, namespace: &str) -> Option<String> {
    let workloads = view.workloads(namespace, &[]);
    let kinds: Vec<_> = workloads.iter().map(|entry| (entry.name().to_owned(), tls::proxy(view, entry).kind)).collect();
    let mut text = format!("**Namespace {namespace}**: {} in the workspace", counted(kinds.len(), "workload"));
    for (name, kind) in kinds.iter().take(MAX_LISTED) {
        let _ = write!(text, "\n- {name}: {}", kind.as_str());
    }
    Some(text)
}

fn of_workload(view: &View<'_>, cursor: &Cursor<'_>) -> Option<String> {
    cursor.resource.workload()?;
    let about =
        cursor.keys.iter().any(|key| key == "labels" || key == "annotations") || cursor.path() == "metadata.name";
    if !about {
        return None;
    }
    let proxy = tls::proxy(view, cursor.resource);
    let mut text =
        format!("**{}** {}\n\n- because: {}", proxy.kind.as_str(), cursor.resource.title(), proxy.because.text);
    for assumption in &proxy.assumptions {
        let _ = write!(text, "\n- assumed: {assumption}");
    }
    if proxy.kind != tls::ProxyKind::None {
        let inbound = tls::inbound(view, cursor.resource, None);
        let _ = write!(text, "\n- inbound mTLS: {} ({})", inbound.mode, inbound.level.as_str());
    }
    Some(text)
}
