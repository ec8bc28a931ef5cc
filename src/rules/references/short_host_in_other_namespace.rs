//! Rule `short-host-in-other-namespace`.

use super::destinations::hosts;
use smol_str::SmolStr;

use crate::index::{Entry, Key, View};
use crate::resource::{Kind, host, kubernetes::Service};
use crate::rules::{Context, Severity, rule};
use crate::text::TextEdit;

rule! {
    /// A short host means a Service of the resource's own namespace, but the Service is in another one.
    ///
    /// ## Why
    /// Istio completes a host without a dot with the namespace of the VirtualService or DestinationRule that names it, not
    /// with that of the client or of the Service.
    ///
    /// ## Symptom
    /// `503` with response flag `NC` (`cluster_not_found`) for a route; a DestinationRule without any effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   ports:
    ///   - {name: http, port: 80}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: job, namespace: team}
    /// spec:
    ///   ports:
    ///   - {name: http, port: 80}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: team}
    /// spec:
    ///   hosts: [web.shop.svc.cluster.local]
    ///   http:
    ///   - route:
    ///     - destination: {host: web} #~ short-host-in-other-namespace `web`
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   ports:
    ///   - {name: http, port: 80}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: job, namespace: team}
    /// spec:
    ///   ports:
    ///   - {name: http, port: 80}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: team}
    /// spec:
    ///   hosts: [web.shop.svc.cluster.local]
    ///   http:
    ///   - route:
    ///     - destination: {host: web.shop.svc.cluster.local}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination>
    "short-host-in-other-namespace", on: [VirtualService, DestinationRule], severity: Error, aliases: ["IST0101", "IST0174"],
    since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    if entry.resource.metadata.namespace.text().is_none() {
        return;
    }
    let (hosts, severity) = hosts(entry);
    for written in hosts {
        let elsewhere = services_elsewhere(written, &entry.namespace, cx.view);
        let Some(first) = elsewhere.first() else { continue };
        let outcome = match severity {
            Severity::Error => "Requests get 503 (NC)",
            _ => "The rule has no effect",
        };
        let message = format!(
            "no Service {} in namespace {}; it is in {}\nA host without a dot is completed with the namespace of the {} \
             that names it. {outcome}.",
            written.value, entry.namespace, first.namespace, entry.resource.kind,
        );
        let finding = cx.report(written.span, message).severity(severity);
        finding.alias(if entry.resource.kind == Kind::VirtualService { "IST0101" } else { "IST0174" });
        for service in &elsewhere {
            finding.related(service.id, service.resource.name_span(), "this Service may be meant");
        }
        if let [only] = elsewhere.as_slice() {
            let full = only.service_host();
            finding.safe_fix(format!("use {full}"), vec![TextEdit::replace(written.span, full)]);
        }
    }
}

/// The rule says something about the host.
pub(super) fn fires(entry: &Entry, written: &str, view: &View<'_>) -> bool {
    entry.resource.metadata.namespace.text().is_some()
        && !services_elsewhere(written, &entry.namespace, view).is_empty()
}

/// The Services called `name`, if `namespace` has none and is known.
pub(super) fn services_elsewhere<'a>(name: &str, namespace: &str, view: &View<'a>) -> Vec<&'a Entry> {
    let full = host::resolve(name, namespace);
    let is_short = full != name && !name.is_empty();
    let may_be_provided = || view.may_be_elsewhere(&Key::Host(SmolStr::new(&full)));
    let is_provided = || may_be_provided() || !view.providers(&full).is_empty() || !view.providers(name).is_empty();
    if !is_short || !is_known(namespace, view) || is_provided() {
        return Vec::new();
    }
    let mut elsewhere: Vec<_> = view.named_anywhere::<Service>(name).map(|service| service.entry).collect();
    // One without a namespace may be applied to any, this one too.
    if elsewhere.iter().any(|service| service.resource.metadata.namespace.text().is_none()) {
        return Vec::new();
    }
    elsewhere.sort_by_key(|service| &service.namespace);
    elsewhere
}

/// Services or workloads of the namespace are in the workspace, so the Service would be too; the root namespace has no
/// services of applications.
fn is_known(namespace: &str, view: &View<'_>) -> bool {
    namespace == view.mesh().root_namespace
        || view.in_namespace::<Service>(namespace).next().is_some()
        || !view.workloads(namespace, &[]).is_empty()
}
