//! What the API server refuses in the rules of a route of the Gateway API.

use super::nodes::{has, items, key_of, text};
use super::refused_combination::{Refusal, Repair};
use crate::resource::Kind;
use crate::text::Span;
use crate::yaml::Node;

/// The refusals of one route.
pub(super) fn refusals(spec: &Node, kind: Kind) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for rule in items(spec, "rules") {
        let filters = items(rule, "filters").chain(items(rule, "backendRefs").flat_map(|one| items(one, "filters")));
        let mirrors = filters.filter_map(|filter| filter.get("requestMirror")?.get("backendRef"));
        refusals.extend(items(rule, "backendRefs").chain(mirrors).filter_map(without_port));
        if kind == Kind::HttpRoute {
            refusals.extend(redirect_with_backends(rule));
            refusals.extend(items(rule, "matches").filter_map(|one| path(one.get("path")?)));
        }
        let lists = std::iter::once(rule).chain(items(rule, "backendRefs"));
        refusals.extend(lists.flat_map(filters_of));
    }
    refusals
}

fn refusal(span: Option<Span>, message: impl Into<String>, repair: Repair) -> Option<Refusal> {
    span.map(|span| Refusal { span, message: message.into(), repair })
}

/// A Service is called on a port.
fn without_port(backend: &Node) -> Option<Refusal> {
    let is_service = !has(backend, "group") || text(backend, "group") == Some("");
    let is_service = is_service && (!has(backend, "kind") || text(backend, "kind") == Some("Service"));
    let name = backend.get("name")?;
    let message = format!("the reference to Service `{}` lacks `port`", text(backend, "name")?);
    refusal((is_service && !has(backend, "port")).then_some(name.span), message, Repair::None)
}

fn redirect_with_backends(rule: &Node) -> Option<Refusal> {
    let redirects = items(rule, "filters").any(|filter| has(filter, "requestRedirect"));
    let has_backends = items(rule, "backendRefs").next().is_some();
    let place = key_of(rule, "backendRefs").filter(|_| redirects && has_backends);
    refusal(place, "a rule that redirects takes no `backendRefs`", Repair::Remove("backendRefs"))
}

/// Paths are absolute and plain unless they are regular expressions.
fn path(path: &Node) -> Option<Refusal> {
    let value = path.get("value")?;
    let written = text(path, "value")?;
    if !matches!(text(path, "type").unwrap_or("PathPrefix"), "Exact" | "PathPrefix") {
        return None;
    }
    if !written.starts_with('/') {
        let absolute = format!("/{written}");
        return refusal(Some(value.span), "a path must begin with `/`", Repair::Set(absolute));
    }
    let inside = ["//", "/./", "/../", "%2f", "%2F", "#", "?", " "].into_iter().find(|part| written.contains(part));
    let odd = inside.or_else(|| ["/..", "/."].into_iter().find(|end| written.ends_with(end)));
    refusal(odd.map(|_| value.span), format!("a path must not hold `{}`", odd.unwrap_or("")), Repair::None)
}

/// Most filters may stand in a list only once, and a request is not both redirected and rewritten.
fn filters_of(holder: &Node) -> Vec<Refusal> {
    const ONCE: &[&str] = &["RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "CORS"];
    let mut refusals = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for filter in items(holder, "filters") {
        let Some(kind) = text(filter, "type") else { continue };
        let place = filter.get("type").map(|kind| kind.span);
        if ONCE.contains(&kind) && seen.contains(&kind) {
            refusals.extend(refusal(place, format!("a filter {kind} may stand only once here"), Repair::None));
        }
        let other = match kind {
            "RequestRedirect" => "URLRewrite",
            "URLRewrite" => "RequestRedirect",
            _ => "",
        };
        if seen.contains(&other) {
            refusals.extend(refusal(place, "a request is either redirected or rewritten, not both", Repair::None));
        }
        seen.push(kind);
    }
    refusals
}
