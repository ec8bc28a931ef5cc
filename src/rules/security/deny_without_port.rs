//! Rule `deny-without-port`.

use super::http_rule_on_tcp_port::{http_field, is_tcp};
use super::selected::{PodPort, ports, sidecars};
use crate::index::Ref;
use crate::resource::istio::{AuthorizationPolicy, AuthorizationRule, AuthorizationSource};
use crate::rules::{Context, rule};
use crate::text::Span;

rule! {
    /// A DENY rule that asks for nothing but HTTP, on whatever port there is.
    ///
    /// ## Why
    /// On a port that is not HTTP the proxy sees no methods, paths, hosts or tokens. It drops them from a DENY rule, and what is left denies every connection. istiod takes the policy with a warning.
    /// Nothing is said where the ports of all selected workloads are known to carry HTTP.
    ///
    /// ## Symptom
    /// Connections to databases and the like are closed: `rbac_access_denied_matched_policy` in the log of the proxy.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: no-admin, namespace: shop}
    /// spec:
    ///   action: DENY
    ///   rules:
    ///   - to:
    ///     - operation:
    ///         paths: [/admin] #~ deny-without-port `paths` TCP
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: no-admin, namespace: shop}
    /// spec:
    ///   action: DENY
    ///   rules:
    ///   - to:
    ///     - operation:
    ///         paths: [/admin]
    ///         ports: ["8080"]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0133/>
    "deny-without-port", on: AuthorizationPolicy, severity: Info, aliases: ["IST0133"], since: "0.1.0", all_fit: true,
}

fn check(policy: Ref<'_, AuthorizationPolicy>, cx: &mut Context<'_>) {
    if policy.spec.action.text() != Some("DENY") {
        return;
    }
    let ports: Vec<PodPort<'_>> =
        sidecars(cx.view, policy).into_iter().flat_map(|workload| ports(cx.view, workload)).collect();
    if !ports.is_empty() && ports.iter().all(|port| port.protocol.is_http()) {
        return;
    }
    for rule in policy.spec.rules.items() {
        let has_operations = rule.to.items().next().is_some();
        // Of a port that is known to carry TCP `http-rule-on-tcp-port` tells, operation by operation.
        if has_operations && ports.iter().any(|port| is_tcp(port.protocol)) {
            continue;
        }
        let asked = if has_operations { operations(rule) } else { tokens(rule) };
        if let Some((field, key)) = asked.filter(|_| !names_port(rule)) {
            cx.report(
                key,
                format!(
                    "DENY by `{field}` and no port denies every connection to ports of TCP\nA proxy sees no requests on \
                     such a port; it drops from the rule what only HTTP has. `ports` limits the rule to ports of HTTP."
                ),
            );
        }
    }
}

/// The first field of the operations that only HTTP has, where none names a port.
fn operations(rule: &AuthorizationRule) -> Option<(&'static str, Span)> {
    let operations = || rule.to.items().filter_map(|to| to.operation.value());
    let has_port = operations().any(|operation| !operation.ports.is_absent() || !operation.not_ports.is_absent());
    operations().filter(|_| !has_port).find_map(http_field)
}

/// The first field about tokens, where no source says anything that TCP has too.
fn tokens(rule: &AuthorizationRule) -> Option<(&'static str, Span)> {
    let sources = || rule.from.items().filter_map(|from| from.source.value());
    let of_tokens = |source: &AuthorizationSource| {
        let fields = [
            ("requestPrincipals", &source.request_principals),
            ("notRequestPrincipals", &source.not_request_principals),
        ];
        fields.into_iter().find_map(|(name, field)| Some((name, field.key()?)))
    };
    sources().filter(|_| !sources().any(has_address_or_identity)).find_map(of_tokens)
}

fn has_address_or_identity(source: &AuthorizationSource) -> bool {
    let fields = [
        &source.principals,
        &source.not_principals,
        &source.namespaces,
        &source.not_namespaces,
        &source.ip_blocks,
        &source.not_ip_blocks,
        &source.remote_ip_blocks,
        &source.not_remote_ip_blocks,
        &source.service_accounts,
        &source.not_service_accounts,
    ];
    fields.into_iter().any(|field| !field.is_absent())
}

/// A condition of the rule is about the port, or is not known.
fn names_port(rule: &AuthorizationRule) -> bool {
    rule.when.is_uncertain()
        || rule.when.items().any(|condition| condition.value.key.text().is_none_or(|key| key == "destination.port"))
}
