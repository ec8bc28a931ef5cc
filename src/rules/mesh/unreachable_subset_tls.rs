//! Rule `unreachable-subset-tls`.

use crate::index::{Ref, View};
use crate::resource::host;
use crate::resource::istio::{DestinationRule, Subset, VirtualService};
use crate::rules::{Context, Edit, Fix, rule};
use crate::yaml::{At, Literal, Place};

use super::copied::copied;
use super::reach::is_routed;

rule! {
    /// TLS settings of a subset to which no route leads.
    ///
    /// ## Why
    /// A subset counts only for requests that a route sends to it. Without one its TLS settings are never used; those of the rule are.
    ///
    /// ## Symptom
    /// The setting has no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web, version: v2}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - name: v2 #~ unreachable-subset-tls `v2` no route
    ///     labels: {version: v2}
    ///     trafficPolicy: {tls: {mode: DISABLE}}
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
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web, version: v2}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, subset: v2}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - name: v2
    ///     labels: {version: v2}
    ///     trafficPolicy: {tls: {mode: DISABLE}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset>
    "unreachable-subset-tls", on: DestinationRule, severity: Hint, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    let Some(written) = rule.host.text().filter(|written| !host::is_wildcard(written)) else { return };
    let name = host::resolve(written, &rule.entry.namespace);
    if may_route_anywhere(cx.view, &name) {
        return;
    }
    for (index, subset) in rule.spec.subsets.items().enumerate() {
        let Some(subset_name) = subset.name.text() else { continue };
        if sets_tls(subset) && !is_routed(cx.view, &name, subset_name) {
            report(rule, index, subset, &name, cx);
        }
    }
}

/// A route to the host leads to a subset that is not known.
fn may_route_anywhere(view: &View<'_>, name: &str) -> bool {
    view.routes_to(name).any(|route| {
        let unknown = route.spec.destinations().any(|(_, destination)| destination.subset.is_uncertain());
        unknown || !route.http.is_certain()
    })
}

fn sets_tls(subset: &Subset) -> bool {
    subset.traffic_policy.value().is_some_and(|policy| {
        !policy.tls.is_absent() || policy.port_level_settings.items().any(|settings| !settings.tls.is_absent())
    })
}

fn report(rule: Ref<'_, DestinationRule>, index: usize, subset: &Subset, name: &str, cx: &mut Context<'_>) {
    let Some(written) = subset.name.present() else { return };
    let route = to_subset(name, &written.value, cx);
    let lifted = lifted(rule, index, subset, cx);
    let finding = cx.report(
        written.span,
        format!(
            "no route leads to subset {}: its TLS settings are not used\nRequests for {name} go by the settings of the rule, or by auto \
             mTLS.",
            written.value
        ),
    );
    route.into_iter().for_each(|fix| {
        finding.fix(fix);
    });
    finding.unsafe_fix("set TLS for the whole host instead", lifted.unwrap_or_default());
}

/// Sends the only route to the host that names no subset there.
fn to_subset(name: &str, subset: &str, cx: &Context<'_>) -> Option<Fix> {
    let mut routes = cx.view.routes_to(name);
    let (route, None) = (routes.next()?, routes.next()) else { return None };
    let leads = |route: Ref<'_, VirtualService>, written: &str| host::resolve(written, &route.entry.namespace) == name;
    let mut destinations =
        route.spec.destinations().filter(|(_, to)| to.host.text().is_some_and(|written| leads(route, written)));
    let ((_, destination), None) = (destinations.next()?, destinations.next()) else { return None };
    let document = cx.document(route.entry).filter(|_| destination.subset.is_absent())?;
    let mut path = document.path_at(destination.host.span()?.start()).to_edit();
    path.pop();
    let edit = document.insert(&path, Place::After("host"), "subset", &Literal::from(subset))?;
    let title = format!("send {} to the subset", route.entry.title());
    Some(Fix { title, safe: false, edits: vec![Edit { resource: route.entry.id, edit }] })
}

/// Moves the TLS of the subset to the rule, which has none.
fn lifted(
    rule: Ref<'_, DestinationRule>,
    index: usize,
    subset: &Subset,
    cx: &Context<'_>,
) -> Option<Vec<crate::text::TextEdit>> {
    let tls = subset.traffic_policy.value()?.tls.value()?;
    if rule.spec.traffic_policy.value().is_some_and(|policy| !policy.tls.is_absent()) {
        return None;
    }
    let document = cx.document(rule.entry)?;
    let policy = [At::Key("spec"), At::Key("subsets"), At::Index(index), At::Key("trafficPolicy")];
    let of_subset = [&policy[..], &[At::Key("tls")]].concat();
    let only = subset.traffic_policy.value()?.port_level_settings.is_absent();
    let removal = document.remove(if only { &policy } else { &of_subset })?;
    let insertion = document.set(&[At::Key("spec"), At::Key("trafficPolicy"), At::Key("tls")], &copied(tls))?;
    Some(vec![insertion, removal])
}
