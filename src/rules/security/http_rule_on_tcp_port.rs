//! Rule `http-rule-on-tcp-port`.

use super::http_only::{http_field, http_sources, is_tcp, names_no_port};
use super::selected::{PodPort, ports, sidecars};
use crate::index::Ref;
use crate::resource::istio::{AuthorizationOperation, AuthorizationPolicy, AuthorizationRule};
use crate::rules::{Context, Finding, rule};
use crate::text::{Span, TextEdit};
use crate::yaml::{Literal, Place};

rule! {
    /// A rule of an AuthorizationPolicy asks for HTTP, but covers a port that carries TCP.
    ///
    /// ## Why
    /// On a port that is not HTTP the proxy sees no methods, paths or hosts. An ALLOW rule that asks for them never matches there;
    /// from a DENY rule they are dropped, so that it denies everything. The same holds for a DENY rule that asks for the principals of
    /// requests alone.
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
            || (is_deny && http_sources(rule).is_some())
    };
    if !policy.spec.rules.items().any(|rule| asks_for_http(rule)) {
        return;
    }
    let ports: Vec<PodPort<'_>> =
        sidecars(cx.view, policy).into_iter().flat_map(|workload| ports(cx.view, workload)).collect();
    let operations = policy.spec.rules.items().flat_map(|rule| rule.value.to.items().map(|to| (&rule.value, to)));
    for (rule, operation) in operations.filter_map(|(rule, to)| Some((rule, to.operation.present()?))) {
        let covered = |port: &&PodPort<'_>| is_tcp(port.protocol) && covers(operation, port.number);
        if let (Some((field, key)), Some(port)) = (http_field(operation), ports.iter().find(covered)) {
            let finding =
                report(policy, Asked { operation, span: operation.span, field, key }, port, &ports, is_deny, cx);
            if is_deny && names_no_port(rule) {
                finding.alias("IST0133");
            }
        }
    }
    let Some(port) = ports.iter().find(|port| is_deny && is_tcp(port.protocol)) else { return };
    for (field, key) in policy.spec.rules.items().filter_map(|rule| http_sources(rule)) {
        let finding = cx.report(
            key,
            format!(
                "`{field}` asks for HTTP, but port {} carries {}\nThe proxy sees no requests on such a port; the field is dropped from \
                 the rule there: everything is denied.",
                port.number, port.protocol
            ),
        );
        finding.alias("IST0133");
        finding.related(port.service.id, port.span, format!("this port carries {}", port.protocol));
    }
}

struct Asked<'a> {
    operation: &'a AuthorizationOperation,
    span: Span,
    field: &'static str,
    key: Span,
}

fn covers(operation: &AuthorizationOperation, port: u32) -> bool {
    let named = |list: &crate::resource::Field<crate::resource::List<smol_str::SmolStr>>| {
        list.items().any(|written| written.parse() == Ok(port))
    };
    let all = operation.ports.is_absent() || (operation.ports.is_certain() && operation.ports.items().next().is_none());
    (all || named(&operation.ports)) && !named(&operation.not_ports) && !operation.not_ports.is_uncertain()
}

fn report<'c>(
    policy: Ref<'_, AuthorizationPolicy>,
    asked: Asked<'_>,
    port: &PodPort<'_>,
    ports: &[PodPort<'_>],
    is_deny: bool,
    cx: &'c mut Context<'_>,
) -> &'c mut Finding {
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
    )
}
