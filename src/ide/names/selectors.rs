//! Labels: those that pods carry, and the selectors that ask for them.

use std::rc::Rc;

use smol_str::SmolStr;

use super::{Mention, Name, Selector};
use crate::index::{Entry, View};
use crate::resource::istio::{DestinationRule, WorkloadSelector};
use crate::resource::kubernetes::Service;
use crate::resource::{Body, Field, Map, Spanned, host};

type Pair<'a> = (&'a SmolStr, &'a Spanned<SmolStr>);

/// The labels that `entry` puts on pods or asks of them.
pub(super) fn mentions(view: &View<'_>, entry: &Entry) -> Vec<Mention> {
    let mut found = Vec::new();
    let own = Some(entry.namespace.clone());
    let is_root = view.mesh().is_root(&entry.namespace);
    // What stands in the root namespace selects everywhere, PeerAuthentication excepted.
    let wide = if is_root { None } else { own.clone() };
    if let Some(pods) = entry.workload() {
        found.extend(pods.labels.pairs().map(|pair| mention(pair, &entry.namespace, None)));
    }
    match &entry.resource.body {
        Body::WorkloadEntry(spec) => {
            found.extend(spec.labels.pairs().map(|pair| mention(pair, &entry.namespace, None)));
        }
        Body::Service(spec) => selector(spec.selector.pairs(), own, &[], &mut found),
        Body::Gateway(spec) => selector(spec.selector.pairs(), None, &[], &mut found),
        Body::ServiceEntry(spec) => of_field(&spec.workload_selector, own, &mut found),
        Body::PeerAuthentication(spec) => of_field(&spec.selector, own, &mut found),
        Body::Sidecar(spec) => of_field(&spec.workload_selector, own, &mut found),
        Body::AuthorizationPolicy(spec) => of_field(&spec.selector, wide, &mut found),
        Body::RequestAuthentication(spec) => of_field(&spec.selector, wide, &mut found),
        Body::Telemetry(spec) => of_field(&spec.selector, wide, &mut found),
        Body::EnvoyFilter(spec) => of_field(&spec.workload_selector, wide, &mut found),
        Body::VirtualService(spec) => {
            let http = spec.http.items().flat_map(|route| route.matches.items()).map(|found| &found.source_labels);
            http.for_each(|labels| selector(labels.pairs(), None, &[], &mut found));
        }
        Body::DestinationRule(spec) => {
            of_field(&spec.workload_selector, own, &mut found);
            subsets(view, entry, spec, &mut found);
        }
        _ => {}
    }
    found
}

fn of_field(field: &Field<WorkloadSelector>, namespace: Option<SmolStr>, found: &mut Vec<Mention>) {
    if let Some(spec) = field.value() {
        selector(spec.pairs(), namespace, &[], found);
    }
}

/// The labels of a subset choose among the pods of its host.
fn subsets(view: &View<'_>, entry: &Entry, rule: &DestinationRule, found: &mut Vec<Mention>) {
    let name = rule.host.text().map(|written| host::resolve(written, &entry.namespace)).unwrap_or_default();
    let Some((namespace, service)) = host::service_of_fqdn(&name) else { return };
    let service = view.named::<Service>(namespace, service);
    let chosen: Vec<_> = service.iter().flat_map(|service| service.spec.selector.pairs()).collect();
    for subset in rule.subsets.items() {
        selector(subset.labels.pairs(), Some(namespace.into()), &chosen, found);
    }
}

fn selector<'a>(
    pairs: impl Iterator<Item = Pair<'a>>,
    namespace: Option<SmolStr>,
    besides: &[Pair<'_>],
    found: &mut Vec<Mention>,
) {
    let own: Vec<_> = pairs.collect();
    let all = own.iter().chain(besides).map(|(key, value)| ((*key).clone(), value.value.clone()));
    let selector = Rc::new(Selector { namespace: namespace.clone(), pairs: all.collect() });
    let of = namespace.unwrap_or_default();
    found.extend(own.into_iter().map(|pair| mention(pair, &of, Some(selector.clone()))));
}

fn mention((key, value): Pair<'_>, namespace: &SmolStr, selector: Option<Rc<Selector>>) -> Mention {
    let name = Name::Label(namespace.clone(), key.clone(), value.value.clone());
    Mention { name, span: value.span, whole: value.key.to(value.span), defines: selector.is_none(), selector }
}

impl Selector {
    /// The pods carry all that is asked for.
    pub(super) fn chooses(&self, namespace: &str, labels: &Field<Map<SmolStr>>) -> bool {
        self.namespace.as_deref().is_none_or(|of| of == namespace)
            && self.pairs.iter().all(|(key, value)| labels.under(key).is_some_and(|label| label.value == *value))
    }

    /// The resources whose pods it chooses.
    pub(super) fn chosen<'a>(&self, view: &View<'a>) -> Vec<&'a Entry> {
        let pairs: Vec<_> = self.pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        if pairs.is_empty() {
            return Vec::new();
        }
        let pods = match &self.namespace {
            Some(namespace) => view.workloads(namespace, &pairs),
            None => view.workloads_anywhere(&pairs),
        };
        pods.into_iter().map(|entry| &**entry).collect()
    }
}
