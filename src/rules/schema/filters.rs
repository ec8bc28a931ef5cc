//! What the API server refuses in the filters of a route of the Gateway API.

use super::nodes::{has, items, key_of, text};
use super::refused_combination::{Refusal, Repair};
use crate::text::Span;
use crate::yaml::Node;

/// The refusals of one list of filters: most may stand in it only once, and a request is not both redirected and rewritten.
pub(super) fn refusals(holder: &Node) -> Vec<Refusal> {
    const ONCE: &[&str] = &["RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "CORS"];
    let mut refusals = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for filter in items(holder, "filters") {
        refusals.extend(fraction(filter));
        refusals.extend(lone_stars(filter));
        let Some(kind) = text(filter, "type") else { continue };
        let place = filter.get("type").map(|kind| kind.span);
        if ONCE.contains(&kind) && seen.contains(&kind) {
            refusals.extend(refusal(place, format!("a filter {kind} may stand only once here")));
        }
        let other = match kind {
            "RequestRedirect" => "URLRewrite",
            "URLRewrite" => "RequestRedirect",
            _ => "",
        };
        if seen.contains(&other) {
            refusals.extend(refusal(place, "a request is either redirected or rewritten, not both"));
        }
        seen.push(kind);
    }
    refusals
}

/// The filters of `holder` that write another prefix need exactly one match of a prefix in `rule`.
pub(super) fn prefixes(rule: &Node, holder: &Node) -> Vec<Refusal> {
    let mut matches = items(rule, "matches");
    let is_prefix =
        |one: &Node| one.get("path").is_none_or(|path| matches!(text(path, "type"), None | Some("PathPrefix")));
    let fits = rule.get("matches").is_none() || matches.next().is_some_and(is_prefix) && matches.next().is_none();
    let filters = items(holder, "filters").filter(|_| !fits);
    let paths = filters.filter_map(|filter| filter.get("urlRewrite").or(filter.get("requestRedirect"))?.get("path"));
    let paths = paths.filter(|path| text(path, "type") == Some("ReplacePrefixMatch"));
    paths
        .filter_map(|path| {
            refusal(key_of(path, "replacePrefixMatch"), "a prefix is replaced only under one match of a prefix")
        })
        .collect()
}

fn refusal(span: Option<Span>, message: impl Into<String>) -> Option<Refusal> {
    span.map(|span| Refusal { span, message: message.into(), repair: Repair::None })
}

/// Not more than all requests are mirrored.
fn fraction(filter: &Node) -> Option<Refusal> {
    let fraction = filter.get("requestMirror")?.get("fraction")?;
    let number = |key: &str| text(fraction, key).and_then(|text| text.parse::<u32>().ok());
    let denominator = if has(fraction, "denominator") { number("denominator")? } else { 100 };
    let place = fraction.get("numerator").filter(|_| number("numerator").is_some_and(|part| part > denominator));
    refusal(place.map(|numerator| numerator.span), format!("`numerator` is at most `denominator`, here {denominator}"))
}

/// A `*` that takes everything has no others beside it.
fn lone_stars(filter: &Node) -> Vec<Refusal> {
    let Some(cors) = filter.get("cors") else { return Vec::new() };
    let star = |key: &&str| {
        let is_star = |item: &&Node| item.as_scalar().is_some_and(|scalar| scalar.text == "*");
        let place = items(cors, key).find(is_star).filter(|_| items(cors, key).nth(1).is_some());
        refusal(place.map(|star| star.span), format!("`*` stands alone in `{key}`"))
    };
    ["allowOrigins", "allowMethods", "allowHeaders"].iter().filter_map(star).collect()
}
