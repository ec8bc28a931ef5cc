//! The rules of a VirtualService and their matches, as far as they can be compared.

use crate::index::Entry;
use crate::resource::istio::{HttpMatch, StringMatch, VirtualService};
use crate::resource::{Field, Map};
use crate::rules::Context;
use crate::text::Span;
use crate::yaml::{Node, Value};

/// A rule.
pub(super) struct Rule {
    /// The key `match`, else the rule.
    pub(super) place: Span,
    /// Its matches: what they ask for in one form, their names left out, and where they stand. Empty: everything fits.
    pub(super) matches: Vec<(String, Span)>,
}

/// The rules of `http`, `tls` and `tcp`, each kind by itself; kinds with something templated are left out.
pub(super) fn rules(entry: &Entry, cx: &Context<'_>) -> Vec<Vec<Rule>> {
    let Some(document) = cx.document(entry) else { return Vec::new() };
    let root = document.root.as_ref().and_then(|root| cx.object(root));
    let Some(spec) = root.and_then(|root| root.get("spec")) else { return Vec::new() };
    let lists = ["http", "tls", "tcp"].into_iter().filter_map(|key| spec.get(key)?.as_sequence());
    lists.map(|list| list.items.iter().map(rule).collect::<Option<Vec<_>>>().unwrap_or_default()).collect()
}

fn rule(node: &Node) -> Option<Rule> {
    if node.templated {
        return None;
    }
    let entry = node.entry("match");
    let items = entry.and_then(|entry| entry.value.as_sequence()).map(|list| list.items.as_slice()).unwrap_or_default();
    let matches = items.iter().map(|one| Some((canonical(one)?, one.span))).collect::<Option<Vec<_>>>()?;
    Some(Rule { place: entry.map_or(node.span, |entry| entry.key_span), matches })
}

/// The same text for the same meaning: keys sorted, the name of the match left out. None for what is templated.
fn canonical(node: &Node) -> Option<String> {
    if node.templated {
        return None;
    }
    match &node.value {
        Value::Scalar(scalar) => Some(format!("{:?}", scalar.text)),
        Value::Sequence(list) => {
            Some(format!("[{}]", list.items.iter().map(canonical).collect::<Option<Vec<_>>>()?.join(",")))
        }
        Value::Mapping(mapping) => {
            let entries =
                mapping.entries.iter().filter(|entry| entry.key != "name" || entry.value.as_scalar().is_none());
            let mut parts = entries
                .map(|entry| Some(format!("{:?}:{}", entry.key, canonical(&entry.value)?)))
                .collect::<Option<Vec<_>>>()?;
            parts.sort_unstable();
            Some(format!("{{{}}}", parts.join(",")))
        }
    }
}

/// The HTTP match at `earlier` takes every request that the one at `later` takes, since its prefix is shorter and nothing
/// else differs.
pub(super) fn covers(service: &VirtualService, earlier: Span, later: Span) -> bool {
    let all = || service.http.items().flat_map(|rule| rule.matches.items());
    let at = |span: Span| all().find(|one| one.span == span);
    let (Some(earlier), Some(later)) = (at(earlier), at(later)) else { return false };
    let prefix = |one: &HttpMatch| one.uri.value().and_then(|uri| uri.prefix.text().map(str::to_owned));
    let (Some(short), Some(long)) = (prefix(earlier), prefix(later)) else { return false };
    let same_rest = same(&earlier.method, &later.method)
        && same(&earlier.scheme, &later.scheme)
        && same(&earlier.authority, &later.authority)
        && same_map(&earlier.headers, &later.headers)
        && same_map(&earlier.without_headers, &later.without_headers)
        && same_map(&earlier.query_params, &later.query_params)
        && earlier.port.copied() == later.port.copied()
        && earlier.source_namespace.text() == later.source_namespace.text()
        && earlier.ignore_uri_case.copied() == later.ignore_uri_case.copied()
        && pairs(&earlier.source_labels) == pairs(&later.source_labels)
        && list(&earlier.gateways) == list(&later.gateways);
    long.len() > short.len() && long.starts_with(&short) && same_rest
}

fn text_of(field: &StringMatch) -> [Option<&str>; 3] {
    [field.exact.text(), field.prefix.text(), field.regex.text()]
}

fn same(one: &Field<StringMatch>, two: &Field<StringMatch>) -> bool {
    one.value().map(text_of) == two.value().map(text_of) && !one.is_uncertain() && !two.is_uncertain()
}

fn same_map(one: &Field<Map<StringMatch>>, two: &Field<Map<StringMatch>>) -> bool {
    let sorted = |field: &'_ Field<Map<StringMatch>>| {
        let mut pairs: Vec<_> = field.pairs().map(|(key, value)| format!("{key}{:?}", text_of(value))).collect();
        pairs.sort_unstable();
        pairs
    };
    one.is_certain() && two.is_certain() && sorted(one) == sorted(two)
}

fn pairs(field: &Field<Map<smol_str::SmolStr>>) -> Vec<(String, String)> {
    field.pairs().map(|(key, value)| (key.to_string(), value.value.to_string())).collect()
}

fn list(field: &Field<crate::resource::List<smol_str::SmolStr>>) -> Vec<String> {
    field.items().map(|item| item.value.to_string()).collect()
}
