//! Rule `unreachable-rule`.

use super::matches::{Rule, rules};
use crate::index::Ref;
use crate::resource::istio::VirtualService;
use crate::rules::{Context, rule};

rule! {
    /// A rule of a VirtualService that no request reaches.
    ///
    /// ## Why
    /// Rules are tried in order and the first that fits is taken. Behind a rule without match, or
    /// rules whose matches take all that its own ask for, nothing arrives.
    ///
    /// ## Symptom
    /// The rule is never used.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route: [{destination: {host: web}}]
    ///   - match: [{uri: {prefix: /new}}] #~ unreachable-rule `match` before it
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
    ///   - match: [{uri: {prefix: /new}}]
    ///     route: [{destination: {host: web}}]
    ///   - route: [{destination: {host: web}}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0130/>
    "unreachable-rule", on: VirtualService, severity: Warning, aliases: ["IST0130"], since: "0.1.0", all_fit: true,
}

fn check(service: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    for list in rules(service, cx) {
        let mut earlier: Vec<&Rule<'_>> = Vec::new();
        for rule in &list {
            let catch_all = earlier.iter().find(|before| before.matches.is_empty());
            let is_taken = |one| earlier.iter().flat_map(|before| &before.matches).any(|before| before.takes(one));
            let repeated = !rule.matches.is_empty() && rule.matches.iter().all(is_taken);
            if catch_all.is_some() || repeated {
                let why = match catch_all {
                    Some(_) => "a rule without match stands before it",
                    None => "rules before it take them all",
                };
                let finding = cx.report(
                    rule.place,
                    format!("no request reaches this rule: {why}\nThe first rule that fits is taken."),
                );
                if let Some(before) = catch_all {
                    finding.related(service.entry.id, before.place, "this rule takes everything");
                }
            }
            if !rule.delegates {
                earlier.push(rule);
            }
        }
    }
}
