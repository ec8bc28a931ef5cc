//! Rule `unused-gateway-binding`.

use super::bound_server::offers;
use super::host_not_on_gateway;
use crate::index::keys::gateway_reference;
use crate::index::{Entry, Key, Ref};
use crate::resource::gateway_api::KubernetesGateway;
use crate::resource::istio::{Gateway, VirtualService};
use crate::resource::{Body, Kind, host};
use crate::rules::{Context, rule};

rule! {
    /// A VirtualService names a Gateway that is for none of its hosts.
    ///
    /// ## Why
    /// Routes are bound host by host: a Gateway that has none of the hosts of the VirtualService takes none of its routes.
    ///
    /// ## Symptom
    /// `404` with response flag `NR` for these hosts on that Gateway.
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
    /// kind: Gateway
    /// metadata: {name: team, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [team.example.com]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways:
    ///   - public
    ///   - team #~ unused-gateway-binding `team` shop/team
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
    ///     hosts: [shop.example.com]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways:
    ///   - public
    ///   http:
    ///   - route:
    ///     - destination: {host: web}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0132/>
    "unused-gateway-binding", on: VirtualService, severity: Info, aliases: ["IST0132"], since: "0.1.0",
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let hosts_known = service.hosts.is_certain() && service.hosts.items().next().is_some();
    if !hosts_known || host_not_on_gateway::fires_for_all(service, cx.view) {
        return;
    }
    for written in service.spec.gateways.items() {
        let (of, name) = gateway_reference(written, &service.entry.namespace);
        let key = |kind| Key::Named(kind, of.into(), name.into());
        let named = cx.view.under(&key(Kind::Gateway)).chain(cx.view.under(&key(Kind::KubernetesGateway)));
        let gateways: Vec<&Entry> = named.map(|entry| &**entry).collect();
        if gateways.is_empty() || gateways.iter().any(|gateway| may_serve(gateway, service)) {
            continue;
        }
        let removal = cx.document(service.entry).and_then(|document| {
            let path = document.path_at(written.span.start()).to_edit();
            document.remove(&path).filter(|_| service.spec.gateways.items().count() > 1)
        });
        let message = format!("Gateway {of}/{name} is for none of these hosts\nNone of the routes is ever used there.");
        let finding = cx.report(written.span, message);
        finding.alias("IST0132");
        for gateway in gateways {
            finding.related(gateway.id, gateway.resource.name_span(), "this Gateway");
        }
        finding.unsafe_fix("do not bind to it", removal.into_iter().collect());
    }
}

/// The Gateway has one of the hosts, or its own are not all known.
fn may_serve(gateway: &Entry, service: Ref<'_, VirtualService>) -> bool {
    let namespace = &service.entry.namespace;
    match &gateway.resource.body {
        Body::Gateway(spec) => {
            let Some(gateway) = gateway.as_kind::<Gateway>() else { return true };
            let known = spec.servers.is_certain() && spec.servers.items().all(|server| server.hosts.is_certain());
            let offered = |name: &str| spec.servers.items().any(|server| offers(gateway, server, namespace, name));
            !known || service.spec.hosts.items().any(|name| offered(name))
        }
        Body::KubernetesGateway(spec) => may_listen(spec, service),
        _ => true,
    }
}

/// A listener has one of the hosts, or is for all.
fn may_listen(gateway: &KubernetesGateway, service: Ref<'_, VirtualService>) -> bool {
    let fits = |hostname: &str| service.spec.hosts.items().any(|name| host::overlap(hostname, name));
    !gateway.listeners.is_certain()
        || gateway.listeners.items().any(|listener| {
            listener.hostname.is_uncertain()
                || listener.hostname.text().is_none_or(|name| name.is_empty() || fits(name))
        })
}
