//! `http` routes of a VirtualService on a server that reads requests, delegates included.

use smol_str::SmolStr;

use super::binding::{is_for, offered};
use super::route::{Route, RouteSource};
use super::server::Server;
use super::upstream::{Target, Upstreams};
use crate::index::{Ref, View};
use crate::resource::istio::{HttpMatch, HttpRoute, StringMatch, VirtualService};
use crate::resource::{Field, Spanned, host};
use crate::tls::Client;

/// The routes of `service` on `server`; none where its hosts are not served there or no rule is for it.
pub(super) fn http_routes<'a>(
    view: &View<'a>,
    upstreams: &mut Upstreams<'_, 'a>,
    server: &Server<'a>,
    service: Ref<'a, VirtualService>,
) -> Option<Vec<Route<'a>>> {
    let hosts = shared_hosts(server, service);
    if hosts.is_empty() {
        return None;
    }
    let mut routes = Vec::new();
    let mut bound = false;
    for rule in rules(view, service) {
        let Some(catches_all) = rule.reaches(server, service, upstreams.client()) else { continue };
        bound = true;
        for (span, target) in rule.targets() {
            let source = RouteSource { bound: service.entry, holder: rule.holder.entry, span };
            routes.push(upstreams.route(server, source, hosts.clone(), target));
        }
        if catches_all {
            break;
        }
    }
    bound.then_some(routes)
}

/// Of two names of which one covers the other, the narrower.
fn shared_hosts(server: &Server<'_>, service: Ref<'_, VirtualService>) -> Vec<SmolStr> {
    let mut shared: Vec<SmolStr> = Vec::new();
    for offered in offered(server, &service.entry.namespace) {
        for name in service.spec.hosts.items() {
            let name = host::resolve(name, &service.entry.namespace);
            let narrower = match (host::covers(&name, offered), host::covers(offered, &name)) {
                (true, _) => offered,
                (false, true) => name.as_str(),
                (false, false) => continue,
            };
            if !shared.iter().any(|known| known == narrower) {
                shared.push(narrower.into());
            }
        }
    }
    shared
}

/// A rule, with the rule of the root VirtualService that delegates to it.
struct Rule<'a> {
    root: Option<&'a HttpRoute>,
    own: &'a HttpRoute,
    holder: Ref<'a, VirtualService>,
}

fn rules<'a>(view: &View<'a>, service: Ref<'a, VirtualService>) -> Vec<Rule<'a>> {
    let mut rules = Vec::new();
    for rule in service.spec.http.items().map(|rule| &rule.value) {
        let Some(delegate) = rule.delegate.value() else {
            rules.push(Rule { root: None, own: rule, holder: service });
            continue;
        };
        let namespace = delegate.namespace.text().unwrap_or(&service.entry.namespace);
        let Some(holder) = view.named::<VirtualService>(namespace, delegate.name.text().unwrap_or("")) else {
            continue;
        };
        if holder.spec.hosts.items().next().is_none()
            && view.exported_to(holder.entry, &service.entry.namespace) != Some(false)
        {
            let own = holder.spec.http.items().filter(|own| own.delegate.is_absent());
            rules.extend(own.map(|own| Rule { root: Some(rule), own: &own.value, holder }));
        }
    }
    rules
}

impl<'a> Rule<'a> {
    /// The rule is taken on the server; true where it takes every request, so that no later one is.
    fn reaches(&self, server: &Server<'_>, root: Ref<'_, VirtualService>, client: &Client<'_>) -> Option<bool> {
        let admits = |one: &HttpMatch, namespace: &str| {
            let from_here =
                one.source_namespace.text().is_none_or(|source| source.is_empty() || source == client.namespace);
            let is_source = from_here && client.labels.satisfy(one.source_labels.pairs());
            let sources = is_source || one.gateways.items().next().is_some();
            sources && is_for(server, one.port.copied(), &one.gateways, namespace)
        };
        let reach = |rule: &HttpRoute, namespace: &str| {
            if rule.matches.items().next().is_none() {
                return Some(true);
            }
            let mut admitted = rule.matches.items().filter(|one| admits(one, namespace)).peekable();
            admitted.peek()?;
            Some(admitted.any(|one| is_catch_all(one)))
        };
        let own = reach(self.own, &self.holder.entry.namespace)?;
        let outer = self.root.map_or(Some(true), |rule| reach(rule, &root.entry.namespace))?;
        Some(own && outer)
    }

    /// The destinations; those without weight only where they stand alone.
    fn targets(&self) -> Vec<(crate::text::Span, Target)> {
        let shares: Vec<_> = self.own.route.items().collect();
        let single = shares.len() == 1;
        let weighted = shares.into_iter().filter(|share| single || share.weight.copied().unwrap_or(0) > 0);
        let targets = weighted.filter_map(|share| {
            let destination: &Spanned<_> = share.value.destination.present()?;
            Some((destination.span, Target::of(destination, &self.holder.entry.namespace)?))
        });
        targets.collect()
    }
}

/// A match that every request satisfies.
fn is_catch_all(one: &HttpMatch) -> bool {
    let any_path = one.uri.value().is_none_or(|uri| uri.prefix.text() == Some("/") || uri.regex.text() == Some(".*"));
    let unset = |field: &Field<StringMatch>| field.is_absent();
    let maps = [&one.headers, &one.without_headers, &one.query_params];
    any_path
        && unset(&one.scheme)
        && unset(&one.method)
        && unset(&one.authority)
        && maps.into_iter().all(|map| map.pairs().next().is_none())
}
