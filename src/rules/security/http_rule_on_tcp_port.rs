//! Rule `http-rule-on-tcp-port`.

use super::selected::{PodPort, ports, sidecars};
use crate::index::Ref;
use crate::resource::Protocol;
use crate::resource::istio::{AuthorizationOperation, AuthorizationPolicy, AuthorizationRule};
use crate::rules::{Context, rule};
use crate::text::{Span, TextEdit};
use crate::yaml::{Literal, Place};

rule! {
    /// A rule of an AuthorizationPolicy asks for HTTP, but covers a port that carries TCP.
    ///
    /// ## Why
    /// On a port that is not HTTP the proxy sees no methods, paths or hosts. An ALLOW rule that asks for them never matches there;
    /// from a DENY rule they are dropped, so that it denies everything.
    ///
    /// ## Symptom
    /// Every connection to the port is closed: `RBAC: access denied` in the log of the proxy, connection reset at the client.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: db, namespace: shop}
    /// spec: {selector: {app: db}, ports: [{name: tcp, port: 5432}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: db, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: db}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: db, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: db}}
    ///   rules:
    ///   - to:
    ///     - operation:
    ///         methods: [GET] #~ http-rule-on-tcp-port `methods` 5432
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {istio-injection: enabled}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: db, namespace: shop}
    /// spec: {selector: {app: db}, ports: [{name: tcp, port: 5432}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: db, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: db}}}}
    /// ---
    /// apiVersion: security.istio.io/v1
    /// kind: AuthorizationPolicy
    /// metadata: {name: db, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: db}}
    ///   rules:
    ///   - to:
    ///     - operation:
    ///         ports: ["5432"]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/tasks/security/authorization/authz-tcp/>
    "http-rule-on-tcp-port", on: AuthorizationPolicy, severity: Error, aliases: ["IST0133"], since: "0.1.0",
}

fn check(policy: Ref<'_, AuthorizationPolicy>, cx: &mut Context<'_>) {
    let is_deny = match policy.spec.action.text() {
        None if policy.spec.action.is_absent() => false,
        Some("ALLOW") => false,
        Some("DENY") => true,
        _ => return,
    };
    let asks_for_http = |rule: &AuthorizationRule| {
        rule.to.items().any(|to| to.operation.value().is_some_and(|to| http_field(to).is_some()))
    };
    if !policy.spec.rules.items().any(|rule| asks_for_http(rule)) {
        return;
    }
    let ports: Vec<PodPort<'_>> =
        sidecars(cx.view, policy).into_iter().flat_map(|workload| ports(cx.view, workload)).collect();
    for operation in policy.spec.rules.items().flat_map(|rule| rule.to.items()).filter_map(|to| to.operation.present())
    {
        let covered = |port: &&PodPort<'_>| is_tcp(port.protocol) && covers(operation, port.number);
        if let (Some((field, key)), Some(port)) = (http_field(operation), ports.iter().find(covered)) {
            report(policy, Asked { operation, span: operation.span, field, key }, port, &ports, is_deny, cx);
        }
    }
}

struct Asked<'a> {
    operation: &'a AuthorizationOperation,
    span: Span,
    field: &'static str,
    key: Span,
}

/// The first field that only HTTP has.
pub(super) fn http_field(operation: &AuthorizationOperation) -> Option<(&'static str, Span)> {
    let fields = [
        ("hosts", &operation.hosts),
        ("notHosts", &operation.not_hosts),
        ("methods", &operation.methods),
        ("notMethods", &operation.not_methods),
        ("paths", &operation.paths),
        ("notPaths", &operation.not_paths),
    ];
    let written = fields.into_iter().filter(|(_, field)| field.items().next().is_some());
    written.filter_map(|(name, field)| Some((name, field.key()?))).min_by_key(|(_, key)| *key)
}

pub(super) fn is_tcp(protocol: Protocol) -> bool {
    !protocol.is_http() && !matches!(protocol, Protocol::Auto | Protocol::Udp)
}

fn covers(operation: &AuthorizationOperation, port: u32) -> bool {
    let named = |list: &crate::resource::Field<crate::resource::List<smol_str::SmolStr>>| {
        list.items().any(|written| written.parse() == Ok(port))
    };
    let all = operation.ports.is_absent() || (operation.ports.is_certain() && operation.ports.items().next().is_none());
    (all || named(&operation.ports)) && !named(&operation.not_ports) && !operation.not_ports.is_uncertain()
}

fn report(
    policy: Ref<'_, AuthorizationPolicy>,
    asked: Asked<'_>,
    port: &PodPort<'_>,
    ports: &[PodPort<'_>],
    is_deny: bool,
    cx: &mut Context<'_>,
) {
    let result = match is_deny {
        false => "the rule never matches there: all is denied that no other rule allows",
        true => "the field is dropped from the rule there: everything is denied",
    };
    let mut http: Vec<String> =
        ports.iter().filter(|port| port.protocol.is_http()).map(|port| port.number.to_string()).collect();
    http.sort_unstable();
    http.dedup();
    let document = cx.document(policy.entry);
    let limit = |numbers: Vec<String>| -> Option<TextEdit> {
        let document = document.as_ref()?;
        let path = document.path_of(asked.span);
        document.insert(&path, Place::Last, "ports", &Literal::list(numbers))
    };
    let limited = (!http.is_empty() && asked.operation.ports.is_absent()).then(|| limit(http.clone())).flatten();
    let replaced = asked.operation.ports.is_absent().then(|| {
        let document = document.as_ref()?;
        let path = document.path_of(asked.span);
        document.set(&path, &Literal::map([("ports", Literal::list([port.number.to_string()]))]))
    });
    let finding = cx.report(
        asked.key,
        format!(
            "`{}` asks for HTTP, but port {} carries {}\nThe proxy sees no requests on such a port; {result}.",
            asked.field, port.number, port.protocol
        ),
    );
    finding.related(port.service.id, port.span, format!("this port carries {}", port.protocol));
    finding.unsafe_fix(format!("limit it to the HTTP ports ({})", http.join(", ")), limited.into_iter().collect());
    finding.unsafe_fix(
        format!("name port {} instead of what only HTTP has", port.number),
        replaced.flatten().into_iter().collect(),
    );
}
