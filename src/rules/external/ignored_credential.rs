//! Rule `ignored-credential`.

use smol_str::SmolStr;

use crate::index::{Ref, View};
use crate::resource::istio::{DestinationRule, RouteKind, TlsMode, VirtualService};
use crate::resource::{Field, List, host};
use crate::rules::mesh::reach::{Reach, path_to_block};
use crate::rules::{Context, rule};
use crate::tls::{self, Client, ClientKind, Readers};
use crate::yaml::{At, Literal};

rule! {
    /// Sidecars do not use `credentialName` of a DestinationRule: they send plaintext.
    ///
    /// ## Why
    /// Only gateways fetch credentials by the `credentialName` of any rule. A sidecar does so only where the rule selects it with
    /// `workloadSelector`; otherwise istiod leaves the whole TLS setting out for it.
    ///
    /// ## Symptom
    /// `400`, `The plain HTTP request was sent to HTTPS port`: the request leaves the sidecar as plaintext.
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
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 80, name: http, protocol: HTTP, targetPort: 443}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE
    ///       credentialName: pay-ca #~ ignored-credential `pay-ca` sidecar
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
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 80, name: http, protocol: HTTP, targetPort: 443}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   host: api.pay.example
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE
    ///       caCertificates: /etc/ssl/certs/pay-ca.pem
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings>
    "ignored-credential", on: DestinationRule, severity: Error, aliases: [], since: "0.1.0",
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    if !rule.spec.workload_selector.is_absent() {
        return;
    }
    let readers = Readers::new(cx.view, rule);
    for connections in cx.reached().values() {
        let used = connections.iter().filter(|reach| {
            let originates = matches!(reach.block.mode, TlsMode::Simple | TlsMode::Mutual);
            originates && reach.block.secret().is_some() && !is_for_gateways_only(reach, cx.view)
        });
        let found = used.into_iter().find_map(|reach| {
            let is_sidecar = |client: &Client<'_>| client.kind == ClientKind::Sidecar && client.assumptions.is_empty();
            Some((reach, readers.of(&reach.service).find(is_sidecar)?))
        });
        if let Some((reach, client)) = found {
            report(rule, reach, &client, cx);
        }
    }
}

/// Routes lead to the port, and all of them belong to gateways.
fn is_for_gateways_only(reach: &Reach<'_>, view: &View<'_>) -> bool {
    let mut legs = view.routes_to(&reach.sent.host).flat_map(|route| legs(route, reach)).peekable();
    legs.peek().is_some() && !legs.any(|is_for_mesh| is_for_mesh)
}

/// The routes of `route` to the port: whether sidecars take each.
fn legs(route: Ref<'_, VirtualService>, reach: &Reach<'_>) -> Vec<bool> {
    let leads = |destination: &crate::resource::istio::Destination| {
        let same_host = |written: &str| host::resolve(written, &route.entry.namespace) == reach.sent.host.as_str();
        let number = destination.port.value().and_then(|port| port.number.copied());
        destination.host.text().is_some_and(same_host)
            && number.map_or(reach.service.ports.len() == 1, |number| number == reach.sent.port)
    };
    let all_for_mesh = tls::is_for_mesh(route.spec);
    let names_mesh = |gateways: &Field<List<SmolStr>>| {
        let mut named = gateways.items().peekable();
        if named.peek().is_none() { all_for_mesh } else { named.any(|name| name.as_str() == "mesh") }
    };
    let mut legs = Vec::new();
    for rule in route.spec.http.items() {
        if rule.route.items().filter_map(|share| share.destination.value()).any(leads) {
            legs.push(match rule.matches.items().next() {
                None => all_for_mesh,
                Some(_) => rule.matches.items().any(|one| names_mesh(&one.gateways)),
            });
        }
    }
    let others = route.spec.destinations().filter(|(kind, destination)| *kind != RouteKind::Http && leads(destination));
    legs.extend(others.map(|_| all_for_mesh));
    legs
}

fn report(rule: Ref<'_, DestinationRule>, reach: &Reach<'_>, client: &Client<'_>, cx: &mut Context<'_>) {
    let Some(secret) = reach.block.secret() else { return };
    let document = cx.document(rule.entry);
    let app = ["app", "app.kubernetes.io/name"].into_iter().find_map(|key| Some((key, client.labels.value(key)?)));
    let selector = app.filter(|_| client.namespace == rule.entry.namespace).and_then(|(key, value)| {
        let path = [At::Key("spec"), At::Key("workloadSelector")];
        let labels = Literal::map([("matchLabels", Literal::map([(key, value)]))]);
        Some((
            format!("select the clients ({key}: {value}): then they fetch it"),
            document.as_ref()?.set(&path, &labels)?,
        ))
    });
    let removal = document.as_ref().filter(|_| reach.block.mode == TlsMode::Simple).and_then(|document| {
        let mut path = path_to_block(document, &reach.block);
        path.push(At::Key("credentialName"));
        document.remove(&path)
    });
    let who = client.members.first().map_or_else(|| client.namespace.to_string(), |member| member.qualified_name());
    let finding = cx.report(
        secret.span,
        format!(
            "the sidecar of {who} ignores credentialName and adds no TLS to what it sends to {}\nOnly gateways, and sidecars that \
             workloadSelector selects, fetch Secrets; without it this whole TLS setting does not count: 400 from the TLS port.",
            reach.sent.host
        ),
    );
    if let Some((title, edit)) = selector {
        finding.unsafe_fix(title, vec![edit]);
    }
    finding.unsafe_fix("verify the server by the system's certificates", removal.into_iter().collect());
}
