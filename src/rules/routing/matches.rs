//! The rules of a VirtualService and their matches, as far as they can be compared.

use std::collections::HashMap;

use smol_str::SmolStr;

use crate::index::Ref;
use crate::resource::Field;
use crate::resource::istio::{HttpMatch, StringMatch, VirtualService};
use crate::rules::Context;
use crate::text::Span;
use crate::yaml::{Node, Sequence, Value};

/// A rule.
pub(super) struct Rule<'a> {
    pub(super) place: Span,
    pub(super) matches: Vec<Match<'a>>,
    /// Another VirtualService holds the routes, which may be for a part of the requests only.
    pub(super) delegates: bool,
}

/// A match of a rule.
pub(super) struct Match<'a> {
    text: String,
    pub(super) place: Span,
    /// What it asks of HTTP requests.
    http: Option<&'a HttpMatch>,
}

impl Match<'_> {
    /// Whatever satisfies `later` satisfies this one.
    pub(super) fn takes(&self, later: &Self) -> bool {
        let covers = || self.http.zip(later.http).is_some_and(|(earlier, later)| covers(earlier, later));
        self.text == later.text || covers()
    }
}

/// The rules of a VirtualService, `http`, `tls` and `tcp` each by itself; lists with something templated are left out.
pub(super) fn rules<'a>(service: Ref<'a, VirtualService>, cx: &Context<'_>) -> Vec<Vec<Rule<'a>>> {
    let Some(document) = cx.document(service.entry) else { return Vec::new() };
    let root = document.root.as_ref().and_then(|root| cx.object(root));
    let Some(spec) = root.and_then(|root| root.get("spec")) else { return Vec::new() };
    let http = service.spec.http.items().flat_map(|rule| rule.value.matches.items());
    let http = http.map(|one| (one.span, &one.value)).collect();
    let lists = ["http", "tls", "tcp"].into_iter().filter_map(|key| spec.get(key)?.as_sequence());
    let rules = |list: &Sequence| list.items.iter().map(|node| rule(node, &http)).collect::<Option<Vec<_>>>();
    lists.map(|list| rules(list).unwrap_or_default()).collect()
}

fn rule<'a>(node: &Node, http: &HashMap<Span, &'a HttpMatch>) -> Option<Rule<'a>> {
    if node.templated {
        return None;
    }
    let entry = node.entry("match");
    let items = entry.and_then(|entry| entry.value.as_sequence()).map(|list| list.items.as_slice()).unwrap_or_default();
    let of = |one: &Node| Some(Match { text: canonical(one)?, place: one.span, http: http.get(&one.span).copied() });
    let place = entry.map_or(node.span, |entry| entry.key_span);
    let matches = items.iter().map(of).collect::<Option<Vec<_>>>()?;
    Some(Rule { place, matches, delegates: node.get("delegate").is_some() })
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

/// The earlier match takes every request that the later one takes: it asks for nothing that the other does not ask for too.
fn covers(earlier: &HttpMatch, later: &HttpMatch) -> bool {
    let any_port = earlier.port.copied().unwrap_or(0) == 0;
    let any_namespace = earlier.source_namespace.text().is_none_or(str::is_empty);
    let maps_are_known =
        [&earlier.headers, &earlier.query_params, &earlier.without_headers].iter().all(|map| map.is_certain());
    takes_path(earlier, later)
        && takes(&earlier.method, &later.method)
        && takes(&earlier.scheme, &later.scheme)
        && takes(&earlier.authority, &later.authority)
        && maps_are_known
        && earlier.headers.pairs().all(|(key, one)| later.headers.under(key).is_some_and(|two| is_wider(one, two)))
        && earlier.query_params.pairs().all(|(key, one)| later.query_params.under(key).is_some_and(|two| is_wider(one, two)))
        // What is left out earlier must be left out later, too.
        && earlier.without_headers.pairs().all(|(key, one)| later.without_headers.under(key).is_some_and(|two| is_wider(two, one)))
        && (any_port || earlier.port.copied() == later.port.copied())
        && (any_namespace || earlier.source_namespace.text() == later.source_namespace.text())
        && earlier.source_labels.is_certain()
        && earlier.source_labels.pairs().all(|(key, one)| later.source_labels.under(key).is_some_and(|two| two.value == one.value))
        && has_all_gateways(earlier, later)
}

fn takes_path(earlier: &HttpMatch, later: &HttpMatch) -> bool {
    let any_case = |one: &HttpMatch| one.ignore_uri_case.copied() == Some(true);
    any_case(earlier) == any_case(later) && takes(&earlier.uri, &later.uri)
}

/// The gateways for which a match is; none: those of its VirtualService.
fn has_all_gateways(earlier: &HttpMatch, later: &HttpMatch) -> bool {
    let known = earlier.gateways.is_certain() && later.gateways.is_certain();
    let own = |one: &HttpMatch| one.gateways.items().next().is_none();
    let has = |name: &SmolStr| earlier.gateways.items().any(|other| other.value == *name);
    known && (own(earlier) || (!own(later) && later.gateways.items().all(|name| has(&name.value))))
}

/// Whatever satisfies `later` satisfies `earlier`.
fn takes(earlier: &Field<StringMatch>, later: &Field<StringMatch>) -> bool {
    match (earlier.value(), later.value()) {
        (None, _) => earlier.is_absent(),
        (Some(one), Some(two)) => is_wider(one, two),
        (Some(_), None) => false,
    }
}

/// Whatever satisfies `narrow` satisfies `wide`; one that says nothing asks for anything at all.
fn is_wider(wide: &StringMatch, narrow: &StringMatch) -> bool {
    let texts = |one: &StringMatch| [&one.exact, &one.prefix, &one.regex].map(|field| field.text().map(str::to_owned));
    let certain = |one: &StringMatch| [&one.exact, &one.prefix, &one.regex].iter().all(|field| !field.is_uncertain());
    let begins = |prefix: &str| {
        [&narrow.exact, &narrow.prefix].into_iter().filter_map(Field::text).any(|text| text.starts_with(prefix))
    };
    certain(wide)
        && certain(narrow)
        && match texts(wide) {
            [None, None, None] => true,
            [None, Some(prefix), None] => begins(&prefix),
            wide => wide == texts(narrow),
        }
}
