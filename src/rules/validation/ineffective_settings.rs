//! Rule `ineffective-settings`.

use super::places::{maps, object, tree};
use super::refusal::{self, Refusal};
use super::refused_settings::{has_twin, is_part};
use super::{
    destination_rule, envoy_filter, gateway, request_authentication, service_entry, sidecar, target_refs, telemetry,
    virtual_service, workload_entry,
};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};

rule! {
    /// A setting that does nothing where it stands.
    ///
    /// ## Why
    /// istiod takes the resource, with a warning that hardly anybody sees, and leaves the setting out.
    ///
    /// ## Symptom
    /// No error; the proxy behaves as if the setting were not there.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     loadBalancer:
    ///       localityLbSetting:
    ///         failover: [{from: eu-west, to: eu-north}] #~ ineffective-settings `failover` outlierDetection
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     outlierDetection: {consecutive5xxErrors: 5}
    ///     loadBalancer:
    ///       localityLbSetting:
    ///         failover: [{from: eu-west, to: eu-north}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0133/>
    "ineffective-settings", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, TrafficExtension, ProxyConfig, EnvoyFilter], severity: Warning, aliases: ["IST0133"], since: "0.1.0", all_fit: true,
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx).filter(|_| !is_part(&document) && !has_twin(cx, entry)) else { return };
    let found = match entry.resource.kind {
        Kind::VirtualService => virtual_service::ineffective(root),
        Kind::DestinationRule => destination_rule::ineffective(root),
        Kind::Gateway => gateway::ineffective(root),
        Kind::ServiceEntry => service_entry::ineffective(root),
        Kind::WorkloadEntry => maps(root, "spec").iter().filter_map(workload_entry::without_address).collect(),
        Kind::RequestAuthentication => request_authentication::ineffective(root),
        Kind::Telemetry => telemetry::ineffective(root),
        Kind::Sidecar => sidecar::ineffective(root, &entry.namespace),
        Kind::EnvoyFilter => envoy_filter::ineffective(root),
        _ => Vec::new(),
    };
    let selector = target_refs::ineffective(root).filter(|_| entry.resource.kind != Kind::Gateway);
    // ztunnel gets a policy with an empty selector as one for workloads, and one without as one for the namespace; a
    // ProxyConfig with an empty selector goes before the one of its namespace.
    let is_doubtful = matches!(entry.resource.kind, Kind::AuthorizationPolicy | Kind::ProxyConfig);
    let selector = selector.map(|selector| if is_doubtful { selector.doubtfully() } else { selector });
    let found = found.into_iter().chain(selector);
    // What has no effect can go.
    let found = found.map(Refusal::safely).collect();
    refusal::report(found, entry, cx, "istiod takes the resource, with a warning.");
}
