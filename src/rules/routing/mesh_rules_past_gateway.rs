//! Rule `mesh-rules-past-gateway`.

use crate::index::{Key, Ref};
use crate::resource::host;
use crate::resource::istio::{RouteKind, VirtualService};
use crate::rules::{Context, rule};

rule! {
    /// A gateway routes to a host past the rules that another VirtualService has for the host in the mesh.
    ///
    /// ## Why
    /// A route decides once, where the request enters: the gateway sends to all endpoints of the host, and the rules that the
    /// other VirtualService has for its subsets are those of sidecars. That may well be meant, so it is said only on demand.
    ///
    /// ## Symptom
    /// Requests through the gateway go to every version, those inside the mesh to the chosen one.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web-public, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [edge/public]
    ///   http:
    ///   - route:
    ///     - destination: {host: web} #~ mesh-rules-past-gateway `web` shop/web
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, subset: v1}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web-public, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [edge/public]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, subset: v1}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, subset: v1}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0140/>
    "mesh-rules-past-gateway", on: VirtualService, severity: Info, aliases: ["IST0140"], since: "0.1.0", opt_in: true,
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    if !service.spec.gateways.items().any(|gateway| gateway.as_str() != "mesh") {
        return;
    }
    let wholes = service.spec.destinations().filter(|(kind, to)| *kind == RouteKind::Http && to.subset.is_absent());
    for written in wholes.filter_map(|(_, to)| to.host.present()).collect::<Vec<_>>() {
        let name = host::resolve(written, &service.entry.namespace);
        let mut rules = cx.view.typed::<VirtualService>(&Key::RouteFor(name.as_str().into()));
        let Some(other) = rules.find(|other| other.entry.id != service.entry.id && chooses_subset(*other, &name))
        else {
            continue;
        };
        let message = format!(
            "the gateway routes past what {} says of {name}\nThe rules for its subsets hold for sidecars only.",
            other.entry.title()
        );
        let finding = cx.report(written.span, message);
        finding.alias("IST0140");
        finding.related(other.entry.id, other.entry.resource.name_span(), "chooses a subset of the same host");
    }
}

/// Some route of the VirtualService goes to a subset of the host.
fn chooses_subset(service: Ref<'_, VirtualService>, name: &str) -> bool {
    service.spec.destinations().any(|(_, to)| {
        let same = to.host.text().is_some_and(|host| host::resolve(host, &service.entry.namespace) == name);
        same && !to.subset.is_absent()
    })
}
