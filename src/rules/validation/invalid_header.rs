//! Rule `invalid-header`.

use super::header_value;
use super::places::{object, quoted, select, tree};
use crate::index::Ref;
use crate::resource::holds_placeholder;
use crate::resource::istio::VirtualService;
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::yaml::Node;

rule! {
    /// A header that cannot be matched, set or removed.
    ///
    /// ## Why
    /// The name of a header has no blanks and no `:`. Pseudo headers such as `:path` can be matched but not changed, except `:authority` of a request; the `host` of a request can be set but not removed. In values `%` begins and ends a variable of Envoy, a plain one is `%%`. istiod refuses the resource.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid: header name is not a valid header name`.
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
    ///     - headers: {"x user": {exact: jane}} #~ invalid-header `"x user"` name
    ///     headers:
    ///       request:
    ///         set: {x-discount: 50%} #~ invalid-header `50%` `%%`
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
    ///     - headers: {x-user: {exact: jane}}
    ///     headers:
    ///       request:
    ///         set: {x-discount: 50%%}
    ///     route: [{destination: {host: web.example.com}}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers>
    "invalid-header", on: VirtualService, severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let Some(document) = tree(service.entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    let mut wrong: Vec<(Span, String)> = Vec::new();
    let matched = keys(root, "spec.http[].match[].headers|withoutHeaders{}");
    collect(&mut wrong, matched, is_matchable, "is no name of a header");
    let listed = texts(root, "spec.http[].corsPolicy.allowHeaders|exposeHeaders[]");
    collect(&mut wrong, listed, |name| name == "*" || is_token(name), "is no name of a header");
    for holder in ["spec.http[].headers", "spec.http[].route[].headers"] {
        let below = |rest: &str| format!("{holder}.{rest}");
        let set = keys(root, &below("request.set|add{}"));
        collect(
            &mut wrong,
            set,
            |name| is_changeable(name) || is_authority(name),
            "is no header that a request can get",
        );
        let set = keys(root, &below("response.set|add{}"));
        collect(&mut wrong, set, is_changeable, "is no header that a response can get");
        let removed = texts(root, &below("request|response.remove[]"));
        collect(&mut wrong, removed, is_changeable, "is no header that can be removed");
        for (span, value) in texts(root, &below("request|response.set|add{}")) {
            wrong.extend(header_value::problem(value).map(|why| (span, format!("this value cannot be sent: {why}"))));
        }
    }
    wrong.sort();
    for (span, message) in wrong {
        cx.report(span, format!("{message}\nistiod refuses the resource."));
    }
}

fn collect(
    wrong: &mut Vec<(Span, String)>,
    names: Vec<(Span, &str)>,
    is_valid: impl Fn(&str) -> bool,
    what: &'static str,
) {
    let names = names.into_iter().filter(|(_, name)| !is_valid(name) && !holds_placeholder(name));
    wrong.extend(names.map(|(span, name)| (span, format!("{} {what}", quoted(name)))));
}

fn keys<'n>(root: &'n Node, pattern: &str) -> Vec<(Span, &'n str)> {
    select(root, pattern).into_iter().map(|found| (found.key, found.name)).collect()
}

fn texts<'n>(root: &'n Node, pattern: &str) -> Vec<(Span, &'n str)> {
    select(root, pattern).into_iter().filter_map(|found| Some((found.node.span, found.text()?))).collect()
}

fn is_token(name: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_inner)
}

fn is_matchable(name: &str) -> bool {
    matches!(name, ":method" | ":scheme" | ":authority" | ":path" | ":status") || is_claim(name) || is_token(name)
}

/// The claim of a token, which a gateway can match like a header: `@request.auth.claims.sub`.
pub(super) fn is_claim(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some(claim) = lower.strip_prefix("@request.auth.claims") else { return false };
    let is_dotted = claim.starts_with('.') && claim.len() > 1;
    is_dotted || claim.starts_with('[') && claim.ends_with(']') && claim.len() > 2
}

/// The header is the host of a request, by either name.
pub(super) fn is_authority(name: &str) -> bool {
    name.eq_ignore_ascii_case(":authority") || name.eq_ignore_ascii_case("host")
}

fn is_changeable(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(':') && !name.eq_ignore_ascii_case("host")
}
