//! Rule `http-deny-without-port`.

use super::http_only::{http_only, is_tcp};
use super::selected::{ports, sidecars};
use crate::index::Ref;
use crate::resource::istio::AuthorizationPolicy;
use crate::rules::{Context, rule};
use crate::text::Span;

rule! {
    /// A DENY rule asks for HTTP alone and names no port.
    ///
    /// ## Why
    /// From a DENY rule the proxy drops what only HTTP has where a port carries something else, so that the rule denies everything
    /// there; ports that no Service names count, too. istiod warns of it when the policy is applied. Where no such port is known this
    /// is said only on demand; of known ones `http-rule-on-tcp-port` speaks.
    ///
    /// ## Symptom
    /// Connections to a port that is not HTTP are closed: `RBAC: access denied` in the log of the proxy, connection reset at the client.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   action: DENY
    ///   rules:
    ///   - to:
    ///     - operation:
    ///         methods: [DELETE] #~ http-deny-without-port `methods` TCP
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   action: DENY
    ///   rules:
    ///   - to:
    ///     - operation:
    ///         methods: [DELETE]
    ///         ports: ["8080"]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/security/authorization/authz-tcp/>
    "http-deny-without-port", on: AuthorizationPolicy, severity: Info, aliases: ["IST0133"], since: "0.1.0", opt_in: true, all_fit: true,
}

fn check(policy: Ref<'_, AuthorizationPolicy>, cx: &mut Context<'_>) {
    if policy.spec.action.text() != Some("DENY") {
        return;
    }
    let http_only: Vec<Span> = policy.spec.rules.items().filter_map(|rule| http_only(rule)).collect();
    let mut workloads = sidecars(cx.view, policy).into_iter().flat_map(|workload| ports(cx.view, workload));
    if http_only.is_empty() || workloads.any(|port| is_tcp(port.protocol)) {
        return;
    }
    for place in http_only {
        cx.report(
            place,
            "this rule denies everything on ports that carry TCP\nThe proxy sees no requests there and drops what only HTTP has; name the \
             ports that the rule is for.",
        );
    }
}
