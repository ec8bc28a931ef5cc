//! Values of an AuthorizationPolicy that istiod refuses, rule by rule. Of a DENY that looks at HTTP alone `http-rule-on-tcp-port`
//! tells, where there is a port of TCP.

use super::places::{Found, items, maps, select};
use super::refusal::Refusal;
use crate::yaml::Node;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for source in maps(root, "spec.rules[].from[].source") {
        refusals.extend(fields(&source).iter().flat_map(empty));
        for list in select(source.node, "serviceAccounts|notServiceAccounts") {
            refusals.extend(service_accounts(&list));
        }
        let domains = select(source.node, "trustDomains|notTrustDomains[]");
        refusals.extend(domains.iter().filter_map(|domain| wildcard(domain).or_else(|| slash(domain))));
    }
    for operation in maps(root, "spec.rules[].to[].operation") {
        refusals.extend(fields(&operation).iter().flat_map(empty));
        refusals.extend(select(operation.node, "paths|notPaths[]").iter().filter_map(path));
    }
    refusals.extend(maps(root, "spec.rules[].when[]").iter().flat_map(condition));
    if maps(root, "spec").iter().any(|spec| spec.text_of("action") == Some("CUSTOM")) {
        let provider = maps(root, "spec.provider").into_iter().find(|provider| provider.lacks("name"));
        refusals.extend(provider.map(|provider| Refusal::at(provider.place_of("name"), "`provider` lacks `name`")));
        let domains = select(root, "spec.rules[].from[].source.trustDomains|notTrustDomains");
        let message = |domain: &Found<'_>| format!("a provider (CUSTOM) is not told `{}`", domain.name);
        refusals.extend(domains.iter().map(|domain| Refusal::at(domain.key, message(domain))));
    }
    refusals
}

fn fields<'n>(holder: &Found<'n>) -> Vec<Found<'n>> {
    let entries = holder.node.as_mapping().map(|map| map.entries.as_slice()).unwrap_or_default();
    entries.iter().map(|one| Found { node: &one.value, key: one.key_span, name: &one.key }).collect()
}

/// Empty texts in a list; of ports and addresses other rules say that they are none.
fn empty(list: &Found<'_>) -> Vec<Refusal> {
    if list.name.ends_with("orts") || list.name.ends_with("pBlocks") {
        return Vec::new();
    }
    let empty = items(list).into_iter().filter(|item| item.text() == Some(""));
    empty.map(|item| Refusal::at(item.node.span, format!("`{}` holds an empty text", list.name)).remove()).collect()
}

fn service_accounts(list: &Found<'_>) -> Vec<Refusal> {
    let accounts = items(list);
    let mut refusals: Vec<Refusal> = accounts.iter().filter_map(service_account).collect();
    if accounts.len() > 16 {
        refusals.push(Refusal::at(list.node.span, format!("`{}` takes 16 accounts at most", list.name)));
    }
    refusals
}

fn service_account(item: &Found<'_>) -> Option<Refusal> {
    let text = item.text().filter(|text| !text.is_empty())?;
    let is_valid = match text.split_once('/') {
        Some((namespace, name)) => !namespace.is_empty() && !name.is_empty() && !name.contains('/'),
        None => true,
    };
    let message = match text {
        _ if text.contains('*') => format!("a service account takes no wildcard, as in `{text}`"),
        _ if !is_valid => format!("`{text}` is no service account: write `name` or `namespace/name`"),
        _ if text.len() > 320 => "a service account of more than 320 characters".to_owned(),
        _ => return None,
    };
    Some(Refusal::at(item.node.span, message))
}

fn wildcard(item: &Found<'_>) -> Option<Refusal> {
    let text = item.text()?;
    let is_valid = match text.matches('*').count() {
        0 => true,
        1 => text.starts_with('*') || text.ends_with('*'),
        _ => false,
    };
    (!is_valid).then(|| Refusal::at(item.node.span, format!("`{text}` takes one `*`, at its start or end")))
}

fn slash(item: &Found<'_>) -> Option<Refusal> {
    let text = item.text().filter(|text| text.contains('/'))?;
    Some(Refusal::at(item.node.span, format!("`{text}` is no trust domain: it has no `/`")))
}

/// Braces stand for segments as a whole: `{*}`, and `{**}` at the last place of braces.
fn path(item: &Found<'_>) -> Option<Refusal> {
    let text = item.text()?;
    let has_template = text.contains("{*}") || text.contains("{**}");
    let mut is_open = false;
    for segment in text.trim_matches('/').split('/') {
        let message = match segment {
            "{*}" | "{**}" if is_open => format!("nothing in braces follows `{{**}}`, as in `{text}`"),
            "{*}" => continue,
            "{**}" => {
                is_open = true;
                continue;
            }
            _ if segment.contains(['{', '}']) => format!("`{segment}` is no `{{*}}` or `{{**}}`"),
            _ if has_template && (segment.is_empty() || !segment.chars().all(is_of_path)) => {
                format!("`{segment}` cannot stand beside `{{*}}` in a path")
            }
            _ => continue,
        };
        return Some(Refusal::at(item.node.span, message));
    }
    None
}

fn is_of_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~%!$&'()+,;:@=".contains(c)
}

/// Keys that stand alone, and keys with a name in brackets behind them.
const PLAIN: [&str; 12] = [
    "source.ip",
    "remote.ip",
    "source.namespace",
    "source.serviceAccount",
    "source.principal",
    "source.trustDomain",
    "request.auth.principal",
    "request.auth.audiences",
    "request.auth.presenter",
    "destination.ip",
    "destination.port",
    "connection.sni",
];
const NAMED: [&str; 3] = ["request.headers", "request.auth.claims", "experimental.envoy.filters."];

fn condition(condition: &Found<'_>) -> Vec<Refusal> {
    let Some(key) = condition.field("key") else { return Vec::new() };
    let Some(text) = key.text().filter(|text| !text.is_empty()) else { return Vec::new() };
    let refusal = |message: String| vec![Refusal::at(key.node.span, message)];
    if NAMED.iter().any(|prefix| text.starts_with(prefix)) {
        let name = text.strip_suffix(']').and_then(|text| text.split_once('[')).map(|(_, name)| name);
        return match name.filter(|name| !name.is_empty()) {
            Some(_) => values(condition, text),
            None => {
                refusal(format!("`{text}` lacks a name in brackets: {}[name]", text.split('[').next().unwrap_or(text)))
            }
        };
    }
    if PLAIN.contains(&text) {
        return values(condition, text);
    }
    refusal(match text {
        "destination.namespace" => format!("`{text}` is no attribute: the policy is of one namespace"),
        _ if text.starts_with("destination.labels") => format!("`{text}` is no attribute: use the selector"),
        _ => format!("`{text}` is no attribute of a call"),
    })
}

fn values(condition: &Found<'_>, key: &str) -> Vec<Refusal> {
    let lists: Vec<Found<'_>> = ["values", "notValues"].iter().filter_map(|name| condition.field(name)).collect();
    let each = || lists.iter().flat_map(items);
    match key {
        "source.ip" | "remote.ip" | "destination.ip" => Vec::new(),
        "source.serviceAccount" => {
            lists.iter().flat_map(empty).chain(lists.iter().flat_map(service_accounts)).collect()
        }
        "source.trustDomain" => lists.iter().flat_map(empty).chain(each().filter_map(|item| wildcard(&item))).collect(),
        "destination.port" => each().filter_map(|item| port(&item)).collect(),
        _ => lists.iter().flat_map(empty).collect(),
    }
}

fn port(item: &Found<'_>) -> Option<Refusal> {
    let text = item.text().filter(|text| text.parse::<u16>().is_err())?;
    Some(Refusal::at(item.node.span, format!("`{text}` is no port")))
}
