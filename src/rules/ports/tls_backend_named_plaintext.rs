//! Rule `tls-backend-named-plaintext`.

use super::behind::{container_port, is_of_gateway, numbers, target_name, workloads};
use crate::index::Ref;
use crate::resource::Protocol;
use crate::resource::kubernetes::{Service, ServicePort};
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// A port says that it carries plain HTTP, but what listens behind it speaks TLS.
    ///
    /// ## Why
    /// The name or `appProtocol` of the port makes the proxies read plain HTTP requests from it. An application that speaks TLS
    /// there gets either TLS that the proxies cannot read, or plain text that it cannot.
    ///
    /// ## Symptom
    /// Calls with TLS bypass all routing or are refused; calls without get `first record does not look like a TLS handshake`,
    /// or `400 The plain HTTP request was sent to HTTPS port`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///   - name: http-web #~ tls-backend-named-plaintext `http-web` 443
    ///     port: 443
    ///     targetPort: 8443
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///   - name: https-web
    ///     port: 443
    ///     targetPort: 8443
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/>
    "tls-backend-named-plaintext", on: Service, severity: Warning, aliases: [], since: "0.1.0",
}

const TLS_PORTS: [u32; 3] = [443, 8443, 9443];

fn check(service: Ref<'_, Service>, cx: &mut Context<'_>) {
    for port in service.ports.items() {
        let plain = matches!(
            Protocol::of_service_port(port),
            Some(Protocol::Http | Protocol::Http2 | Protocol::Grpc | Protocol::GrpcWeb)
        );
        if plain
            && let Some(sign) = sign(service, port, cx)
            && !is_of_gateway(cx.view, service)
        {
            report(port, &sign, cx);
        }
    }
}

/// What says that TLS is spoken behind the port.
fn sign(service: Ref<'_, Service>, port: &ServicePort, cx: &Context<'_>) -> Option<String> {
    if let Some(number) = numbers(port).into_iter().flatten().find(|number| TLS_PORTS.contains(number)) {
        return Some(format!("port {number} is one for TLS"));
    }
    let says_tls = |name: &str| name.starts_with("https") || name.starts_with("tls");
    if let Some(name) = target_name(port).filter(|name| says_tls(name)) {
        return Some(format!("its target port is named {name}"));
    }
    workloads(cx.view, service).into_iter().find_map(|workload| {
        let name = container_port(port, workload)?.name.text().filter(|name| says_tls(name))?;
        Some(format!("the container's port is named {name}"))
    })
}

fn report(port: &ServicePort, sign: &str, cx: &mut Context<'_>) {
    let Some(written) = port.app_protocol.present().or(port.name.present()) else { return };
    let renamed = match written.value.split_once('-') {
        Some((_, rest)) if port.app_protocol.is_absent() => format!("https-{rest}"),
        _ => "https".to_owned(),
    };
    let finding = cx.report(
        written.span,
        format!(
            "`{}` says plain HTTP, but {sign}\nThe proxies read requests where the application speaks TLS: calls are \
             refused or bypass routing.",
            written.value
        ),
    );
    finding.unsafe_fix(format!("say {renamed}"), vec![TextEdit::replace(written.span, renamed.clone())]);
}
