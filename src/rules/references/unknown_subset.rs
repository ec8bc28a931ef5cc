//! Rule `unknown-subset`.

use crate::index::keys::gateway_reference;
use crate::index::{Key, Ref, View};
use crate::resource::istio::{DestinationRule, Gateway, VirtualService};
use crate::resource::{Spanned, host};
use crate::rules::{Context, rule};
use crate::text::{TextEdit, only_near};
use crate::tls::{self, Client, Labels, Service};
use smol_str::SmolStr;

rule! {
    /// A route names a subset that no DestinationRule of its clients defines.
    ///
    /// ## Why
    /// A client reads one DestinationRule for a host: of its own namespace, else of the service's, else of the root
    /// namespace, each if exported to it. A route to a subset that this rule does not define has no cluster behind it.
    ///
    /// ## Symptom
    /// `503` with response flag `NC` (`cluster_not_found`).
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
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - name: canary
    ///     labels: {track: canary}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, subset: cannary} #~ unknown-subset `cannary`
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
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - name: canary
    ///     labels: {track: canary}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, subset: canary}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset>
    "unknown-subset", on: VirtualService, severity: Error, aliases: ["IST0101", "KIA1107"], since: "0.1.0",
}

fn check(route: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    if !route.gateways.is_certain() {
        return;
    }
    for (_, destination) in route.spec.destinations() {
        let (Some(written), Some(subset)) = (destination.host.text(), destination.subset.present()) else { continue };
        let name = host::resolve(written, &route.entry.namespace);
        let services = tls::services(cx.view, &name);
        let Some(service) = services.first().filter(|service| !service.is_dynamic()) else { continue };
        if !subset.is_empty() && is_unknown(route, service, subset, cx.view) {
            report(route, service, subset, cx);
        }
    }
}

fn report(route: Ref<'_, VirtualService>, service: &Service<'_>, subset: &Spanned<SmolStr>, cx: &mut Context<'_>) {
    let rules = cx.view.rules_for(&service.host);
    let names = rules.iter().flat_map(|rule| rule.spec.subsets.items().filter_map(|subset| subset.name.text()));
    let near = only_or_near(subset, names.collect());
    let removal = cx.document(route.entry).and_then(|document| {
        let path = document.path_at(subset.key.start()).to_edit();
        document.remove(&path)
    });
    let is_defined_off_path = rules.iter().any(|rule| defines(*rule, subset));
    let why =
        if is_defined_off_path { "The rule that defines it is not read by the clients" } else { "Nobody defines it" };
    let message = format!(
        "no DestinationRule that the clients read defines subset {} of {}\n{why}: requests get 503 (NC).",
        subset.value, service.host
    );
    let message = match message.split_once('\n') {
        Some((first, rest)) if first.chars().count() > 100 => {
            format!("no DestinationRule defines subset {} here\nThe host is {}. {rest}", subset.value, service.host)
        }
        _ => message,
    };
    let finding = cx.report(subset.span, message);
    if !is_defined_off_path {
        finding.alias("IST0101").alias("KIA1107");
    }
    for rule in &rules {
        let span = rule.spec.subsets.key().unwrap_or_else(|| rule.entry.resource.name_span());
        finding.related(rule.entry.id, span, "the subsets of this DestinationRule");
    }
    if let Some(near) = near.filter(|_| !is_defined_off_path) {
        finding.safe_fix(format!("use subset {near}"), vec![TextEdit::replace(subset.span, near)]);
    }
    finding.unsafe_fix("route to all endpoints, without subset", removal.into_iter().collect());
}

fn only_or_near(subset: &str, mut names: Vec<&str>) -> Option<SmolStr> {
    names.sort_unstable();
    names.dedup();
    let only = <[&str; 1]>::try_from(names.clone()).ok().map(|[only]| only);
    let only = only.filter(|only| crate::text::edit_distance(only, subset) <= 2);
    only.or_else(|| only_near(subset, names)).map(SmolStr::from)
}

fn defines(rule: Ref<'_, DestinationRule>, subset: &str) -> bool {
    rule.spec.subsets.items().any(|known| known.name.text() == Some(subset))
}

/// Surely no client of one side, sidecars or a gateway, finds the subset.
fn is_unknown(route: Ref<'_, VirtualService>, service: &Service<'_>, subset: &str, view: &View<'_>) -> bool {
    let rules = view.rules_for(&service.host);
    let is_open = |rule: &Ref<'_, DestinationRule>| {
        !rule.spec.subsets.is_certain()
            || rule.spec.subsets.items().any(|known| known.name.is_uncertain())
            || (defines(*rule, subset) && !tls::is_admitted(rule.entry))
    };
    let near = [&route.entry.namespace, &service.namespace];
    let is_for_unknown_host = near
        .iter()
        .any(|namespace| view.in_namespace::<DestinationRule>(namespace).any(|rule| rule.spec.host.is_uncertain()));
    let may_be_elsewhere = view.may_be_elsewhere(&Key::RuleHostAnywhere(service.host.clone()));
    if rules.iter().any(is_open) || is_for_unknown_host || may_be_elsewhere {
        return false;
    }
    if !rules.iter().any(|rule| defines(*rule, subset)) {
        return true;
    }
    let finds = |client: &Client<'_>| {
        let lookup = tls::destination_rule(view, client, &service.namespace, &service.host);
        lookup.rule.is_some_and(|rule| rule.subset(subset).is_some())
    };
    let mut gateways = route.spec.gateways.items().filter(|name| name.as_str() != "mesh");
    let is_unknown_at = |written: &Spanned<SmolStr>| {
        let (of, name) = gateway_reference(written, &route.entry.namespace);
        let Some(gateway) = view.named::<Gateway>(of, name) else { return false };
        let workloads = tls::gateway::workloads_of(view, gateway);
        workloads.iter().all(|workload| workload.assumptions.is_empty() && !finds(&workload.client()))
    };
    let is_for_mesh = tls::is_for_mesh(route.spec);
    if is_for_mesh && mesh_finds(route, service, view, finds) {
        return !divides_by_gateway(route.spec) && gateways.any(is_unknown_at);
    }
    if is_for_mesh && !divides_by_gateway(route.spec) {
        return true;
    }
    gateways.all(is_unknown_at)
}

/// Some routes are for some gateways only.
fn divides_by_gateway(route: &VirtualService) -> bool {
    let http = route.http.items().flat_map(|route| route.matches.items()).map(|one| &one.gateways);
    let tls = route.tls.items().flat_map(|route| route.matches.items()).map(|one| &one.gateways);
    let tcp = route.tcp.items().flat_map(|route| route.matches.items()).map(|one| &one.gateways);
    http.chain(tls).chain(tcp).any(|gateways| !gateways.is_absent())
}

/// Some sidecar that may read the route finds it.
fn mesh_finds<'a>(
    route: Ref<'_, VirtualService>,
    service: &Service<'a>,
    view: &View<'a>,
    finds: impl Fn(&Client<'a>) -> bool,
) -> bool {
    let of_namespace = |namespace: &SmolStr| Client::gateway(namespace.clone(), Labels::known([]));
    [&route.entry.namespace, &service.namespace].into_iter().any(|namespace| finds(&of_namespace(namespace)))
        || tls::callers(view, service)
            .any(|client| view.exported_to(route.entry, &client.namespace) != Some(false) && finds(&client))
}
