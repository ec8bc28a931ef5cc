//! Rule `ineffective-match`.

use super::matches::{Match, rules};
use crate::index::Ref;
use crate::resource::istio::VirtualService;
use crate::rules::{Context, rule};
use crate::text::Span;

rule! {
    /// A match that an earlier one covers.
    ///
    /// ## Why
    /// Rules are tried in order. What an earlier match takes, a later one that asks for the same and more
    /// never sees: a longer prefix, one more header.
    ///
    /// ## Symptom
    /// Requests go where the earlier rule sends them.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - match: [{uri: {prefix: /api}}]
    ///     route: [{destination: {host: web}}]
    ///   - match:
    ///     - uri: {prefix: /api/v2} #~ ineffective-match `uri: {prefix: /api/v2}` earlier
    ///     - uri: {prefix: /other}
    ///     route: [{destination: {host: web}}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - match: [{uri: {prefix: /api/v2}}]
    ///     route: [{destination: {host: web}}]
    ///   - match: [{uri: {prefix: /api}}]
    ///     route: [{destination: {host: web}}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0131/>
    "ineffective-match", on: VirtualService, severity: Info, aliases: ["IST0131"], since: "0.1.0", all_fit: true,
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let mut found: Vec<(Span, Span)> = Vec::new();
    for list in rules(service, cx) {
        let mut earlier: Vec<&Match<'_>> = Vec::new();
        // What stands behind a rule without match is another rule's matter.
        for rule in list.iter().take_while(|rule| !rule.matches.is_empty() || rule.delegates) {
            for one in &rule.matches {
                let before = earlier.iter().find(|before| before.takes(one));
                found.extend(before.map(|before| (one.place, before.place)));
                if !rule.delegates {
                    earlier.push(one);
                }
            }
        }
    }
    for (span, before) in found {
        let finding = cx.report(
            span,
            "an earlier match takes these requests\nRules are tried in order, and the first that fits is taken.",
        );
        finding.related(service.entry.id, before, "the earlier match");
    }
}
