//! Rule `redirect-loop`.

use super::bound_server::protocol;
use super::neighbours::services_in_front;
use crate::index::{Ref, View};
use crate::resource::Spanned;
use crate::resource::istio::{Gateway, Server};
use crate::resource::kubernetes::{Service, ServicePort};
use crate::rules::{Context, rule};
use crate::tls::gateway::{GatewayWorkload, listen_port, workloads_of};

rule! {
    /// A server redirects to https, but https comes back to the same server.
    ///
    /// ## Why
    /// Where a load balancer takes TLS off, the gateway's Service sends port 443 to the plaintext port of the gateway. A server
    /// there with `httpsRedirect` sees a plaintext request each time and redirects it again.
    ///
    /// ## Symptom
    /// `ERR_TOO_MANY_REDIRECTS` in browsers, an endless row of `301` in curl.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: gateway, namespace: istio-system}
    /// spec:
    ///   selector: {matchLabels: {istio: ingressgateway}}
    ///   template:
    ///     metadata:
    ///       labels: {istio: ingressgateway}
    ///       annotations: {inject.istio.io/templates: gateway}
    ///     spec:
    ///       containers: [{name: istio-proxy, image: auto}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: gateway, namespace: istio-system}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   ports:
    ///   - {name: http, port: 80, targetPort: 8080}
    ///   - {name: https, port: 443, targetPort: 8080}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [shop.example.com]
    ///     tls: {httpsRedirect: true} #~ redirect-loop `httpsRedirect`
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: gateway, namespace: istio-system}
    /// spec:
    ///   selector: {matchLabels: {istio: ingressgateway}}
    ///   template:
    ///     metadata:
    ///       labels: {istio: ingressgateway}
    ///       annotations: {inject.istio.io/templates: gateway}
    ///     spec:
    ///       containers: [{name: istio-proxy, image: auto}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: gateway, namespace: istio-system}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   ports:
    ///   - {name: http, port: 80, targetPort: 8080}
    ///   - {name: https, port: 443, targetPort: 8443}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [shop.example.com]
    ///     tls: {httpsRedirect: true}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>
    "redirect-loop", on: Gateway, severity: Error, aliases: [], since: "0.1.0",
}

fn check(gateway: Ref<'_, Gateway>, cx: &mut Context<'_>) {
    for server in gateway.spec.servers.items().filter(|server| protocol(server).is_http()) {
        let redirect =
            server.tls.value().and_then(|tls| tls.https_redirect.present()).filter(|redirect| redirect.value);
        let Some(redirect) = redirect else { continue };
        let workloads = workloads_of(cx.view, gateway);
        let mut ways: Vec<_> = workloads.iter().flat_map(|workload| ways_back(server, workload, cx.view)).collect();
        ways.sort_by_key(|(service, port)| (service.entry.id, port.span));
        ways.dedup_by_key(|(service, port)| (service.entry.id, port.span));
        let Some((service, port)) = ways.first() else { continue };
        let edit = cx.document(gateway.entry).and_then(|document| {
            let path = document.path_at(redirect.key.start()).to_edit();
            document.remove(&path)
        });
        let message = format!(
            "https comes back to this redirecting server: an endless redirect\nPort {} of {} leads to the port on which this \
             server listens, so that every https request looks like plaintext.",
            port.port.copied().unwrap_or(443),
            service.entry.title(),
        );
        let finding = cx.report(redirect.key, message);
        for (service, port) in &ways {
            finding.related(service.entry.id, port.span, "this port leads to the redirecting server");
        }
        finding.safe_fix("remove httpsRedirect", edit.into_iter().collect());
    }
}

/// The ports for https that lead to the port on which `server` listens.
fn ways_back<'a>(
    server: &Server,
    workload: &GatewayWorkload<'a>,
    view: &View<'a>,
) -> Vec<(Ref<'a, Service>, &'a Spanned<ServicePort>)> {
    let number = server.port.value().and_then(|port| port.number.copied());
    let services = workload.entry.and_then(|entry| services_in_front(entry, view));
    let (Some(number), Some(services)) = (number, services) else { return Vec::new() };
    let listens = listen_port(view, workload, number);
    let comes_back = |port: &Spanned<ServicePort>| {
        is_for_https(port) && port.port.copied().is_some_and(|number| listen_port(view, workload, number) == listens)
    };
    let ports = services.into_iter().flat_map(|service| service.spec.ports.items().map(move |port| (service, port)));
    ports.filter(|(_, port)| comes_back(port)).collect()
}

fn is_for_https(port: &ServicePort) -> bool {
    let name = port.name.text().unwrap_or("");
    port.port.copied() == Some(443) || name.starts_with("https") || name.starts_with("tls")
}
