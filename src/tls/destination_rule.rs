//! Which DestinationRule a client reads for a host: lookup by namespace, exportTo and host, then merging and selectors.
//!
//! Follows `pilot/pkg/model/push_context.go` (`destinationRule`, `setDestinationRules`), `destination_rule.go`
//! (`mergeDestinationRule`) and `sidecar.go` (`DestinationRule`) of istiod, their surprises included.

use smol_str::SmolStr;

use super::backend_tls::{self, BackendTls};
use super::client::Client;
use super::reason::{Assumption, assume};
use super::{Labels, admission};
use crate::index::{Key, Ref, View};
use crate::resource::istio::{DestinationRule, Subset, TrafficPolicy, WorkloadSelector};
use crate::resource::{Spanned, host};

/// Where the rule was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// In the client's namespace.
    Client,
    /// In the service's namespace, exported to the client.
    Service,
    /// In the root namespace.
    Root,
}

/// What the lookup answers.
#[derive(Debug, Clone)]
pub struct RuleLookup<'a> {
    /// The rule in force; none where there is none, or where the search ended at rules that do not fit this client.
    pub rule: Option<EffectiveRule<'a>>,
    /// Where the search ended; none where no rule's host matched.
    pub place: Option<Place>,
    /// The rules at which the search ended without one that fits the client.
    pub hidden_by: Vec<Ref<'a, DestinationRule>>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

/// Rules of one host and namespace, merged as istiod does it.
#[derive(Debug, Clone)]
pub struct EffectiveRule<'a> {
    /// The rules that take part; the first gives the name. Empty where only a BackendTLSPolicy says something.
    pub rules: Vec<Ref<'a, DestinationRule>>,
    /// The rule whose `trafficPolicy` counts: the first that has one; policies are never merged field by field.
    pub policy: Option<(Ref<'a, DestinationRule>, &'a Spanned<TrafficPolicy>)>,
    /// What BackendTLSPolicies say for the host; fills what `policy` leaves open.
    pub backend_tls: BackendTls<'a>,
    export_to: Vec<SmolStr>,
    selector: Option<&'a WorkloadSelector>,
}

impl<'a> EffectiveRule<'a> {
    /// `namespace/name` of the first rule.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.rules.first().map(|rule| rule.entry.qualified_name())
    }

    /// The subsets, of two with one name the first.
    pub fn subsets(&self) -> impl Iterator<Item = (Ref<'a, DestinationRule>, &'a Spanned<Subset>)> {
        let mut names = Vec::new();
        let all = self.rules.iter().flat_map(|rule| rule.spec.subsets.items().map(move |subset| (*rule, subset)));
        all.filter(move |(_, subset)| {
            let name = subset.name.text().unwrap_or("");
            let new = !names.contains(&name);
            names.push(name);
            new
        })
    }

    /// The subset with this name.
    #[must_use]
    pub fn subset(&self, name: &str) -> Option<(Ref<'a, DestinationRule>, &'a Spanned<Subset>)> {
        self.subsets().find(|(_, subset)| subset.name.text() == Some(name))
    }

    /// The rule is for selected workloads only.
    #[must_use]
    pub fn has_selector(&self) -> bool {
        self.selector.is_some()
    }

    fn of(rule: Ref<'a, DestinationRule>) -> Self {
        let selector = rule.spec.workload_selector.value();
        let mut export_to: Vec<SmolStr> = match selector {
            Some(_) => vec![SmolStr::new_static(".")],
            None => rule.spec.export_to.items().map(|target| target.value.clone()).collect(),
        };
        export_to.sort_unstable();
        export_to.dedup();
        let policy = rule.spec.traffic_policy.present().map(|policy| (rule, policy));
        Self { rules: vec![rule], policy, backend_tls: BackendTls::default(), export_to, selector }
    }

    fn of_backend_tls(backend_tls: BackendTls<'a>) -> Self {
        Self { rules: Vec::new(), policy: None, backend_tls, export_to: Vec::new(), selector: None }
    }

    /// In force in its own namespace.
    fn is_local(&self, namespace: &str) -> bool {
        self.export_to.is_empty() || self.exports_to(|target| matches!(target, "*" | ".") || target == namespace)
    }

    /// Seen by nobody outside its namespace.
    fn is_private(&self, namespace: &str, default: &[SmolStr]) -> bool {
        match self.export_to.as_slice() {
            [] => default.iter().any(|target| target == "."),
            [only] => only == "." || only == namespace,
            _ => false,
        }
    }

    fn is_exported_to(&self, namespace: &str) -> bool {
        self.export_to.is_empty() || self.exports_to(|target| target == "*" || target == namespace)
    }

    fn exports_to(&self, wanted: impl Fn(&str) -> bool) -> bool {
        self.export_to.iter().any(|target| wanted(target))
    }

    fn absorb(&mut self, other: &Self) {
        self.rules.extend(&other.rules);
        if self.policy.is_none() {
            self.policy = other.policy;
        }
        self.backend_tls.fill(&other.backend_tls);
    }
}

/// The rule that `client` reads for `host` of a service in `namespace`.
#[must_use]
pub fn destination_rule<'a>(view: &View<'a>, client: &Client<'_>, namespace: &str, host: &str) -> RuleLookup<'a> {
    let root = &view.mesh().root_namespace;
    let mut assumptions = Vec::new();
    for (place, owner) in
        [(Place::Client, client.namespace.as_str()), (Place::Service, namespace), (Place::Root, root.as_str())]
    {
        let shelf = match place {
            Place::Client if client.namespace == *root => Shelf::RootPrivate,
            Place::Client => Shelf::Local,
            Place::Service | Place::Root => Shelf::Exported,
        };
        let mut found = consolidated(view, owner, host, shelf, &mut assumptions);
        if shelf == Shelf::Exported {
            found.retain(|rule| rule.is_exported_to(&client.namespace));
        }
        if !found.is_empty() {
            return choose(found, place, client, owner, assumptions);
        }
    }
    if !view.holds_namespace(root) {
        assume(&mut assumptions, Assumption::RootNamespace(root.clone()));
    }
    RuleLookup { rule: None, place: None, hidden_by: Vec::new(), assumptions }
}

/// The first rule whose selector the client satisfies, else the last without selector.
fn choose<'a>(
    found: Vec<EffectiveRule<'a>>,
    place: Place,
    client: &Client<'_>,
    owner: &str,
    mut assumptions: Vec<Assumption>,
) -> RuleLookup<'a> {
    let selected = |rule: &EffectiveRule<'a>| {
        client.namespace == owner && rule.selector.is_some_and(|selector| client.labels.satisfy(selector.pairs()))
    };
    if !client.labels.is_certain() && found.iter().any(EffectiveRule::has_selector) {
        assumptions.extend(client.members.first().map(|member| Assumption::unknown(member, None)));
    }
    let position = found.iter().position(selected).or_else(|| found.iter().rposition(|rule| rule.selector.is_none()));
    let hidden_by = match position {
        Some(_) => Vec::new(),
        None => found.iter().flat_map(|rule| rule.rules.iter().copied()).collect(),
    };
    let rule = position.and_then(|position| found.into_iter().nth(position));
    RuleLookup { rule, place: Some(place), hidden_by, assumptions }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shelf {
    /// In force in its own namespace.
    Local,
    /// Not private.
    Exported,
    /// Private rules, looked up in the root namespace only.
    RootPrivate,
}

/// The rules of `owner` for the most specific host that covers `name`, merged.
fn consolidated<'a>(
    view: &View<'a>,
    owner: &str,
    name: &str,
    shelf: Shelf,
    assumptions: &mut Vec<Assumption>,
) -> Vec<EffectiveRule<'a>> {
    let default = &view.mesh().default_destination_rule_export_to;
    let on_shelf = |rule: &EffectiveRule<'a>| match shelf {
        Shelf::Local => rule.is_local(owner),
        Shelf::Exported => !rule.is_private(owner, default),
        Shelf::RootPrivate => rule.is_private(owner, default),
    };
    let owner_name = SmolStr::from(owner);
    let admitted = |rule: &Ref<'a, DestinationRule>| admission::accepts_rule(rule.spec);
    let exact = view.typed::<DestinationRule>(&Key::RuleHost(owner_name.clone(), name.into())).filter(admitted);
    let mut rules: Vec<_> = exact.map(EffectiveRule::of).filter(on_shelf).collect();
    if let Some(backend_tls) = backend_tls::for_host(view, owner, name) {
        rules.extend(Some(EffectiveRule::of_backend_tls(backend_tls)).filter(on_shelf));
    }
    if rules.is_empty() {
        let wildcards = view.typed::<DestinationRule>(&Key::RuleWildcards(owner_name)).filter(admitted);
        let covering =
            wildcards.filter(|rule| rule.spec.host.text().is_some_and(|pattern| host::covers(pattern, name)));
        rules = covering.map(EffectiveRule::of).filter(on_shelf).collect();
        let most_specific = rules.iter().filter_map(pattern).max_by_key(|pattern| pattern.len()).map(str::to_owned);
        rules.retain(|rule| pattern(rule) == most_specific.as_deref());
    }
    if rules.len() > 1 {
        note_unknowns(&rules, assumptions);
    }
    merge(rules)
}

fn pattern<'b>(rule: &'b EffectiveRule<'_>) -> Option<&'b str> {
    rule.rules.first()?.spec.host.text()
}

fn note_unknowns(rules: &[EffectiveRule<'_>], assumptions: &mut Vec<Assumption>) {
    let first_rules = || rules.iter().filter_map(|rule| rule.rules.first());
    for rule in first_rules() {
        let selector = &rule.spec.workload_selector;
        let unknown = selector.is_uncertain() || selector.value().is_some_and(|selector| !selector.is_certain());
        if unknown || !rule.spec.export_to.is_certain() {
            assume(assumptions, Assumption::unknown(rule.entry, selector.span().or(rule.spec.export_to.span())));
        }
    }
    let mut by_age: Vec<_> = first_rules().map(|rule| rule.entry).collect();
    by_age.sort_by_key(|entry| entry.age());
    if let [first, second, ..] = by_age.as_slice()
        && first.age().0 == second.age().0
    {
        assume(assumptions, Assumption::Age(first.title().into(), second.title().into()));
    }
}

/// Rules with a selector first, then by age; each is merged into those before it that it may be compared with.
fn merge(mut rules: Vec<EffectiveRule<'_>>) -> Vec<EffectiveRule<'_>> {
    rules.sort_by(|left, right| order(left).cmp(&order(right)));
    let mut merged: Vec<EffectiveRule<'_>> = Vec::new();
    for rule in rules {
        let mut separate = true;
        for earlier in &mut merged {
            let equal = rule.export_to == earlier.export_to;
            let wider =
                !earlier.export_to.is_empty() && earlier.export_to.iter().all(|target| rule.export_to.contains(target));
            separate = true;
            if !equal && !wider {
                continue;
            }
            separate = !equal;
            match (earlier.selector, rule.selector) {
                (Some(left), Some(right)) if !same_pairs(left, right) => {
                    separate = true;
                    continue;
                }
                (None, None) | (Some(_), Some(_)) => separate = false,
                _ => {}
            }
            earlier.absorb(&rule);
        }
        if separate {
            merged.push(rule);
        }
    }
    merged
}

fn order<'b>(rule: &'b EffectiveRule<'_>) -> (bool, Option<(&'b str, &'b str, &'b str)>) {
    // What a BackendTLSPolicy makes carries no creation time and a name that sorts behind its user's rules.
    (rule.selector.is_none(), rule.rules.first().map(|rule| rule.entry.age()))
}

fn same_pairs(left: &WorkloadSelector, right: &WorkloadSelector) -> bool {
    let labels = |selector: &WorkloadSelector| {
        Labels::known(selector.pairs().map(|(key, value)| (key.clone(), value.value.clone())))
    };
    labels(left).same_pairs(&labels(right))
}
