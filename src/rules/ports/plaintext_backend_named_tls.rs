//! Rule `plaintext-backend-named-tls`.

use super::behind::{container_port, is_of_gateway, workloads};
use crate::index::Ref;
use crate::resource::kubernetes::{Service, ServicePort};
use crate::resource::{IntOrString, Protocol};
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// A port says that it carries TLS, but what listens behind it speaks plain HTTP.
    ///
    /// ## Why
    /// The name or `appProtocol` of the port makes the proxies pass the bytes on as TLS that the application speaks. An
    /// application that speaks plain HTTP there gets a TLS handshake.
    ///
    /// ## Symptom
    /// `503`, `wrong version number`, and no routing of HTTP on the port.
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
    ///   - name: https #~ plaintext-backend-named-tls `https` 80
    ///     port: 443
    ///     targetPort: 80
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
    ///   - name: http
    ///     port: 80
    ///     targetPort: 80
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/>
    "plaintext-backend-named-tls", on: Service, severity: Warning, aliases: [], since: "0.1.0",
}

fn check(service: Ref<'_, Service>, cx: &mut Context<'_>) {
    for port in service.ports.items() {
        let is_tls = Protocol::of_service_port(port).is_some_and(Protocol::is_tls);
        if is_tls
            && let Some(sign) = sign(service, port, cx)
            && !is_of_gateway(cx.view, service)
        {
            report(port, &sign, cx);
        }
    }
}

/// What says that plain HTTP is spoken behind the port.
fn sign(service: Ref<'_, Service>, port: &ServicePort, cx: &Context<'_>) -> Option<String> {
    if port.target_port.value().is_some_and(|target| *target == IntOrString::Int(80)) {
        return Some("port 80 of the pods is one for plain HTTP".to_owned());
    }
    workloads(cx.view, service).into_iter().find_map(|workload| {
        let name = container_port(port, workload)?.name.text()?;
        let is_plain = Protocol::parse(name.split('-').next().unwrap_or("")).is_http();
        is_plain.then(|| format!("the container's port is named {name}"))
    })
}

fn report(port: &ServicePort, sign: &str, cx: &mut Context<'_>) {
    let Some(written) = port.app_protocol.present().or(port.name.present()) else { return };
    let renamed = match written.value.split_once('-') {
        Some((_, rest)) if port.app_protocol.is_absent() => format!("http-{rest}"),
        _ => "http".to_owned(),
    };
    let finding = cx.report(
        written.span,
        format!(
            "`{}` says TLS, but {sign}\nClients send TLS handshakes to an application that does not speak TLS: `wrong \
             version number`.",
            written.value
        ),
    );
    finding.unsafe_fix(format!("say {renamed}"), vec![TextEdit::replace(written.span, renamed.clone())]);
}
