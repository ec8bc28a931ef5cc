//! Rule `exact-host-without-port`.

use crate::index::Ref;
use crate::resource::istio::AuthorizationPolicy;
use crate::resource::{Field, List, Spanned};
use crate::rules::{Context, Severity, rule};
use crate::yaml::Literal;
use smol_str::SmolStr;

rule! {
    /// A host in an AuthorizationPolicy does not match requests that name the port.
    ///
    /// ## Why
    /// `hosts` is compared with the Host header as the client sent it. Clients that call a port other than the default send
    /// `web.example.com:8080`, which the plain name does not match.
    ///
    /// ## Symptom
    /// ALLOW: `403 RBAC: access denied` for such requests. DENY: they pass.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   action: DENY
    ///   rules:
    ///   - to:
    ///     - operation:
    ///         ports: ["8080"]
    ///         hosts:
    ///         - admin.example.com #~ exact-host-without-port `admin.example.com` port
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   action: DENY
    ///   rules:
    ///   - to:
    ///     - operation:
    ///         ports: ["8080"]
    ///         hosts:
    ///         - admin.example.com
    ///         - admin.example.com:*
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/ops/best-practices/security/#writing-host-match-policies>
    "exact-host-without-port", on: AuthorizationPolicy, severity: Info, aliases: [], since: "0.1.0",
}

fn check(policy: Ref<'_, AuthorizationPolicy>, cx: &mut Context<'_>) {
    let operations = policy.spec.rules.items().flat_map(|rule| rule.to.items()).filter_map(|to| to.operation.value());
    for (hosts, is_not) in operations.flat_map(|operation| [(&operation.hosts, false), (&operation.not_hosts, true)]) {
        for host in hosts.items().filter(|host| !covers_ports(host) && !has_variant(host, hosts)) {
            report(policy, host, is_not, cx);
        }
    }
}

/// It names a port, or a wildcard that stands for one too.
fn covers_ports(host: &str) -> bool {
    host.is_empty() || host.contains(':') || host.contains('*')
}

/// Another entry matches the host with a port.
fn has_variant(host: &str, hosts: &Field<List<SmolStr>>) -> bool {
    hosts.items().any(|other| match (other.strip_suffix('*'), other.strip_prefix('*')) {
        (Some(prefix), _) => format!("{host}:").starts_with(prefix),
        (None, Some(suffix)) => suffix.is_empty(),
        (None, None) => other.strip_prefix(host).is_some_and(|rest| rest.starts_with(':')),
    })
}

/// `is_not`: the host stands in `notHosts`.
fn report(policy: Ref<'_, AuthorizationPolicy>, host: &Spanned<SmolStr>, is_not: bool, cx: &mut Context<'_>) {
    let fix = cx.document(policy.entry).and_then(|document| {
        let mut list = document.path_at(host.span.start()).to_edit();
        list.pop();
        document.push(&list, &Literal::from(format!("{}:*", host.value)))
    });
    let (result, lets_through) = match (policy.spec.action.text().unwrap_or("ALLOW"), is_not) {
        ("DENY", false) => ("are not denied", true),
        ("DENY", true) => ("are denied", false),
        ("ALLOW", false) => ("do not match: 403 (RBAC: access denied)", false),
        ("ALLOW", true) => ("are allowed", true),
        (_, false) => ("do not match", false),
        (_, true) => ("match", false),
    };
    let (host, span) = (&host.value, host.span);
    let finding = cx.report(
        span,
        format!(
            "{host} does not match requests that name a port\nThe Host header is compared as it is sent; requests for \
             {host}:8080 {result}."
        ),
    );
    if lets_through {
        finding.severity(Severity::Warning);
    }
    finding.safe_fix(format!("match {host} with any port too"), fix.into_iter().collect());
}
