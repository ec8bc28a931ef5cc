//! Rule `invalid-regex`.

use super::places::{Found, Places, at, is_reported, object, tree};
use super::re2;
use crate::index::Entry;
use crate::resource::{Kind, holds_placeholder};
use crate::rules::{Context, rule};
use crate::text::{Span, TextEdit};
use crate::yaml::{Resolved, Scalar};

rule! {
    /// A regular expression that Envoy cannot use.
    ///
    /// ## Why
    /// Envoy uses RE2: no look-around, no back references, at most 1024 bytes. istiod refuses what RE2 does not compile.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - match:
    ///     - uri: {regex: "/(?!admin).*"} #~ invalid-regex `"/(?!admin).*"` RE2
    ///     route: [{destination: {host: web.example.com}}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - match:
    ///     - uri: {regex: "/shop/.*"}
    ///     route: [{destination: {host: web.example.com}}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "invalid-regex", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

const PLACES: Places = &[(
    Kind::VirtualService,
    &[
        "spec.http[].match[].uri|scheme|method|authority.regex",
        "spec.http[].match[].headers|queryParams{}.regex",
        "spec.http[].corsPolicy.allowOrigins[].regex",
        "spec.http[].rewrite.uriRegexRewrite.match",
    ],
)];
/// Where `*` alone stands for any value.
const PRESENCE: Places = &[(Kind::VirtualService, &["spec.http[].match[].withoutHeaders{}.regex"])];
/// Where an empty expression is one that is missing, which another rule says.
const NEEDED: Places = &[(
    Kind::VirtualService,
    &["spec.http[].corsPolicy.allowOrigins[].regex", "spec.http[].rewrite.uriRegexRewrite.match"],
)];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    let needed: Vec<Span> = at(NEEDED, entry, root).iter().map(|found| found.node.span).collect();
    let present = at(PRESENCE, entry, root).into_iter().filter(|found| found.text() != Some("*"));
    for found in at(PLACES, entry, root).into_iter().chain(present) {
        let is_missing = found.text() == Some("") && needed.contains(&found.node.span);
        if let Some(message) = wrong(&found).filter(|_| !is_missing && !is_reported(found.node.span, cx)) {
            let finding = cx.report(found.node.span, message);
            if found.text() == Some("*") {
                finding.unsafe_fix("write .*", vec![TextEdit::replace(found.node.span, "\".*\"")]);
            }
        }
    }
}

/// The expression; the name of a group looks like a placeholder and is none.
fn expression<'n>(found: &Found<'n>) -> Option<&'n str> {
    let is_known = |scalar: &&Scalar| !found.node.templated && scalar.resolve() != Resolved::Null;
    let scalar = found.node.as_scalar().filter(is_known)?;
    let text = scalar.text.as_str();
    (!holds_placeholder(&text.replace("(?P<", "(").replace("(?<", "("))).then_some(text)
}

fn wrong(found: &Found<'_>) -> Option<String> {
    let text = expression(found)?;
    if text == "*" {
        return Some("`*` is no regular expression; `.*` matches everything\nistiod refuses the resource.".to_owned());
    }
    if text.len() > 1024 {
        return Some("a regular expression of more than 1024 bytes\nistiod refuses the resource.".to_owned());
    }
    if text.is_empty() {
        return Some("an empty regular expression\nistiod refuses the resource.".to_owned());
    }
    let reason = re2::problem(text)?;
    Some(format!("this is no regular expression of RE2: {reason}\nistiod refuses the resource; Envoy uses RE2."))
}
