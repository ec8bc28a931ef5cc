//! Every place where istio-ls knows what can be written: the first of what it offers there.

use expect_test::expect;

use super::fixture::At;

/// What the workspace holds beside the shop: one of everything that can be named.
const NAMES: &str = "\
#- names.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: old}
spec: {hosts: [api.pay.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: hidden, namespace: old}
spec: {hosts: [hidden.example], exportTo: [.], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {selector: {istio: ingress}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [a.example.com], tls: {mode: SIMPLE, credentialName: shop-cert}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: part, namespace: shop}
spec: {http: [{route: [{destination: {host: reviews}}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: bound, namespace: shop}
spec: {hosts: [a.example.com], gateways: [edge/public], http: [{route: [{destination: {host: reviews}}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: front, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: web, port: 80, protocol: HTTP}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: books, namespace: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |-
    extensionProviders:
    - {name: tokens, envoyExtAuthzGrpc: {service: tokens.shop.svc.cluster.local, port: 9000}}
    - {name: spans, opentelemetry: {service: spans.shop.svc.cluster.local, port: 4317}}
";

/// The labels that are offered at `$0` of a `spec` in the namespace `shop`; `group` and `version` are those of the kind.
fn at(kind: &str, spec: &str) -> String {
    let group = match kind {
        "PeerAuthentication" | "RequestAuthentication" | "AuthorizationPolicy" => "security.istio.io/v1",
        "Telemetry" => "telemetry.istio.io/v1",
        "HTTPRoute" | "BackendTLSPolicy" | "KubernetesGateway" => "gateway.networking.k8s.io/v1",
        "Service" => "v1",
        _ => "networking.istio.io/v1",
    };
    let (kind_word, namespace) = match kind {
        "KubernetesGateway" => ("Gateway", "shop"),
        "Gateway" => ("Gateway", "edge"),
        other => (other, "shop"),
    };
    let text = format!(
        "apiVersion: {group}\nkind: {kind_word}\nmetadata: {{name: main, namespace: {namespace}}}\nspec:\n{spec}\n{NAMES}"
    );
    At::parse(&text).labels(5)
}

/// One line a place: `Kind path: labels`. The place is the last key of each path, its value, or an item of it (`[]`).
fn offered(places: &[(&str, &str)]) -> String {
    let line = |(kind, path): &(&str, &str)| {
        let mut spec = String::new();
        let mut column = 2;
        let steps: Vec<_> = path.split('.').collect();
        for (number, step) in steps.iter().enumerate() {
            let (name, is_list) = step.strip_suffix("[]").map_or((*step, false), |name| (name, true));
            let (name, beside) = name.split_once('+').unwrap_or((name, ""));
            let is_last = number + 1 == steps.len();
            let before = |spec: &mut String, key: &str| {
                let lead = if spec.ends_with("- ") { String::new() } else { " ".repeat(column) };
                spec.push_str(&format!("{lead}{key}"));
            };
            for (key, value) in beside.split('+').filter_map(|pair| pair.split_once('=')) {
                before(&mut spec, &format!("{key}: {value}\n"));
            }
            match (is_list, is_last) {
                (true, true) => before(&mut spec, &format!("{name}:\n{}- $0", " ".repeat(column))),
                (false, true) if name == "?" => before(&mut spec, "$0"),
                (false, true) => before(&mut spec, &format!("{name}: $0")),
                (true, false) => {
                    before(&mut spec, &format!("{name}:\n{}- ", " ".repeat(column)));
                    column += 2;
                }
                (false, false) => {
                    before(&mut spec, &format!("{name}:\n"));
                    column += 2;
                }
            }
        }
        format!("{kind} {path}: {}\n", at(kind, &spec))
    };
    places.iter().map(line).collect()
}

#[test]
fn hosts_and_what_belongs_to_them() {
    expect![[r#"
        VirtualService hosts[]: reviews, api.pay.example, legacy.old.svc.cluster.local
        VirtualService http[].route[].destination.host: reviews, api.pay.example, legacy.old.svc.cluster.local
        VirtualService http[].mirror.host: reviews, api.pay.example, legacy.old.svc.cluster.local
        VirtualService http[].mirrors[].destination.host: reviews, api.pay.example, legacy.old.svc.cluster.local
        VirtualService tls[].route[].destination.host: reviews, api.pay.example, legacy.old.svc.cluster.local
        VirtualService tcp[].route[].destination.host: reviews, api.pay.example, legacy.old.svc.cluster.local
        VirtualService tls+hosts=[web][].match[].sniHosts[]: web
        DestinationRule host: reviews, api.pay.example, legacy.old.svc.cluster.local
        Sidecar egress[].hosts[]: ./*, istio-system/*, old/*, shop/*, old/api.pay.example and 3 more
        Gateway servers[].hosts[]: *
        HTTPRoute rules[].backendRefs[].name: reviews
        VirtualService http[].route[].destination.subset+host=reviews: v1
        VirtualService http[].route[].destination.port+host=reviews.number: 9080
        DestinationRule trafficPolicy+host=reviews.portLevelSettings[].port.number: 9080
        HTTPRoute rules[].backendRefs[].port+name=reviews: 9080
        DestinationRule trafficPolicy+host=reviews.tls.sni: reviews
    "#]]
    .assert_eq(&offered(&[
        ("VirtualService", "hosts[]"),
        ("VirtualService", "http[].route[].destination.host"),
        ("VirtualService", "http[].mirror.host"),
        ("VirtualService", "http[].mirrors[].destination.host"),
        ("VirtualService", "tls[].route[].destination.host"),
        ("VirtualService", "tcp[].route[].destination.host"),
        ("VirtualService", "tls+hosts=[web][].match[].sniHosts[]"),
        ("DestinationRule", "host"),
        ("Sidecar", "egress[].hosts[]"),
        ("Gateway", "servers[].hosts[]"),
        ("HTTPRoute", "rules[].backendRefs[].name"),
        ("VirtualService", "http[].route[].destination.subset+host=reviews"),
        ("VirtualService", "http[].route[].destination.port+host=reviews.number"),
        ("DestinationRule", "trafficPolicy+host=reviews.portLevelSettings[].port.number"),
        ("HTTPRoute", "rules[].backendRefs[].port+name=reviews"),
        ("DestinationRule", "trafficPolicy+host=reviews.tls.sni"),
    ]));
}

#[test]
fn other_resources() {
    expect![[r#"
        VirtualService gateways[]: edge/public, mesh
        VirtualService http[].match[].gateways[]: edge/public, mesh
        VirtualService http[].delegate.name: part
        Gateway selector+servers=[].?: istio
        Gateway servers[].tls.credentialName: shop-cert
        Gateway servers[].tls.credentialNames[]: shop-cert
        DestinationRule trafficPolicy.tls.credentialName: shop-cert
        KubernetesGateway gatewayClassName: istio, istio-waypoint
        KubernetesGateway listeners[].tls.certificateRefs[].name: shop-cert
        HTTPRoute parentRefs[].name: front
        AuthorizationPolicy targetRefs[].name+kind=Service: reviews
        BackendTLSPolicy targetRefs[].name+kind=Service: reviews
        AuthorizationPolicy provider.name: tokens
        Telemetry tracing[].providers[].name: spans
    "#]]
    .assert_eq(&offered(&[
        ("VirtualService", "gateways[]"),
        ("VirtualService", "http[].match[].gateways[]"),
        ("VirtualService", "http[].delegate.name"),
        ("Gateway", "selector+servers=[].?"),
        ("Gateway", "servers[].tls.credentialName"),
        ("Gateway", "servers[].tls.credentialNames[]"),
        ("DestinationRule", "trafficPolicy.tls.credentialName"),
        ("KubernetesGateway", "gatewayClassName"),
        ("KubernetesGateway", "listeners[].tls.certificateRefs[].name"),
        ("HTTPRoute", "parentRefs[].name"),
        ("AuthorizationPolicy", "targetRefs[].name+kind=Service"),
        ("BackendTLSPolicy", "targetRefs[].name+kind=Service"),
        ("AuthorizationPolicy", "provider.name"),
        ("Telemetry", "tracing[].providers[].name"),
    ]));
}

#[test]
fn namespaces_identities_and_labels() {
    expect![[r#"
        VirtualService exportTo[]: *, ., shop, edge, istio-system and 1 more
        ServiceEntry exportTo[]: *, ., ~, shop, edge and 2 more
        VirtualService http[].delegate.namespace: shop, edge, istio-system, old
        VirtualService http[].match[].sourceNamespace: shop, edge, istio-system, old
        HTTPRoute parentRefs[].namespace: shop, edge, istio-system, old
        AuthorizationPolicy rules[].from[].source.namespaces[]: shop, edge, istio-system, old
        AuthorizationPolicy rules[].from[].source.principals[]: cluster.local/ns/shop/sa/books, cluster.local/ns/shop/sa/default, cluster.local/ns/edge/sa/default, cluster.local/ns/old/sa/default
        AuthorizationPolicy rules[].from[].source.serviceAccounts[]: books, default, edge/default, old/default
        DestinationRule trafficPolicy.tls.subjectAltNames[]: spiffe://cluster.local/ns/shop/sa/books, spiffe://cluster.local/ns/shop/sa/default, spiffe://cluster.local/ns/edge/sa/default, spiffe://cluster.local/ns/old/sa/default
        PeerAuthentication selector.matchLabels.?: app, version
        AuthorizationPolicy selector.matchLabels.app: reviews, web
        Sidecar workloadSelector.labels.?: app, version
        Service selector.?: app, version
        VirtualService http[].match[].sourceLabels.?: app, version
        DestinationRule subsets+host=reviews[].labels.?: version, app
        DestinationRule subsets+host=reviews[].labels.version: v1
    "#]].assert_eq(&offered(&[
        ("VirtualService", "exportTo[]"),
        ("ServiceEntry", "exportTo[]"),
        ("VirtualService", "http[].delegate.namespace"),
        ("VirtualService", "http[].match[].sourceNamespace"),
        ("HTTPRoute", "parentRefs[].namespace"),
        ("AuthorizationPolicy", "rules[].from[].source.namespaces[]"),
        ("AuthorizationPolicy", "rules[].from[].source.principals[]"),
        ("AuthorizationPolicy", "rules[].from[].source.serviceAccounts[]"),
        ("DestinationRule", "trafficPolicy.tls.subjectAltNames[]"),
        ("PeerAuthentication", "selector.matchLabels.?"),
        ("AuthorizationPolicy", "selector.matchLabels.app"),
        ("Sidecar", "workloadSelector.labels.?"),
        ("Service", "selector.?"),
        ("VirtualService", "http[].match[].sourceLabels.?"),
        ("DestinationRule", "subsets+host=reviews[].labels.?"),
        ("DestinationRule", "subsets+host=reviews[].labels.version"),
    ]));
}

#[test]
fn words_of_the_api() {
    expect![[r#"
        DestinationRule trafficPolicy+host=reviews.tls.mode: ISTIO_MUTUAL, SIMPLE, MUTUAL, DISABLE
        Gateway servers[].tls.mode: SIMPLE, MUTUAL, ISTIO_MUTUAL, PASSTHROUGH, AUTO_PASSTHROUGH and 1 more
        PeerAuthentication mtls.mode: STRICT, PERMISSIVE, UNSET, DISABLE
        Gateway servers[].port.protocol: HTTP, HTTPS, HTTP2, GRPC, TCP and 2 more
        ServiceEntry resolution: DNS, STATIC, NONE, DNS_ROUND_ROBIN, DYNAMIC_DNS
        ServiceEntry location: MESH_EXTERNAL, MESH_INTERNAL
        AuthorizationPolicy action: ALLOW, DENY, AUDIT, CUSTOM
        Sidecar outboundTrafficPolicy.mode: REGISTRY_ONLY, ALLOW_ANY
        Gateway servers[].tls.minProtocolVersion: TLSV1_2, TLSV1_3, TLS_AUTO, TLSV1_0, TLSV1_1
        DestinationRule trafficPolicy.loadBalancer.simple: LEAST_REQUEST, ROUND_ROBIN, RANDOM, PASSTHROUGH, UNSPECIFIED and 1 more
        VirtualService http[].match[].ignoreUriCase: true, false
        VirtualService http[].?: route to a service, route with subsets, name, match, route and 14 more
        Gateway servers[].?: server with TLS, server with mutual TLS, server that redirects to HTTPS, server that passes TLS through, port and 5 more
        ServiceEntry ?: hosts, addresses, ports, location, resolution and 4 more
    "#]].assert_eq(&offered(&[
        ("DestinationRule", "trafficPolicy+host=reviews.tls.mode"),
        ("Gateway", "servers[].tls.mode"),
        ("PeerAuthentication", "mtls.mode"),
        ("Gateway", "servers[].port.protocol"),
        ("ServiceEntry", "resolution"),
        ("ServiceEntry", "location"),
        ("AuthorizationPolicy", "action"),
        ("Sidecar", "outboundTrafficPolicy.mode"),
        ("Gateway", "servers[].tls.minProtocolVersion"),
        ("DestinationRule", "trafficPolicy.loadBalancer.simple"),
        ("VirtualService", "http[].match[].ignoreUriCase"),
        ("VirtualService", "http[].?"),
        ("Gateway", "servers[].?"),
        ("ServiceEntry", "?"),
    ]));
}
