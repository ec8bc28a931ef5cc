//! Runs the rules on one resource.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Context, Finding, Rule, Sources, registry};
use crate::index::{Entry, Index, Reads, View};

/// The findings about one resource, and every key they depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// In the order of place, then rule.
    pub findings: Vec<Finding>,
    /// What was asked of the index.
    pub reads: Reads,
}

/// Checks `entry` by every rule of its kind that `enabled` names. A rule that panics is logged and leaves the others their say.
#[must_use]
pub fn check(entry: &Entry, index: &Index, sources: &dyn Sources, enabled: &dyn Fn(&Rule) -> bool) -> Checked {
    let view = View::new(index);
    let mut findings = Vec::new();
    for rule in registry::of_kind(entry.resource.kind).filter(|rule| enabled(rule)) {
        let before = findings.len();
        let run = || (rule.check)(entry, &mut Context::new(rule, entry.id, &view, sources, &mut findings));
        if catch_unwind(AssertUnwindSafe(run)).is_err() {
            tracing::error!(rule = rule.id, resource = entry.title(), "a rule failed; its findings here are left out");
            findings.truncate(before);
        }
    }
    findings.sort_by(|left, right| (left.place.span, left.rule).cmp(&(right.place.span, right.rule)));
    Checked { findings, reads: view.into_reads() }
}
