//! Listeners of a Gateway of the Gateway API as servers, as istiod converts them.

use smol_str::{SmolStr, format_smolstr};

use super::GatewayWorkload;
use super::server::{Server, versions};
use super::words::{GatewaySource, ServerTls, Status};
use crate::index::{Entry, Ref, View};
use crate::resource::gateway_api::{KubernetesGateway, Listener, ListenerTls, ObjectReference, ReferenceGrant};
use crate::resource::istio::ServerTlsMode;
use crate::resource::{Field, Protocol, Spanned};
use crate::tls::reason::{Assumption, Reason};

/// The API group of Gateways and routes.
pub(super) const GROUP: &str = "gateway.networking.k8s.io";
const TERMINATE_MODE: &str = "gateway.istio.io/tls-terminate-mode";

/// The listeners of the Gateway for which `workload` is generated, in the order in which istiod merges them: by name.
pub(super) fn of_gateway<'a>(view: &View<'a>, workload: &GatewayWorkload<'a>) -> Vec<Server<'a>> {
    let Some(gateway) = workload.generated_for else { return Vec::new() };
    let listeners = gateway.spec.listeners.items().enumerate();
    let mut servers: Vec<_> =
        listeners.filter_map(|(index, listener)| of_listener(view, workload, gateway, index, listener)).collect();
    servers.sort_by(|left, right| left.section.cmp(&right.section));
    servers
}

fn of_listener<'a>(
    view: &View<'a>,
    workload: &GatewayWorkload<'a>,
    gateway: Ref<'a, KubernetesGateway>,
    index: usize,
    listener: &'a Spanned<Listener>,
) -> Option<Server<'a>> {
    let port = listener.port.copied()?;
    let protocol_name = listener.protocol.value().cloned().unwrap_or_default();
    let protocol = Protocol::parse(&protocol_name);
    let hostname = listener.hostname.value().filter(|name| !name.is_empty()).cloned();
    let hostname = hostname.unwrap_or_else(|| SmolStr::new_static("*"));
    let mut because = vec![Reason::at(gateway.entry, listener.span, format!("listener of {}", gateway.entry.title()))];
    let (status, tls, credentials) = match accept(view, gateway, &listener.value, protocol) {
        Ok((tls, credentials)) => (Status::Programmed, tls, credentials),
        Err(why) => {
            because.push(why);
            (Status::Invalid, ServerTls::None, Vec::new())
        }
    };
    let (min_version, max_version) = versions(view, None, tls);
    let mut assumptions = workload.assumptions.clone();
    if listener.tls.is_uncertain() || listener.hostname.is_uncertain() {
        assumptions.push(Assumption::unknown(gateway.entry, Some(listener.span)));
    }
    Some(Server {
        source: GatewaySource::Kubernetes(gateway),
        index,
        span: listener.span,
        section: listener.name.value().cloned(),
        port,
        listen_port: port,
        bind: SmolStr::default(),
        port_name: SmolStr::new_static("default"),
        protocol_name,
        protocol,
        claims: claims(gateway, listener, &hostname),
        hosts: vec![hostname],
        tls,
        has_tls: tls != ServerTls::None,
        https_redirect: false,
        credentials,
        min_version,
        max_version,
        status,
        rival: None,
        sni: Vec::new(),
        routes: Vec::new(),
        because,
        assumptions,
    })
}

/// The names that routes of other namespaces may not use are claimed with the namespaces that may.
fn claims(gateway: Ref<'_, KubernetesGateway>, listener: &Listener, hostname: &SmolStr) -> Vec<SmolStr> {
    let namespaces = listener.allowed_routes.value().and_then(|allowed| allowed.namespaces.value());
    match namespaces.and_then(|namespaces| namespaces.from.text()) {
        Some("All" | "Selector") => vec![hostname.clone()],
        _ => vec![format_smolstr!("{}/{hostname}", gateway.entry.namespace)],
    }
}

/// What the listener does with TLS and with which credentials, or why it is refused.
fn accept(
    view: &View<'_>,
    gateway: Ref<'_, KubernetesGateway>,
    listener: &Listener,
    protocol: Protocol,
) -> Result<(ServerTls, Vec<SmolStr>), Reason> {
    let refuse = |field: Option<crate::text::Span>, text: &'static str| {
        Err(Reason::at(gateway.entry, field.unwrap_or_else(|| gateway.entry.resource.name_span()), text))
    };
    match protocol {
        Protocol::Http | Protocol::Tcp => return Ok((ServerTls::None, Vec::new())),
        Protocol::Https | Protocol::Tls => {}
        _ => return refuse(listener.protocol.span(), "the protocol is not one that gateways serve"),
    }
    let Some(tls) = listener.tls.value() else {
        return refuse(listener.protocol.span(), "HTTPS and TLS listeners need tls");
    };
    if tls.mode.text() == Some("Passthrough") {
        return Ok((ServerTls::Mode(ServerTlsMode::Passthrough), Vec::new()));
    }
    let mode = terminate_mode(gateway.spec, tls);
    if mode == ServerTlsMode::IstioMutual {
        return Ok((ServerTls::Mode(mode), Vec::new()));
    }
    let mut credentials = Vec::new();
    for reference in tls.certificate_refs.items() {
        if !is_secret(reference) {
            return refuse(Some(reference.span), "certificateRefs must name Secrets");
        }
        let namespace = reference.namespace.text().unwrap_or(&gateway.entry.namespace);
        let name = reference.name.text().unwrap_or("");
        let from = (GROUP, "Gateway", gateway.entry.namespace.as_str());
        if namespace != gateway.entry.namespace && !is_granted(view, from, ("", "Secret", namespace, name)) {
            return refuse(
                Some(reference.span),
                "no ReferenceGrant lets the Gateway use a Secret of another namespace",
            );
        }
        credentials.push(format_smolstr!("{namespace}/{name}"));
    }
    if credentials.is_empty() {
        return refuse(listener.tls.span(), "a listener that terminates TLS needs certificateRefs");
    }
    Ok((ServerTls::Mode(mode), credentials))
}

fn terminate_mode(gateway: &KubernetesGateway, tls: &ListenerTls) -> ServerTlsMode {
    let written = tls.options.under(TERMINATE_MODE).map(|mode| mode.as_str());
    let validates_clients =
        !tls.frontend_validation.is_absent() || gateway.tls.value().is_some_and(|tls| !tls.frontend.is_absent());
    match written {
        Some("MUTUAL") => ServerTlsMode::Mutual,
        Some("OPTIONAL_MUTUAL") => ServerTlsMode::OptionalMutual,
        Some("ISTIO_MUTUAL") => ServerTlsMode::IstioMutual,
        _ if validates_clients => ServerTlsMode::Mutual,
        _ => ServerTlsMode::Simple,
    }
}

fn is_secret(reference: &ObjectReference) -> bool {
    reference.kind.text().is_none_or(|kind| kind == "Secret") && reference.group.text().unwrap_or("").is_empty()
}

/// A ReferenceGrant lets objects of a group, kind and namespace refer to the object of a group, kind, namespace and name.
pub(super) fn is_granted(view: &View<'_>, from: (&str, &str, &str), to: (&str, &str, &str, &str)) -> bool {
    let same = |field: &Field<SmolStr>, wanted: &str| field.text().unwrap_or("") == wanted;
    view.in_namespace::<ReferenceGrant>(to.2).any(|grant| {
        let from = grant.spec.from.items().any(|allowed| {
            same(&allowed.group, from.0) && same(&allowed.kind, from.1) && same(&allowed.namespace, from.2)
        });
        let to = grant.spec.to.items().any(|target| {
            let named = target.name.text().is_none_or(|name| name.is_empty() || name == to.3);
            same(&target.group, to.0) && same(&target.kind, to.1) && named
        });
        from && to
    })
}

/// Routes of the namespace of `route` may attach to the listener.
pub(super) fn allows_namespace(view: &View<'_>, gateway: &Entry, listener: &Listener, route: &Entry) -> bool {
    let namespaces = listener.allowed_routes.value().and_then(|allowed| allowed.namespaces.value());
    match namespaces.and_then(|namespaces| namespaces.from.text()) {
        Some("All") => true,
        Some("Selector") => {
            let selector = namespaces.and_then(|namespaces| namespaces.selector.value());
            let Some(object) = view.namespace(&route.namespace) else { return false };
            let labels = &object.resource.metadata.labels;
            let carries = |key: &str, value: &str| {
                (key == "kubernetes.io/metadata.name" && value == route.namespace)
                    || labels.under(key).is_some_and(|label| label.as_str() == value)
            };
            selector
                .is_some_and(|selector| selector.match_labels.pairs().all(|(key, value)| carries(key, value.as_str())))
        }
        _ => gateway.namespace == route.namespace,
    }
}
