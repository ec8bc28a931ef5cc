//! Rule `server-first-protocol`.

use super::behind::{numbers, with_sidecar};
use crate::index::Ref;
use crate::resource::kubernetes::{Service, ServicePort};
use crate::resource::{Protocol, Spanned};
use crate::rules::{Context, rule};
use crate::text::TextEdit;
use crate::yaml::{Literal, Place};

rule! {
    /// A port on which the server speaks first does not say that it carries TCP.
    ///
    /// ## Why
    /// The proxy waits for the client's first bytes to tell HTTP from other protocols. Where the server has to greet first, as
    /// with mail, FTP and SSH, both wait until a timeout.
    ///
    /// ## Symptom
    /// The client hangs for some seconds, or until its own timeout, before the first answer.
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
    ///   - name: submission #~ server-first-protocol `submission` greets
    /// #~^ undeclared-protocol
    ///     port: 587
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
    ///   - name: tcp-submission
    ///     port: 587
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/deployment/application-requirements/#server-first-protocols>
    "server-first-protocol", on: Service, severity: Hint, aliases: [], since: "0.1.0",
}

/// FTP, SSH, POP3, IMAP, mail submission, MySQL X. Istio takes 25, 3306 and 27017 for TCP by itself.
const SERVER_FIRST: [u32; 6] = [21, 22, 110, 143, 587, 33060];

fn check(service: Ref<'_, Service>, cx: &mut Context<'_>) {
    let greets = |port: &&Spanned<ServicePort>| {
        let known = numbers(port).into_iter().flatten().any(|number| SERVER_FIRST.contains(&number));
        known && Protocol::of_service_port(port) == Some(Protocol::Auto)
    };
    let ports: Vec<_> = service.ports.items().filter(greets).collect();
    if !ports.is_empty() && with_sidecar(cx.view, service).is_some() {
        ports.into_iter().for_each(|port| report(service, port, cx));
    }
}

fn report(service: Ref<'_, Service>, port: &Spanned<ServicePort>, cx: &mut Context<'_>) {
    let name = port.name.present();
    let Some(span) = name.map(|name| name.span).or(port.port.span()) else { return };
    let declare = |value: &str| {
        let document = cx.document(service.entry)?;
        document.insert(&document.path_of(port.span), Place::Last, "appProtocol", &Literal::from(value))
    };
    let fix = match (name, port.app_protocol.present()) {
        (_, Some(written)) => Some(TextEdit::replace(written.span, "tcp")),
        (Some(name), None) => Some(TextEdit::replace(name.span, format!("tcp-{}", name.value))),
        (None, None) => declare("tcp"),
    };
    let number = port.port.copied().unwrap_or_default();
    let finding = cx.report(
        span,
        format!(
            "port {number} is one on which the server greets first, and does not say tcp\nThe proxy waits for the \
             client's first bytes, the client for the greeting: it hangs until a timeout."
        ),
    );
    finding.safe_fix("declare it as tcp", fix.into_iter().collect());
}
