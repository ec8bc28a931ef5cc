//! What the API server refuses in the rules of a route of the Gateway API.

use super::filters;
use super::nodes::{has, items, key_of, text};
use super::refused_combination::{Refusal, Repair};
use crate::resource::{Kind, schema};
use crate::text::Span;
use crate::yaml::Node;

/// The refusals of one route.
pub(super) fn refusals(spec: &Node, kind: Kind) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for rule in items(spec, "rules") {
        let filters = items(rule, "filters").chain(items(rule, "backendRefs").flat_map(|one| items(one, "filters")));
        let called =
            filters.filter_map(|filter| filter.get("requestMirror").or(filter.get("externalAuth"))?.get("backendRef"));
        refusals.extend(items(rule, "backendRefs").chain(called).filter_map(without_port));
        if kind == Kind::HttpRoute {
            refusals.extend(redirect_with_backends(rule));
            refusals.extend(items(rule, "matches").filter_map(|one| path(one.get("path")?)));
            refusals.extend(timeouts(rule));
        }
        refusals.extend(items(rule, "matches").filter_map(|one| one.get("method")).flat_map(method));
        refusals.extend(cookie(rule));
        for list in std::iter::once(rule).chain(items(rule, "backendRefs")) {
            refusals.extend(filters::refusals(list));
            refusals.extend(filters::prefixes(rule, list));
        }
    }
    if kind == Kind::TlsRoute {
        let addresses =
            items(spec, "hostnames").filter(|host| host.as_scalar().is_some_and(|host| is_address(&host.text)));
        refusals.extend(
            addresses.filter_map(|host| refusal(Some(host.span), "a server name is no IP address", Repair::None)),
        );
    }
    let count = items(spec, "rules").map(|rule| items(rule, "matches").count()).sum::<usize>();
    let many = key_of(spec, "rules").filter(|_| count > 128);
    refusals.extend(refusal(many, format!("a route has at most 128 matches, not {count}"), Repair::None));
    refusals
}

fn is_address(text: &str) -> bool {
    text.parse::<std::net::IpAddr>().is_ok()
}

/// A try is not longer than all of them together.
fn timeouts(rule: &Node) -> Option<Refusal> {
    let timeouts = rule.get("timeouts")?;
    let length = |key: &str| schema::nanoseconds(text(timeouts, key)?);
    let place = timeouts.get("backendRequest")?.span;
    let is_longer = length("request").is_some_and(|all| all > 0.0 && length("backendRequest") > Some(all));
    refusal(is_longer.then_some(place), "`backendRequest` is not longer than `request`", Repair::None)
}

/// A method of gRPC is named by words of letters, digits and `_`.
fn method(method: &Node) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if method.as_mapping().is_some() && !has(method, "service") && !has(method, "method") {
        let message = "`method` lacks `service` or `method`";
        let place = key_of(method, "type").unwrap_or(method.span);
        refusals.extend(refusal(Some(place), message, Repair::None));
    }
    if !matches!(text(method, "type"), None | Some("Exact")) {
        return refusals;
    }
    let is_word = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && word.starts_with(|first: char| !first.is_ascii_digit())
    };
    for key in ["service", "method"] {
        let Some(written) = text(method, key).filter(|written| !written.is_empty()) else { continue };
        let is_right = match key {
            "service" => written.strip_prefix('.').unwrap_or(written).split('.').all(is_word),
            _ => is_word(written),
        };
        let place = method.get(key).map(|value| value.span).filter(|_| !is_right);
        refusals.extend(refusal(place, format!("`{written}` is no {key} of gRPC"), Repair::None));
    }
    refusals
}

/// Settings of a cookie belong to sessions that are kept in one.
fn cookie(rule: &Node) -> Option<Refusal> {
    let session = rule.get("sessionPersistence")?;
    let cookie = session.get("cookieConfig").filter(|_| has(session, "cookieConfig"))?;
    if text(session, "type").is_some_and(|kind| kind != "Cookie") {
        return refusal(key_of(session, "cookieConfig"), "`cookieConfig` goes with type Cookie", Repair::None);
    }
    let is_endless = text(cookie, "lifetimeType") == Some("Permanent") && !has(session, "absoluteTimeout");
    let place = cookie.get("lifetimeType").map(|lifetime| lifetime.span).filter(|_| is_endless);
    refusal(place, "a Permanent cookie needs `absoluteTimeout`", Repair::None)
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
    let inside = inside
        .or_else(|| written.matches(|c: char| !c.is_ascii_alphanumeric() && !"-/._~!$&'()*+,;=:@%".contains(c)).next());
    let odd = inside.or_else(|| ["/..", "/."].into_iter().find(|end| written.ends_with(end)));
    refusal(odd.map(|_| value.span), format!("a path must not hold `{}`", odd.unwrap_or("")), Repair::None)
}
