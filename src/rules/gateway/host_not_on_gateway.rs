//! Rule `host-not-on-gateway`.

use super::bound_server::{gateways, offers};
use super::route_edits::is_for_mesh_too;
use crate::index::{Ref, View};
use crate::resource::istio::{Gateway, Server, VirtualService};
use crate::resource::{Spanned, host};
use crate::rules::{Context, Edit, Fix, rule};
use crate::text::TextEdit;
use crate::yaml::{At, Literal};
use smol_str::SmolStr;

rule! {
    /// A host of a VirtualService is served by none of its Gateways.
    ///
    /// ## Why
    /// A Gateway takes requests for the `hosts` of its servers only, and only from VirtualServices of the namespace in
    /// front of a host (`shop/`, `./`, `*/`). For every other host the routes are never used.
    ///
    /// ## Symptom
    /// `404` with response flag `NR`, or no certificate for the name.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [shop.example.com]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts:
    ///   - shop.example.com
    ///   - shop.example.net #~ host-not-on-gateway `shop.example.net`
    ///   gateways: [public]
    ///   http:
    ///   - route:
    ///     - destination: {host: web}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [shop.example.com, shop.example.net]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts:
    ///   - shop.example.com
    ///   - shop.example.net
    ///   gateways: [public]
    ///   http:
    ///   - route:
    ///     - destination: {host: web}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/gateway/#Server>
    "host-not-on-gateway", on: VirtualService, severity: Error, aliases: ["IST0132"], since: "0.1.0",
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let Some(gateways) = finished(service, cx.view) else { return };
    let servers: Vec<(Ref<'_, Gateway>, &Spanned<Server>)> = gateways
        .iter()
        .flat_map(|gateway| gateway.spec.servers.items().map(move |server| (*gateway, server)))
        .collect();
    let namespace = &service.entry.namespace;
    let is_offered = |name: &SmolStr| servers.iter().any(|(gateway, server)| offers(*gateway, server, namespace, name));
    let none_is_offered = !service.hosts.items().any(|name| is_offered(name));
    for name in service.hosts.items().filter(|name| !is_offered(name)) {
        let fix = prefix_fix(&servers, namespace, name).or_else(|| host_fix(&servers, service, name, cx));
        let names: Vec<_> = gateways.iter().map(|gateway| gateway.entry.qualified_name()).collect();
        let message = format!(
            "no server of Gateway {} is for this host\nRequests for {} get 404 (NR): the routes are bound to nothing.",
            names.join(", "),
            name.value
        );
        let finding = cx.report(name.span, message);
        if none_is_offered {
            finding.alias("IST0132");
        }
        for gateway in &gateways {
            let hosts = gateway.spec.servers.items().find_map(|server| server.hosts.span());
            finding.related(
                gateway.entry.id,
                hosts.unwrap_or_else(|| gateway.entry.resource.name_span()),
                "the hosts of this Gateway do not cover it",
            );
        }
        if let Some(fix) = fix {
            finding.fix(fix);
        }
    }
}

/// The rule says that no Gateway is for any host of `service`.
pub(super) fn fires_for_all(service: Ref<'_, VirtualService>, view: &View<'_>) -> bool {
    let namespace = &service.entry.namespace;
    let is_offered = |gateway: &Ref<'_, Gateway>| {
        let offered =
            |server: &Server| service.spec.hosts.items().any(|name| offers(*gateway, server, namespace, name));
        gateway.spec.servers.items().any(|server| offered(server))
    };
    finished(service, view).is_some_and(|gateways| !gateways.iter().any(is_offered))
}

/// The Gateways of a VirtualService for gateways alone, where all of them are known and have servers.
fn finished<'a>(service: Ref<'a, VirtualService>, view: &View<'a>) -> Option<Vec<Ref<'a, Gateway>>> {
    let gateways = gateways(service, view).filter(|_| !is_for_mesh_too(service))?;
    (!gateways.is_empty() && gateways.iter().all(has_servers)).then_some(gateways)
}

/// A Gateway without servers is not finished.
fn has_servers(gateway: &Ref<'_, Gateway>) -> bool {
    gateway.servers.items().next().is_some()
}

/// The namespace in front of a host of a server is all that differs.
fn prefix_fix(servers: &[(Ref<'_, Gateway>, &Spanned<Server>)], namespace: &str, name: &str) -> Option<Fix> {
    let name = host::resolve(name, namespace);
    servers.iter().find_map(|(gateway, server)| {
        let written = server.hosts.items().find(|written| host::overlap(host::split_namespace(written).1, &name))?;
        let text = format!("{namespace}/{}", host::split_namespace(written).1);
        let edit = TextEdit::replace(written.span, format!("\"{text}\""));
        let edits = vec![Edit { resource: gateway.entry.id, edit }];
        Some(Fix { title: format!("let namespace {namespace} use the server: {text}"), safe: true, edits })
    })
}

/// Adds the host to the servers that serve another host of the VirtualService, or to the only server.
fn host_fix(
    servers: &[(Ref<'_, Gateway>, &Spanned<Server>)],
    service: Ref<'_, VirtualService>,
    name: &Spanned<SmolStr>,
    cx: &Context<'_>,
) -> Option<Fix> {
    let serves_another = |(gateway, server): &&(Ref<'_, Gateway>, &Spanned<Server>)| {
        service.hosts.items().any(|other| offers(*gateway, server, &service.entry.namespace, other))
    };
    let mut chosen: Vec<_> = servers.iter().filter(serves_another).collect();
    if chosen.is_empty() {
        chosen.extend(<[_; 1]>::try_from(servers.to_vec()).ok().and(servers.first()));
    }
    let edits: Option<Vec<Edit>> = chosen
        .iter()
        .map(|(gateway, server)| {
            let document = cx.document(gateway.entry)?;
            let path = document.path_at(server.hosts.key()?.start()).to_edit();
            let path: &[At<'_>] = &path;
            Some(Edit { resource: gateway.entry.id, edit: document.push(path, &Literal::from(name.as_str()))? })
        })
        .collect();
    Some(Fix { title: format!("add {} to the hosts of the server", name.value), safe: true, edits: edits? })
}
