//! Fields of a route of HTTP that do not go together.

use super::invalid_header::is_authority;
use super::places::{Found, items, maps, select};
use super::refusal::Refusal;

/// What istiod refuses of a route; a delegate has no delegates of its own.
pub(super) fn refused(route: &Found<'_>, is_delegate: bool) -> Vec<Refusal> {
    let mut refusals = actions(route, is_delegate);
    refusals.extend(matches(route));
    refusals.extend(route.field("redirect").and_then(|redirect| prefix_rewrite(route, &redirect)));
    refusals.extend(route.field("retries").and_then(|retries| no_retries(&retries)));
    refusals.extend(select(route.node, "route").iter().filter_map(weightless));
    refusals.extend(authority(route));
    let unsupported =
        [("fault.abort.http2Error", "`http2Error`"), ("fault.delay.exponentialDelay", "`exponentialDelay`")];
    for (pattern, name) in unsupported {
        let fields = select(route.node, pattern);
        refusals.extend(fields.iter().map(|field| Refusal::at(field.key, format!("{name} is not supported"))));
    }
    let tiny = |percent: &Found<'_>| percent.number().is_some_and(|number| number > 0.0 && number < 0.0001);
    let percents = select(route.node, "fault.delay|abort.percentage.value").into_iter().filter(tiny);
    refusals.extend(percents.map(|percent| Refusal::at(percent.node.span, "a share is 0 or at least 0.0001 percent")));
    refusals.extend(
        body(route)
            .filter(|(_, size)| *size > MEBIBYTE)
            .map(|(body, _)| Refusal::at(body.key, "a response of more than 1 MiB")),
    );
    refusals
}

/// What istiod ignores of a route, or does badly.
pub(super) fn ineffective(route: &Found<'_>) -> Vec<Refusal> {
    let kinds = ["httpStatus", "grpcStatus", "http2Error"];
    let aborts = maps(route.node, "fault.abort").into_iter().filter(|abort| kinds.iter().all(|kind| abort.lacks(kind)));
    let mut ineffective: Vec<Refusal> = aborts
        .map(|abort| Refusal::at(abort.key, "`abort` lacks the error: `httpStatus` or `grpcStatus`").untold())
        .collect();
    let large = body(route).filter(|(_, size)| (100 * 1024 + 1..=MEBIBYTE).contains(size));
    ineffective
        .extend(large.map(|(body, _)| Refusal::at(body.key, "a response of more than 100 KiB slows istiod down")));
    ineffective
}

const MEBIBYTE: usize = 1024 * 1024;

/// The body of a direct response, and its size in bytes.
fn body<'n>(route: &Found<'n>) -> Option<(Found<'n>, usize)> {
    let body = select(route.node, "directResponse.body").first().copied()?;
    let field = ["string", "bytes"].into_iter().find_map(|name| body.field(name))?;
    let size = field.text()?.len();
    Some((field, if field.name == "bytes" { size / 4 * 3 } else { size }))
}

/// A list of several destinations that all get nothing.
pub(super) fn weightless(list: &Found<'_>) -> Option<Refusal> {
    let weight = |item: &Found<'_>| {
        let weight = item.node.as_mapping().map(|_| item.field("weight"))?;
        weight.map_or(Some(0.0), |weight| weight.number())
    };
    let weights: Option<Vec<f64>> = items(list).iter().map(weight).collect();
    let weights = weights.filter(|weights| weights.len() > 1)?;
    (weights.iter().sum::<f64>() == 0.0)
        .then(|| Refusal::at(list.key, format!("none of the {} destinations has a weight", weights.len())))
}

/// A route has one of forwarding, redirect, direct response and delegate.
fn actions(route: &Found<'_>, is_delegate: bool) -> Vec<Refusal> {
    let both = |one: &str, other: &str| {
        let (one, other) =
            (route.field(one).filter(|_| route.has(one))?, route.field(other).filter(|_| route.has(other))?);
        let message = format!("`{}` and `{}` exclude each other", one.name, other.name);
        Some(Refusal::at(one.key, message).beside(other.key))
    };
    let exclude =
        |one: &str, others: &[&str]| -> Vec<Refusal> { others.iter().filter_map(|other| both(one, other)).collect() };
    if route.has("delegate") && !is_delegate {
        return exclude("delegate", &["route", "redirect"]);
    }
    let mut refusals = Vec::new();
    if let Some(delegate) = route.field("delegate").filter(|_| route.has("delegate")) {
        refusals.push(Refusal::at(delegate.key, "a delegate, having no `hosts`, delegates no further"));
    }
    if route.has("redirect") {
        refusals.extend(exclude("redirect", &["route", "fault", "rewrite", "directResponse"]));
    } else if route.has("directResponse") {
        refusals.extend(exclude("directResponse", &["route", "fault", "rewrite"]));
    } else if ["route", "redirect", "directResponse"].iter().all(|action| route.lacks(action)) {
        refusals.push(Refusal::at(
            route.place_of("route"),
            "`http` lacks `route`, `redirect`, `directResponse` or `delegate`",
        ));
    }
    refusals.extend(exclude("mirror", &["mirrors"]));
    refusals
}

/// Conditions that say nothing.
fn matches(route: &Found<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for pattern in ["match[].scheme|method|authority.prefix", "match[].headers|withoutHeaders|queryParams{}.prefix"] {
        let empty = select(route.node, pattern).into_iter().filter(|prefix| prefix.text() == Some(""));
        refusals.extend(empty.map(|prefix| Refusal::at(prefix.node.span, "an empty prefix")));
    }
    refusals
}

/// What a redirect puts in the place of a prefix needs matches of prefixes.
fn prefix_rewrite(route: &Found<'_>, redirect: &Found<'_>) -> Option<Refusal> {
    let rewrite = redirect.field("prefixRewrite").filter(|_| redirect.has("prefixRewrite") && redirect.lacks("uri"))?;
    let matched = maps(route.node, "match[].uri").into_iter().find(|uri| uri.node.entry("prefix").is_none())?;
    let message = "`prefixRewrite` needs matches of prefixes";
    Some(Refusal::at(rewrite.key, message).beside(matched.node.span))
}

/// Settings of retries that are turned off.
pub(super) fn no_retries(retries: &Found<'_>) -> Option<Refusal> {
    let set = ["perTryTimeout", "retryOn", "retryRemoteLocalities"].into_iter().find(|name| retries.has(name))?;
    let attempts = retries.field("attempts");
    let place = match &attempts {
        Some(attempts) => attempts.number().filter(|number| *number == 0.0).map(|_| attempts.node.span)?,
        None => retries.key,
    };
    let message = format!("`{set}` needs `attempts`: without it nothing is tried again");
    Some(Refusal::at(place, message).beside(retries.field(set)?.key))
}

/// The host of the request is set at one place alone.
fn authority(route: &Found<'_>) -> Option<Refusal> {
    let rewritten = select(route.node, "rewrite.authority").into_iter();
    let headers =
        select(route.node, "headers.request.set{}").into_iter().chain(select(route.node, "headers.request.add{}"));
    let mut places = rewritten.chain(headers.filter(|header| is_authority(header.name)));
    let first = places.find(|place| place.text().is_some_and(|text| !text.is_empty()))?;
    let second = places.next()?;
    Some(Refusal::at(second.key, "the host of the request is set twice").beside(first.key))
}
