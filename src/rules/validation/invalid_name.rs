//! Rule `invalid-name`.

use super::dns::{self, is_label};
use super::places::{Found, Places, at, items, object, quoted, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};
use crate::text::TextEdit;

rule! {
    /// A name that is no DNS label.
    ///
    /// ## Why
    /// Names of ports, subsets and namespaces are letters, digits and `-` between them, at most 63 in all; istiod refuses the resource.
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
    ///   - name: v1_beta #~ invalid-name `v1_beta` letters
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
            "spec.http[].mirrors[].destination.subset",
            "spec.http|tls|tcp[].match[].sourceNamespace",
        ],
    ),
    (Kind::ServiceEntry, &["spec.ports[].name"]),
    (Kind::Sidecar, &["spec.ingress|egress[].port.name", "spec.outboundTrafficPolicy.egressProxy.subset"]),
];
/// Lists whose entries may be keywords too.
const EXPORTS: Places = &[
    (Kind::VirtualService, &["spec.exportTo[]"]),
    (Kind::DestinationRule, &["spec.exportTo[]"]),
    (Kind::ServiceEntry, &["spec.exportTo[]"]),
];
/// Lists of gateways, of which istiod reads no more behind the first name without a namespace.
const GATEWAYS: Places = &[(Kind::VirtualService, &["spec.gateways", "spec.http|tls|tcp[].match[].gateways"])];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for found in at(PLACES, entry, root) {
        // These kinds may do without.
        let is_optional = matches!(entry.resource.kind, Kind::VirtualService | Kind::Sidecar);
        let is_valid = |text: &str| is_label(text) || is_optional && text.is_empty();
        if let Some(text) = found.text().filter(|text| !is_valid(text)) {
            report(&found, text, cx);
        }
    }
    for found in at(EXPORTS, entry, root) {
        let hidden = entry.resource.kind == Kind::ServiceEntry && found.text() == Some("~");
        if let Some(text) = found.text().filter(|text| !matches!(*text, "." | "*") && !hidden && !is_label(text)) {
            report(&found, text, cx);
        }
    }
    for list in at(GATEWAYS, entry, root) {
        for found in items(&list) {
            let Some(text) = found.text() else { break };
            let Some((namespace, name)) = text.split_once('/') else {
                if !dns::is_name(text) {
                    report(&found, text, cx);
                }
                break;
            };
            // The names that istiod gives to what it generates are another rule's matter.
            if !(is_label(namespace) && (is_label(name) || name.contains('~'))) {
                report(&found, text, cx);
            }
        }
    }
}

fn report(found: &Found<'_>, text: &str, cx: &mut Context<'_>) {
    if dns::holds_stand_in(text) {
        return;
    }
    let renamed: String =
        text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let what = quoted(text);
    let finding = cx.report(
        found.node.span,
        format!("{what} is no name: letters, digits and `-`, at most 63\nistiod refuses the resource."),
    );
    if is_label(&renamed) && !text.contains('/') {
        finding.unsafe_fix(format!("write {renamed}"), vec![TextEdit::replace(found.node.span, renamed.clone())]);
    }
}
