//! Rule `jwt-claim-route-without-authentication`.

use crate::index::keys::gateway_reference;
use crate::index::{Entry, Key, Ref, View};
use crate::resource::Kind;
use crate::resource::istio::{Gateway, RequestAuthentication, VirtualService};
use crate::rules::{Context, Severity, rule};

rule! {
    /// A route by claims of a token that nobody checks.
    ///
    /// ## Why
    /// Claims (`@request.auth.claims.x`) are there only for requests whose token a RequestAuthentication has checked at the gateway.
    ///
    /// ## Symptom
    /// The match never fits; requests take another route or get `404`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: ingress, namespace: shop}
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {istio: shop-gateway}
    ///       annotations: {inject.istio.io/templates: gateway}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: shop-gateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: ["*"]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   gateways: [public]
    ///   http:
    ///   - match:
    ///     - headers:
    ///         "@request.auth.claims.group": {exact: admin} #~ jwt-claim-route-without-authentication
    ///     route: [{destination: {host: web.shop.svc.cluster.local}}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: RequestAuthentication
    /// metadata: {name: jwt, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {istio: shop-gateway}}
    ///   jwtRules: [{issuer: https://login.example.com, jwksUri: https://login.example.com/keys}]
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: ingress, namespace: shop}
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {istio: shop-gateway}
    ///       annotations: {inject.istio.io/templates: gateway}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: shop-gateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: ["*"]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   gateways: [public]
    ///   http:
    ///   - match:
    ///     - headers:
    ///         "@request.auth.claims.group": {exact: admin}
    ///     route: [{destination: {host: web.shop.svc.cluster.local}}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0149/>
    "jwt-claim-route-without-authentication", on: VirtualService, severity: Error, aliases: ["IST0149"], since: "0.1.0", all_fit: true,
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let matches = service.spec.http.items().flat_map(|http| http.matches.items());
    let headers = matches.flat_map(|one| one.headers.value().into_iter().chain(one.without_headers.value()).flatten());
    let claim = headers.into_iter().find(|(key, _)| key.starts_with("@request.auth.claims"));
    let Some((claim, span)) = claim.and_then(|(key, field)| Some((key.clone(), field.key()?))) else { return };
    for name in service.spec.gateways.items().filter(|name| name.as_str() != "mesh") {
        let (namespace, name) = gateway_reference(name, &service.entry.namespace);
        let Some(gateway) = cx.view.named::<Gateway>(namespace, name) else { continue };
        let Some(workloads) = workloads(cx.view, gateway) else { continue };
        let unchecked = workloads.iter().filter(|workload| !is_authenticated(cx.view, workload));
        let mut places: Vec<_> = unchecked.map(|workload| (workload.qualified_name(), Severity::Error)).collect();
        // The gateway is installed from elsewhere, and what checks its tokens may be, too.
        if workloads.is_empty() && !may_be_authenticated(cx.view, gateway) {
            places.push((format!("the workload of Gateway {}", gateway.entry.qualified_name()), Severity::Info));
        }
        for (place, severity) in places {
            let message = format!(
                "no RequestAuthentication checks tokens at {place}\n`{claim}` is there only for requests with a checked token: this \
                 match never fits."
            );
            let finding = cx.report(span, message).severity(severity);
            finding.related(gateway.entry.id, gateway.entry.resource.name_span(), "requests arrive here");
        }
    }
}

/// The workloads of the workspace that serve the Gateway; none where its selector is not known.
fn workloads<'a>(view: &View<'a>, gateway: Ref<'a, Gateway>) -> Option<Vec<&'a Entry>> {
    let selector = &gateway.spec.selector;
    let pairs: Vec<_> = selector.pairs().map(|(key, value)| (key.as_str(), value.value.as_str())).collect();
    let is_known = !pairs.is_empty() && selector.is_certain();
    is_known.then(|| view.workloads_anywhere(&pairs).into_iter().map(|workload| &**workload).collect())
}

/// Some RequestAuthentication of the workspace may be for a gateway that is not in it: of the root namespace or that of the
/// Gateway, or with a label of the gateway.
fn may_be_authenticated(view: &View<'_>, gateway: Ref<'_, Gateway>) -> bool {
    let near = [view.mesh().root_namespace.as_str(), &gateway.entry.namespace];
    let own = |key: &str| gateway.spec.selector.under(key).map(|value| &value.value);
    view.may_be_elsewhere(&Key::All(Kind::RequestAuthentication))
        || view.all::<RequestAuthentication>().any(|authentication| {
            let Some(selector) = authentication.spec.selector.value().filter(|selector| selector.is_certain()) else {
                return true;
            };
            let names_it = selector.pairs().any(|(key, value)| own(key) == Some(&value.value));
            let contradicts = selector.pairs().any(|(key, value)| own(key).is_some_and(|own| *own != value.value));
            names_it || (!contradicts && near.contains(&authentication.entry.namespace.as_str()))
        })
}

fn is_authenticated(view: &View<'_>, workload: &Entry) -> bool {
    let root = view.mesh().root_namespace.clone();
    [root.as_str(), &workload.namespace].into_iter().any(|namespace| {
        let elsewhere = Key::Namespace(Kind::RequestAuthentication, namespace.into());
        view.may_be_elsewhere(&elsewhere)
            || view.in_namespace::<RequestAuthentication>(namespace).any(|authentication| {
                let selector = &authentication.spec.selector;
                let targeted =
                    !authentication.spec.target_ref.is_absent() || !authentication.spec.target_refs.is_absent();
                let selects = |pods: crate::resource::Workload<'_>| {
                    selector.value().is_some_and(|selector| pods.matches(selector.pairs()))
                };
                targeted
                    || selector.is_uncertain()
                    || selector.selects_all()
                    || workload.workload().is_some_and(selects)
            })
    })
}
