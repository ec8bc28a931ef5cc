//! Rule `duplicate-value`.

use super::places::{Found, Places, at, is_reported, object, quoted, select, tree};
use crate::index::Entry;
use crate::resource::{Kind, host};
use crate::rules::{Context, rule};

rule! {
    /// A value that may stand only once stands twice.
    ///
    /// ## Why
    /// Ports, subsets and hosts are told apart by these values; istiod refuses the resource.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - {name: v1, labels: {version: v1}}
    ///   - {name: v1, labels: {version: v2}} #~ duplicate-value `v1` twice
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - {name: v1, labels: {version: v1}}
    ///   - {name: v2, labels: {version: v2}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "duplicate-value", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

const PLACES: Places = &[
    (Kind::DestinationRule, &["spec.subsets[].name", "spec.exportTo[]"]),
    (Kind::VirtualService, &["spec.exportTo[]"]),
    (Kind::ServiceEntry, &["spec.ports[].name", "spec.ports[].number", "spec.exportTo[]"]),
    (Kind::Gateway, &["spec.servers[].port.name"]),
    (Kind::Sidecar, &["spec.ingress[].port.number", "spec.egress[].port.number"]),
    (Kind::WasmPlugin, &["spec.vmConfig.env[].name"]),
];
const HOSTS: Places = &[(Kind::VirtualService, &["spec.hosts[]"])];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    let patterns = PLACES.iter().filter(|(kind, _)| *kind == entry.resource.kind).flat_map(|(_, patterns)| *patterns);
    for pattern in patterns {
        // Port 0 is that of a socket, of which there may be several.
        let found: Vec<_> = select(root, pattern).into_iter().filter(|found| found.number() != Some(0.0)).collect();
        report(entry, &found, |one, two| one == two, cx);
    }
    report(entry, &at(HOSTS, entry, root), host::overlap, cx);
}

fn report(entry: &Entry, found: &[Found<'_>], same: impl Fn(&str, &str) -> bool, cx: &mut Context<'_>) {
    for (at, later) in found.iter().enumerate() {
        let Some(text) = later.text().filter(|text| !text.is_empty() && !is_reported(later.node.span, cx)) else {
            continue;
        };
        let mut before = found.iter().take(at);
        if let Some(earlier) = before.find(|earlier| earlier.text().is_some_and(|other| same(other, text))) {
            let is_same = earlier.text() == Some(text);
            let what = match earlier.text().filter(|_| !is_same) {
                Some(other) => format!("{} and {} overlap", quoted(text), quoted(other)),
                None => format!("{} stands here twice", quoted(text)),
            };
            let is_item = is_same && matches!(later.name, "hosts" | "exportTo");
            let edit = cx.document(entry).filter(|_| is_item).and_then(|document| {
                let path = document.path_at(later.node.span.start()).to_edit();
                document.remove(&path)
            });
            let finding = cx.report(later.node.span, format!("{what}\nistiod refuses the resource."));
            finding.related(entry.id, earlier.node.span, "the first");
            finding.safe_fix("remove it", edit.into_iter().collect());
        }
    }
}
