//! Who may call what, beyond the examples in the pages.

use super::fixture::{Fixture, all_findings, settings};
use istio_ls::rules::Severity;

/// A DENY policy with `rules` for a workload with this port gives the findings marked in them.
#[track_caller]
fn check(port: &str, rules: &str) {
    let fixture = Fixture::parse(&format!(
        "\
apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{istio-injection: enabled}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{{name: {port}, port: 8080}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{metadata: {{labels: {{app: web}}}}}}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: web, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  action: DENY
  rules:
{rules}"
    ));
    let settings = settings("rules: {http-deny-without-port: info}");
    assert_eq!(fixture.differences(&fixture.check_with(settings).snapshot()), "");
}

#[test]
fn a_rule_by_principals_of_requests_denies_everything_on_a_tcp_port() {
    check(
        "tcp",
        "  - from:
    - source:
        requestPrincipals: [\"*\"] #~ http-rule-on-tcp-port `requestPrincipals` 8080
  - from:
    - source:
        principals: [cluster.local/ns/shop/sa/bad]
        requestPrincipals: [\"*\"]
",
    );
}

#[test]
fn on_demand_a_rule_by_http_alone_is_named_where_no_tcp_port_is_known() {
    check(
        "http",
        "  - from:
    - source:
        notRequestPrincipals: [\"*\"] #~ http-deny-without-port `notRequestPrincipals`
  - to:
    - operation:
        methods: [DELETE]
        ports: [\"8080\"]
",
    );
}

/// What happens to the requests that name a port is told for each action, and for hosts that a rule leaves out.
#[test]
fn a_host_without_port_lets_through_what_a_policy_denies_or_leaves_out() {
    let policies = [
        ("DENY", "hosts", "are not denied", Severity::Warning),
        ("DENY", "notHosts", "are denied", Severity::Info),
        ("ALLOW", "hosts", "do not match: 403", Severity::Info),
        ("ALLOW", "notHosts", "are allowed", Severity::Warning),
        ("AUDIT", "hosts", "do not match.", Severity::Info),
        ("AUDIT", "notHosts", "match.", Severity::Info),
    ];
    for (action, field, result, severity) in policies {
        let policy = format!(
            "\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: web, namespace: shop}}
spec:
  action: {action}
  rules: [{{to: [{{operation: {{ports: ['80'], {field}: [web.example.com]}}}}]}}]
"
        );
        let findings = all_findings(&Fixture::parse(&policy).check().snapshot());
        let finding = findings.iter().find(|finding| finding.rule == "exact-host-without-port").unwrap();
        let expected = format!("web.example.com:8080 {result}");
        assert!(finding.message.contains(&expected), "{action} {field}: {}", finding.message);
        assert_eq!(finding.severity, severity, "{action} {field}");
    }
}
