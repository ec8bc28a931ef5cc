//! Rule `invalid-name`.

use super::places::{Found, Places, at, object, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// A name that is no DNS label.
    ///
    /// ## Why
    /// Names of ports, subsets and namespaces are lower case letters, digits and `-`, at most 63 of them; istiod refuses the resource.
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
    ///   - name: v1_beta #~ invalid-name `v1_beta` lower case
    ///     labels: {version: v1}
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
    ///   - name: v1-beta
    ///     labels: {version: v1}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "invalid-name", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

const PLACES: Places = &[
    (Kind::Gateway, &["metadata.name"]),
    (Kind::DestinationRule, &["spec.subsets[].name"]),
    (
        Kind::VirtualService,
        &[
            "spec.http|tls|tcp[].route[].destination.subset",
            "spec.http[].mirror.subset",
            "spec.http|tls|tcp[].match[].sourceNamespace",
        ],
    ),
    (Kind::ServiceEntry, &["spec.ports[].name"]),
    (Kind::Sidecar, &["spec.ingress|egress[].port.name"]),
];
/// Lists whose entries may be keywords too.
const EXPORTS: Places = &[
    (Kind::VirtualService, &["spec.exportTo[]"]),
    (Kind::DestinationRule, &["spec.exportTo[]"]),
    (Kind::ServiceEntry, &["spec.exportTo[]"]),
];
const GATEWAYS: Places = &[(Kind::VirtualService, &["spec.gateways[]"])];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for found in at(PLACES, entry, root) {
        if let Some(text) = found.text().filter(|text| !is_label(text)) {
            report(&found, text, cx);
        }
    }
    for found in at(EXPORTS, entry, root) {
        let hidden = entry.resource.kind == Kind::ServiceEntry && found.text() == Some("~");
        if let Some(text) = found.text().filter(|text| !matches!(*text, "." | "*") && !hidden && !is_label(text)) {
            report(&found, text, cx);
        }
    }
    for found in at(GATEWAYS, entry, root) {
        let Some((namespace, name)) = found.text().and_then(|text| text.split_once('/')) else { continue };
        // The names that istiod gives to what it generates are another rule's matter.
        if !(is_label(namespace) && (is_label(name) || name.contains('~'))) {
            report(&found, &format!("{namespace}/{name}"), cx);
        }
    }
}

fn report(found: &Found<'_>, text: &str, cx: &mut Context<'_>) {
    let renamed: String =
        text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let finding = cx.report(
        found.node.span,
        format!("`{text}` is no name: lower case letters, digits and `-`, at most 63\nistiod refuses the resource."),
    );
    if is_label(&renamed) && !text.contains('/') {
        finding.unsafe_fix(format!("write {renamed}"), vec![TextEdit::replace(found.node.span, renamed.clone())]);
    }
}

fn is_label(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=63).contains(&text.len()) && text.chars().all(is_inner) && !text.starts_with('-') && !text.ends_with('-')
}
