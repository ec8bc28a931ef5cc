//! Rule `conflicting-service-ports`.

use std::collections::BTreeMap;

use crate::index::{Entry, Ref};
use crate::resource::kubernetes::{Service, ServicePort};
use crate::resource::{IntOrString, Protocol, Spanned};
use crate::rules::together::are_variants;
use crate::rules::{Context, Severity, rule};
use crate::tls::{self, ProxyKind};

rule! {
    /// Services disagree about a port of one workload.
    ///
    /// ## Why
    /// A proxy has one listener for a port of its pods. Where Services lead there with different protocols, that of the oldest
    /// Service counts. Where they agree on the protocol all requests arrive, but are counted for one Service; that is only noted,
    /// and that a port is for UDP too even less, since Istio leaves UDP alone.
    ///
    /// ## Symptom
    /// Requests for one of the Services are cut off, or taken for plain connections without routes and policies for HTTP.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: one, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: two, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: tcp, port: 81, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop} #~ conflicting-service-ports `web` 8080
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: one, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: two, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web}}}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0137/>
    "conflicting-service-ports", on: [Deployment, StatefulSet, DaemonSet], severity: Warning, aliases: ["IST0116", "IST0137", "KIA0701"], since: "0.1.0",
}

fn check(workload: &Entry, cx: &mut Context<'_>) {
    if tls::proxy(cx.view, workload).kind != ProxyKind::Sidecar {
        return;
    }
    let services = cx.view.services_of(workload).into_iter();
    let services = services.filter(|service| !are_variants(cx.view, workload, service.entry)).collect::<Vec<_>>();
    let mut by_number: BTreeMap<u32, Vec<Lead<'_>>> = BTreeMap::new();
    let mut by_target: BTreeMap<String, Vec<Lead<'_>>> = BTreeMap::new();
    for service in services {
        for port in service.spec.ports.items() {
            let Some(number) = port.port.copied() else { continue };
            let lead = Lead { service, port, number };
            by_number.entry(number).or_default().push(lead);
            by_target.entry(target(port, number)).or_default().push(lead);
        }
    }
    for (number, leads) in &by_number {
        transports(workload, *number, leads, cx);
    }
    for (target, leads) in &by_target {
        protocols(workload, target, leads, cx);
    }
}

/// A port of a Service that leads to the workload.
#[derive(Clone, Copy)]
struct Lead<'a> {
    service: Ref<'a, Service>,
    port: &'a Spanned<ServicePort>,
    number: u32,
}

impl Lead<'_> {
    fn transport(&self) -> &str {
        self.port.protocol.text().unwrap_or("TCP")
    }

    /// What the listener of the proxy is for, in a word; none where that is not known, or nothing for Istio.
    fn listener(&self) -> Option<&'static str> {
        match Protocol::of_service_port(self.port)? {
            Protocol::Udp => None,
            Protocol::Auto => Some("no protocol"),
            protocol if protocol.is_http() => Some("HTTP"),
            _ => Some("TCP"),
        }
    }
}

fn target(port: &ServicePort, number: u32) -> String {
    match port.target_port.value() {
        Some(IntOrString::Int(target)) => target.to_string(),
        Some(IntOrString::String(name)) => name.to_string(),
        None => number.to_string(),
    }
}

/// What Kubernetes carries to one port of the Services.
fn transports(workload: &Entry, number: u32, leads: &[Lead<'_>], cx: &mut Context<'_>) {
    let transports = distinct(leads.iter().map(Lead::transport));
    if transports.len() < 2 {
        return;
    }
    let message = format!(
        "port {number} of {} is {}\nServices: {}.",
        workload.qualified_name(),
        transports.join(" and "),
        names(leads)
    );
    let finding = cx.report(workload.resource.name_span(), message).alias("IST0116");
    if transports.contains(&"UDP") {
        finding.severity(Severity::Hint);
    }
}

/// What Istio takes the connections to one port of the workload for.
fn protocols(workload: &Entry, target: &str, leads: &[Lead<'_>], cx: &mut Context<'_>) {
    let mut numbers: Vec<u32> = leads.iter().map(|lead| lead.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let listeners = distinct(leads.iter().filter_map(Lead::listener));
    let place = workload.resource.name_span();
    let finding = if listeners.len() > 1 {
        let message = format!(
            "port {target} of {} is {} by its Services\nThe proxy has one listener for it, by the oldest of them. Services: {}.",
            workload.qualified_name(),
            listeners.join(" and "),
            names(leads)
        );
        cx.report(place, message)
    } else if numbers.len() > 1 {
        let list: Vec<String> = numbers.iter().map(u32::to_string).collect();
        let message = format!(
            "ports {} of Services lead to one port {target} of {}\nThe proxy in front of it counts all requests for one Service. Services: {}.",
            list.join(" and "),
            workload.qualified_name(),
            names(leads)
        );
        cx.report(place, message).severity(Severity::Info)
    } else {
        return;
    };
    if numbers.len() > 1 {
        finding.alias("IST0137");
    }
    for lead in leads {
        finding.related(lead.service.entry.id, lead.port.span, "leads to the port");
    }
}

fn names(leads: &[Lead<'_>]) -> String {
    distinct(leads.iter().map(|lead| lead.service.entry.name())).join(", ")
}

fn distinct<'s>(texts: impl Iterator<Item = &'s str>) -> Vec<&'s str> {
    let mut found = Vec::new();
    for text in texts {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}
