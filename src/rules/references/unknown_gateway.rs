//! Rule `unknown-gateway`.

use crate::index::keys::gateway_reference;
use crate::index::{Entry, Key, Lookup, Ref, View};
use crate::resource::gateway_api::KubernetesGateway;
use crate::resource::istio::{Gateway, VirtualService};
use crate::resource::{Kind, Spanned};
use crate::rules::routing::internal_gateway_reference::is_internal;
use crate::rules::{Context, Finding, Severity, rule};
use crate::text::TextEdit;
use smol_str::SmolStr;

rule! {
    /// A VirtualService names a Gateway that does not exist.
    ///
    /// ## Why
    /// istiod binds the routes of a VirtualService to the Gateways it names. A name that no Gateway carries binds to
    /// nothing, so the routes are never used; nobody says so.
    ///
    /// ## Symptom
    /// `404` with response flag `NR` for every request to these hosts.
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
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [shop.example.com]
    ///   gateways: [publik] #~ unknown-gateway `publik`
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
    ///   gateways: [public]
    ///   http:
    ///   - route:
    ///     - destination: {host: web}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService>
    "unknown-gateway", on: VirtualService, severity: Error, aliases: ["IST0101", "KIA1102"], since: "0.1.0",
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let http = service.http.items().flat_map(|route| route.matches.items().flat_map(|item| item.gateways.items()));
    let tls = service.tls.items().flat_map(|route| route.matches.items().flat_map(|item| item.gateways.items()));
    let tcp = service.tcp.items().flat_map(|route| route.matches.items().flat_map(|item| item.gateways.items()));
    for gateway in service.gateways.items() {
        if let Some(finding) = check_reference(gateway, service, cx) {
            finding.alias("IST0101").alias("KIA1102");
        }
    }
    // A name that the whole VirtualService is bound to was looked at above.
    let is_new = |name: &&Spanned<SmolStr>| !service.gateways.items().any(|gateway| gateway.value == name.value);
    for gateway in http.chain(tls).chain(tcp).filter(is_new) {
        check_reference(gateway, service, cx);
    }
}

fn check_reference<'c>(
    gateway: &Spanned<SmolStr>,
    service: Ref<'_, VirtualService>,
    cx: &'c mut Context<'_>,
) -> Option<&'c mut Finding> {
    let namespace = &service.entry.namespace;
    if gateway.as_str() == "mesh" || is_internal(gateway) || !lookup(gateway, namespace, cx.view).is_absent() {
        return None;
    }
    // Namespaces that are left out are filled in by whatever applies the files, for both sides of the reference.
    let is_open = |entry: &Entry| entry.resource.metadata.namespace.text().is_none();
    let (_, name) = gateway_reference(gateway, namespace);
    let mut same_name = cx.view.named_anywhere::<Gateway>(name);
    if same_name.any(|other| is_open(other.entry) || (is_open(service.entry) && !gateway.contains('/'))) {
        return None;
    }
    let (of, name) = gateway_reference(gateway, namespace);
    let candidate = only_candidate(of, name, cx.view);
    // A namespace without any Gateway in the workspace may have its Gateways installed from elsewhere.
    let is_open = candidate.is_none() && cx.view.in_namespace::<Gateway>(of).next().is_none();
    let finding = cx.report(
        gateway.span,
        format!(
            "no Gateway {of}/{name} exists\nRequests for the hosts of this VirtualService get 404 (NR): the routes are bound to nothing."
        ),
    );
    if is_open {
        finding.severity(Severity::Hint);
    }
    if let Some(candidate) = candidate {
        let reference = if candidate.entry.namespace == *namespace {
            candidate.entry.name().to_owned()
        } else {
            candidate.entry.qualified_name()
        };
        finding.related(candidate.entry.id, candidate.entry.resource.name_span(), "this Gateway may be meant");
        finding.safe_fix(format!("use Gateway {reference}"), vec![TextEdit::replace(gateway.span, reference)]);
    }
    Some(finding)
}

fn lookup<'a>(gateway: &str, namespace: &str, view: &View<'a>) -> Lookup<Ref<'a, Gateway>> {
    let (of, name) = gateway_reference(gateway, namespace);
    match view.named::<Gateway>(of, name) {
        Some(found) => Lookup::Found(found),
        // Routes are bound to one of the Gateway API by an HTTPRoute; whether a VirtualService reaches it is another question.
        None if view.named::<KubernetesGateway>(of, name).is_some() => Lookup::Unknown,
        None if view.may_be_elsewhere(&Key::AnyNamespace(Kind::Gateway, name.into())) => Lookup::Unknown,
        None if view.holds_namespace(of) => Lookup::Absent,
        None => Lookup::Unknown,
    }
}

fn only_candidate<'a>(namespace: &str, name: &str, view: &View<'a>) -> Option<Ref<'a, Gateway>> {
    let mut same_name = view.named_anywhere::<Gateway>(name);
    if let (Some(only), None) = (same_name.next(), same_name.next()) {
        return Some(only);
    }
    let near = |gateway: &Ref<'_, Gateway>| crate::text::edit_distance(gateway.entry.name(), name) <= 2;
    let mut near = view.typed::<Gateway>(&Key::Namespace(Kind::Gateway, namespace.into())).filter(near);
    let only = near.next()?;
    near.next().is_none().then_some(only)
}
