//! Objects against the schema of their kind: what counts as wrong, and what is taken as right because it comes later.

use istio_ls::workspace::{SchemaChecks, Settings, Workspace};

use super::fixture::{Fixture, all_findings, settings};

/// The findings of `text` are those marked in it.
#[track_caller]
fn check(text: &str) {
    let fixture = Fixture::parse(text);
    assert_eq!(fixture.differences(&fixture.check().snapshot()), "");
}

const ROUTE: &str = "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.example.com]
";

#[test]
fn a_field_of_another_object_is_not_renamed_but_placed() {
    check(&format!(
        "{ROUTE}  http:
  - route:
    - destination:
        host: web.example.com
        weight: 5 #~ unknown-field `weight` `spec.http[0].route[0]` has a field of this name
    timeout: 1s
"
    ));
}

#[test]
fn a_misspelt_required_field_is_one_finding() {
    check(&format!(
        "{ROUTE}  http:
  - route:
    - destination: {{hots: web.example.com}} #~ unknown-field `hots` did you mean `host`?
"
    ));
}

#[test]
fn yaml_is_read_as_kubernetes_reads_it() {
    check(&format!(
        "{ROUTE}  http:
  - timeout: 5 #~ wrong-type `5` not the number 5
    retries:
      attempts: 3.0
      retryRemoteLocalities: yes
    headers: {{request: {{set: {{x-a: on, x-b: \"on\"}}}}}} #~ wrong-type `on` the truth value `on`
    match:
    corsPolicy: null
    route:
    - destination: {{host: web.example.com}}
      weight: \"1\" #~ wrong-type `\"1\"` a whole number
"
    ));
}

#[test]
fn what_a_template_or_somebody_fills_in_is_right() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: {{ .Values.hosts }}
  {{ .Values.key }}: x
  http:
  - timeout: ${TIMEOUT}
    retries: {attempts: {{ .Values.attempts }}}
    route:
    - destination:
        {{- toYaml .Values.destination | nindent 8 }}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: web, namespace: shop}
spec:
  jwtRules:
  - {issuer: web, jwksUri: JWKS_URI}
",
    );
}

#[test]
fn a_patch_lacks_nothing_but_knows_its_fields() {
    check(
        "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec:
  servers:
  - $patch: delete
    hots: [web.example.com] #~ unknown-field `hots`
",
    );
}

#[test]
fn an_object_in_a_list_is_checked_like_any_other() {
    check(
        "\
apiVersion: v1
kind: List
items:
- apiVersion: networking.istio.io/v1
  kind: Sidecar
  metadata: {name: web, namespace: shop}
  spec:
    egress: [{}] #~ missing-required-field `{}` `egress` lacks `hosts`
",
    );
}

#[test]
fn a_filter_has_the_settings_that_its_type_names() {
    let route = "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  rules:
";
    check(&format!(
        "{route}  - filters:
    - {{type: URLRewrite, urlRewrite: {{hostname: a.example.com}}}}
    - {{type: CORS}} #~ missing-required-field `type` the field that its `type` names
    - type: ExtensionRef
      extensionRef: {{group: a.b, kind: C, name: d}}
      requestMirror: {{backendRef: {{name: a, port: 80}}}} #~ conflicting-fields `requestMirror`
"
    ));
}

#[test]
fn listeners_have_the_fields_of_their_protocol() {
    let listeners = |listeners: &str| {
        check(&format!(
            "\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: web, namespace: shop}}
spec:
  gatewayClassName: istio
  listeners:
{listeners}"
        ));
    };
    listeners(
        "  - {name: a, port: 1, protocol: HTTPS, tls: {mode: Passthrough}} #~ refused-combination `Passthrough` opens TLS
  - {name: b, port: 2, protocol: TLS} #~ refused-combination `TLS` needs `tls`
  - {name: c, port: 3, protocol: HTTPS, tls: {}} #~ refused-combination `tls` lacks `certificateRefs`
  - {name: d, port: 4, protocol: TCP, hostname: a.b} #~ refused-combination `hostname`
  - {name: e, port: 5, protocol: HTTP}
  - {name: f, port: 5, protocol: HTTP} #~ refused-combination `port` another listener
",
    );
    listeners(
        "  - {name: a, port: 1, protocol: TLS, tls: {mode: Passthrough}}
  - {name: b, port: 2, protocol: HTTPS, tls: {options: {gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL}}}
  - {name: c, port: 5, protocol: HTTP}
  - {name: d, port: 5, protocol: HTTP, hostname: a.b}
",
    );
}

#[test]
fn rules_of_routes_have_parts_that_go_together() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  rules:
  - filters:
    - {type: RequestRedirect, requestRedirect: {scheme: https}}
    - {type: URLRewrite, urlRewrite: {hostname: a.b}} #~ refused-combination `URLRewrite` not both
    backendRefs: [{name: a, port: 80}] #~ refused-combination `backendRefs`
  - matches:
    - path: {type: RegularExpression, value: .*}
    - path: {type: Exact, value: /a//b} #~ refused-combination `/a//b` must not hold `//`
    backendRefs:
    - {group: inference.networking.k8s.io, kind: InferencePool, name: models}
    - {kind: Service, name: a} #~ refused-combination `a` lacks `port`
",
    );
}

#[test]
fn filters_matches_and_sessions_have_parts_that_go_together() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  rules:
  - matches: [{path: {value: /a}}, {path: {value: /b}}]
    timeouts: {request: 1s, backendRequest: 2s} #~ refused-combination `2s` `backendRequest` is not longer than `request`
    filters:
    - {type: RequestMirror, requestMirror: {backendRef: {name: a, port: 1}, fraction: {numerator: 101}}} #~ refused-combination `101` at most `denominator`, here 100
    - {type: CORS, cors: {allowOrigins: [\"*\", \"https://a.b\"]}} #~ refused-combination `\"*\"` stands alone in `allowOrigins`
    - {type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /c}}} #~ refused-combination `replacePrefixMatch` one match of a prefix
    backendRefs: [{name: a, port: 80}]
  - filters:
    - {type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /c}}}
    sessionPersistence: {type: Header, cookieConfig: {lifetimeType: Session}} #~ refused-combination `cookieConfig` goes with type Cookie
    backendRefs: [{name: a, port: 80}]
",
    );
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: calls, namespace: shop}
spec:
  rules:
  - matches:
    - method: {type: Exact} #~ refused-combination `type` lacks `service` or `method`
    - method: {service: shop..Cart} #~ refused-combination `shop..Cart` is no service of gRPC
    - method: {service: shop.Cart, method: get-all} #~ refused-combination `get-all` is no method of gRPC
    - method: {type: RegularExpression, service: \"shop[.].*\"}
    backendRefs: [{name: a, port: 80}]
",
    );
}

#[test]
fn references_addresses_and_keys_are_told_apart() {
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs:
  - {name: a, sectionName: one}
  - {name: a, sectionName: two}
  - {name: a} #~ refused-combination `a` both need the same of `sectionName` and `port`
  - {name: b}
  - {name: b, namespace: other}
  - {name: b} #~ refused-combination `b` the two are the same
  hostnames: [a.b, 10.0.0.1] #~ refused-combination `10.0.0.1` no IP address
  rules: [{backendRefs: [{name: a, port: 443}]}]
",
    );
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec:
  gatewayClassName: istio
  addresses:
  - {value: 10.0.0.1}
  - {type: IPAddress, value: 10.0.0.1} #~ refused-combination `10.0.0.1` stands here twice
  - {type: Hostname, value: A.b} #~ refused-combination `A.b` is no host name
  infrastructure: {labels: {a b: c, example.com/team: web}} #~ refused-combination `a b` no key of labels
  listeners: [{name: a, port: 80, protocol: HTTP}]
",
    );
    check(
        "\
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: web, namespace: shop}
spec:
  targetRefs:
  - {group: \"\", kind: Service, name: a}
  - {group: \"\", kind: Service, name: a, sectionName: https} #~ refused-combination `a` both need the same
  validation: {hostname: a.b, wellKnownCACertificates: System}
",
    );
}

#[test]
fn limits_are_those_of_the_version() {
    let rules = "[{backendRefs: [{name: a, port: 1}]}, {backendRefs: [{name: b, port: 1}]}]";
    let route = |version: &str| {
        format!(
            "apiVersion: gateway.networking.k8s.io/{version}\nkind: TCPRoute\nmetadata: {{name: a, namespace: b}}\nspec: {{rules: "
        )
    };
    check(&format!("{}{rules}}} #~ out-of-range `{rules}` takes 1 item\n", route("v1")));
    check(&format!("{}{rules}}}\n", route("v1alpha2")));
}

#[test]
fn kinds_of_kubernetes_are_not_checked() {
    check("apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {prots: []}\n");
}

#[test]
fn the_setting_schema_turns_the_rules_off() {
    let text = format!("{ROUTE}  htttp: []\n");
    let count = |schema, yaml_language_server| {
        let mut workspace = Workspace::new(Settings { schema, yaml_language_server, ..Settings::default() });
        workspace.set_text("main.yaml".as_ref(), &text);
        workspace.check_all();
        all_findings(&workspace.snapshot()).iter().filter(|finding| finding.rule == "unknown-field").count()
    };
    assert_eq!((count(SchemaChecks::Auto, false), count(SchemaChecks::Auto, true)), (1, 0));
    assert_eq!((count(SchemaChecks::On, true), count(SchemaChecks::Off, false)), (1, 0));
}

#[test]
fn the_editor_says_that_yaml_language_server_runs() {
    let of_editor: Settings = serde_json::from_str(r#"{"schema": "auto", "yamlLanguageServer": true}"#).unwrap();
    assert!(of_editor.yaml_language_server);
    assert_eq!(settings("schema: on").schema, SchemaChecks::On);
}

#[test]
fn what_ytt_writes_is_taken_as_right() {
    check(
        "\
#@ load(\"names.star\", \"hosts\", \"gateway\")
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
  namespace: #@ namespace
spec:
  hosts:
  - #@ \"web.\" + domain
  - #~ wrong-type `` not nothing
  gateways: #@ gateways
  http:
  - route:
    - destination:
        host: #@ \"web.\" + namespace
      _: #@ template.replace(weights)
",
    );
}
