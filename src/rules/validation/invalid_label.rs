//! Rule `invalid-label`.

use super::dns::{is_label_key, is_label_value};
use super::places::{Places, at, is_reported, object, quoted, tree};
use crate::index::Entry;
use crate::resource::{Kind, holds_placeholder};
use crate::rules::{Context, rule};

rule! {
    /// A label that no object of Kubernetes can have.
    ///
    /// ## Why
    /// Keys and values of labels are letters and digits with `-`, `_` and `.` between them, at most 63; a key may have a DNS name and `/` in front. Wildcards do not work. istiod refuses the resource.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid: invalid tag value`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - name: v1
    ///     labels: {version: "v1 beta"} #~ invalid-label `"v1 beta"` value
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
    ///   - name: v1
    ///     labels: {version: v1-beta}
    /// ```
    ///
    /// ## See
    /// <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>
    "invalid-label", on: [VirtualService, DestinationRule, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, TrafficExtension, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

/// Labels of which istiod wants the form of Kubernetes.
const LABELS: Places = &[
    (Kind::DestinationRule, &["spec.subsets[].labels{}"]),
    (Kind::VirtualService, &["spec.http|tls|tcp[].match[].sourceLabels{}"]),
    (Kind::ServiceEntry, &["spec.endpoints[].labels{}"]),
    (Kind::WorkloadEntry, &["spec.labels{}"]),
    (Kind::WorkloadGroup, &["spec.metadata.labels{}"]),
];
/// Selectors, of which it wants a key, and no wildcards.
const SELECTORS: Places = &[
    (Kind::DestinationRule, &["spec.workloadSelector.matchLabels{}"]),
    (Kind::Sidecar, &["spec.workloadSelector.labels{}"]),
    (Kind::EnvoyFilter, &["spec.workloadSelector.labels{}"]),
    (Kind::ServiceEntry, &["spec.workloadSelector.labels{}"]),
    (Kind::AuthorizationPolicy, &["spec.selector.matchLabels{}"]),
    (Kind::RequestAuthentication, &["spec.selector.matchLabels{}"]),
    (Kind::PeerAuthentication, &["spec.selector.matchLabels{}"]),
    (Kind::Telemetry, &["spec.selector.matchLabels{}"]),
    (Kind::WasmPlugin, &["spec.selector.matchLabels{}"]),
    (Kind::TrafficExtension, &["spec.selector.matchLabels{}"]),
    (Kind::ProxyConfig, &["spec.selector.matchLabels{}"]),
];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for label in at(LABELS, entry, root) {
        if !is_label_key(label.name) && !holds_placeholder(label.name) {
            cx.report(label.key, refusal(label.name, "key"));
        }
        if let Some(value) = label.text().filter(|value| !is_label_value(value)) {
            cx.report(label.node.span, refusal(value, "value"));
        }
    }
    for label in at(SELECTORS, entry, root) {
        if label.name.is_empty() || label.name.contains('*') {
            cx.report(label.key, refusal(label.name, "key"));
        }
        let is_new = |value: &&str| value.contains('*') && !is_reported(label.node.span, cx);
        if let Some(value) = label.text().filter(is_new) {
            cx.report(label.node.span, refusal(value, "value"));
        }
    }
}

fn refusal(text: &str, part: &str) -> String {
    format!("{} cannot be the {part} of a label\nistiod refuses the resource.", quoted(text))
}
