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
    let mut rules = registry::of_kind(entry.resource.kind).filter(|rule| enabled(rule)).peekable();
    if let Some(first) = rules.peek() {
        let mut cx = Context::new(first, entry, &view, sources);
        rules.for_each(|rule| run(rule, entry, &mut cx));
        findings = cx.findings;
    }
    findings.sort_by(|left, right| (left.place.span, left.rule).cmp(&(right.place.span, right.rule)));
    Checked { findings, reads: view.into_reads() }
}

fn run(rule: &'static Rule, entry: &Entry, cx: &mut Context<'_>) {
    let before = cx.findings.len();
    cx.rule = rule;
    if catch_unwind(AssertUnwindSafe(|| (rule.check)(entry, cx))).is_err() {
        tracing::error!(rule = rule.id, resource = entry.title(), "a rule failed; its findings here are left out");
        cx.findings.truncate(before);
    }
}
