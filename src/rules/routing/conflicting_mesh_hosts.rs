//! Rule `conflicting-mesh-hosts`.

use smol_str::SmolStr;

use crate::index::{Key, Ref};
use crate::resource::host;
use crate::resource::istio::VirtualService;
use crate::rules::together::are_applied_together;
use crate::rules::{Context, rule};
use crate::tls;

rule! {
    /// Two VirtualServices are for the same host in the mesh.
    ///
    /// ## Why
    /// For sidecars only one VirtualService counts for a host: they are not merged as they are at gateways. The older one wins.
    ///
    /// ## Symptom
    /// The routes of one of them are never used.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata:
    ///   name: one #~ conflicting-mesh-hosts `one` web.shop
    ///   namespace: shop
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route: [{destination: {host: web}}]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata:
    ///   name: two #~ conflicting-mesh-hosts `two` web.shop
    ///   namespace: shop
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route: [{destination: {host: web}}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata:
    ///   name: one
    ///   namespace: shop
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route: [{destination: {host: web}}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0109/>
    "conflicting-mesh-hosts", on: VirtualService, severity: Error, aliases: ["IST0109", "KIA1106"], since: "0.1.0", all_fit: true,
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    if !tls::is_for_mesh(service.spec) || !service.gateways.is_certain() {
        return;
    }
    for written in service.spec.hosts.items() {
        let name = host::resolve(written, &service.entry.namespace);
        let others = cx.view.typed::<VirtualService>(&Key::RouteFor(name.as_str().into()));
        let mut others = others
            .filter(|other| is_other(service, *other) && are_applied_together(cx.view, service.entry, other.entry));
        if let Some(other) = others.find(|other| tls::is_for_mesh(other.spec) && meet(service, *other)) {
            let finding = cx.report(
                service.entry.resource.name_span(),
                format!(
                    "{} is for {name} in the mesh too\nSidecars use one VirtualService a host, the oldest; the routes of the other are \
                     never used.",
                    other.entry.title()
                ),
            );
            finding.related(other.entry.id, other.entry.resource.name_span(), format!("for {name} too"));
            return;
        }
    }
}

/// Another object: of one namespace and name there is only one.
fn is_other(one: Ref<'_, VirtualService>, two: Ref<'_, VirtualService>) -> bool {
    one.entry.qualified_name() != two.entry.qualified_name()
}

/// Some client sees both.
fn meet(one: Ref<'_, VirtualService>, two: Ref<'_, VirtualService>) -> bool {
    let scopes = |service: Ref<'_, VirtualService>| -> Option<Vec<SmolStr>> {
        let targets = &service.spec.export_to;
        if targets.items().next().is_none() || targets.items().any(|target| target.as_str() == "*") {
            return None;
        }
        let own = |target: &SmolStr| if target == "." { service.entry.namespace.clone() } else { target.clone() };
        Some(targets.items().map(|target| own(&target.value)).collect())
    };
    match (scopes(one), scopes(two)) {
        (Some(one), Some(two)) => one.iter().any(|scope| two.contains(scope)),
        _ => true,
    }
}
