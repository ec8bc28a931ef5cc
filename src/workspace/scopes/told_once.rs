//! What several scopes say of one place is told once.

use std::collections::{BTreeMap, BTreeSet};

use crate::index::ScopeId;
use crate::text::Span;
use crate::workspace::{File, LocatedFinding, Origin, Snapshot};

/// The names of at most so many scopes are listed.
const NAMED: usize = 3;

impl Snapshot {
    /// The findings about `file`, those of one rule at one place as one; where some scopes of the file lack it, the message
    /// says which have it.
    pub(in crate::workspace) fn told_once(
        &self,
        file: &File,
        found: Vec<(ScopeId, LocatedFinding)>,
    ) -> Vec<LocatedFinding> {
        let all = self.scopes_of.get(&file.id).map_or(0, |scopes| scopes.len());
        if all < 2 && found.windows(2).all(|pair| matches!(pair, [one, other] if one.0 == other.0)) {
            return found.into_iter().map(|(_, finding)| finding).collect();
        }
        let mut places: BTreeMap<(Span, &str), (LocatedFinding, BTreeSet<ScopeId>)> = BTreeMap::new();
        let mut more = Vec::new();
        for (scope, finding) in found {
            match places.get_mut(&(finding.location.span, finding.rule)) {
                Some((first, scopes)) if !scopes.contains(&scope) || *first == finding => {
                    first.severity = first.severity.min(finding.severity);
                    scopes.insert(scope);
                }
                // One scope can say several things of one place.
                Some(_) => more.push(finding),
                None => {
                    places.insert((finding.location.span, finding.rule), (finding, BTreeSet::from([scope])));
                }
            }
        }
        let told = places.into_values().map(|(mut finding, scopes)| {
            if scopes.len() < all && !self.holds_whatever_the_values(&scopes) {
                finding.message.push_str(&self.holds_in(&scopes));
            }
            finding
        });
        let mut told: Vec<LocatedFinding> = told.collect();
        for finding in more {
            if !told.contains(&finding) {
                told.push(finding);
            }
        }
        told
    }

    fn holds_whatever_the_values(&self, scopes: &BTreeSet<ScopeId>) -> bool {
        let mut plans = scopes.iter().filter_map(|scope| self.plans.get(scope));
        plans.any(|plan| plan.origin == Origin::Templates)
    }

    fn holds_in(&self, scopes: &BTreeSet<ScopeId>) -> String {
        let names = scopes.iter().filter_map(|scope| Some(self.plans.get(scope)?.title()));
        let named: Vec<String> = names.take(NAMED).collect();
        match scopes.len().saturating_sub(NAMED) {
            0 => format!("\nThis holds in {}.", named.join(", ")),
            more => format!("\nThis holds in {} and {more} more.", named.join(", ")),
        }
    }
}
