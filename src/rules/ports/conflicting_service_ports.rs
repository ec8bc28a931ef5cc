//! Rule `conflicting-service-ports`.

use std::collections::BTreeMap;

use crate::index::Entry;
use crate::resource::IntOrString;
use crate::rules::{Context, rule};
use crate::tls::{self, ProxyKind};

rule! {
    /// Services disagree about a port of one workload.
    ///
    /// ## Why
    /// Services that select the same pods and lead different ports to one target port, or use one port with TCP and UDP, give the proxy in front of the pods two contradicting listeners.
    ///
    /// ## Symptom
    /// Requests to one of the ports are refused or counted for the other Service.
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
    /// spec: {selector: {app: web}, ports: [{name: http, port: 81, targetPort: 8080}]}
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
    let services = cx.view.services_of(workload);
    let mut protocols: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut targets: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for port in services.iter().flat_map(|service| service.spec.ports.items()) {
        let Some(number) = port.port.copied() else { continue };
        let protocol = port.protocol.text().unwrap_or("TCP").to_owned();
        let known = protocols.entry(number).or_default();
        if !known.contains(&protocol) {
            known.push(protocol);
        }
        let target = match port.target_port.value() {
            Some(IntOrString::Int(target)) => target.to_string(),
            Some(IntOrString::String(name)) => name.to_string(),
            None => number.to_string(),
        };
        let known = targets.entry(target).or_default();
        if !known.contains(&number) {
            known.push(number);
        }
    }
    let names: Vec<String> = services.iter().map(|service| service.entry.name().to_owned()).collect();
    for (number, protocols) in protocols.iter().filter(|(_, protocols)| protocols.len() > 1) {
        let message = format!(
            "port {number} of {} is {}\nServices: {}.",
            workload.qualified_name(),
            protocols.join(" and "),
            names.join(", ")
        );
        cx.report(workload.resource.name_span(), message).alias("IST0116");
    }
    for (target, ports) in targets.iter().filter(|(_, ports)| ports.len() > 1) {
        let list: Vec<String> = ports.iter().map(u32::to_string).collect();
        let message = format!(
            "ports {} of Services lead to one port {target} of {}\nThe proxy in front of it cannot tell them apart. Services: {}.",
            list.join(" and "),
            workload.qualified_name(),
            names.join(", ")
        );
        let finding = cx.report(workload.resource.name_span(), message).alias("IST0137");
        for service in &services {
            finding.related(service.entry.id, service.entry.resource.name_span(), "selects the workload");
        }
    }
}
