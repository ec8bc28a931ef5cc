//! Rule `missing-reference-grant`.

use smol_str::SmolStr;

use crate::index::{Entry, Key, View};
use crate::resource::gateway_api::{ObjectReference, ReferenceGrant};
use crate::resource::{Body, Field, Kind, Spanned};
use crate::rules::{Context, Edit, Fix, rule};
use crate::yaml::{Literal, append_document};

const GROUP: &str = "gateway.networking.k8s.io";

rule! {
    /// A reference into another namespace that no ReferenceGrant there allows.
    ///
    /// ## Why
    /// Routes and Gateways may refer to Services and Secrets of another namespace only where a ReferenceGrant of that namespace allows their
    /// kind and namespace to refer to that kind. Istio drops the reference otherwise.
    ///
    /// ## Symptom
    /// The listener is not programmed (`RefNotPermitted`), or requests get `500` or `503 NC`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: edge}
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: certs}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-cert, namespace: certs}
    /// type: kubernetes.io/tls
    /// data: {tls.crt: "", tls.key: ""}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: front, namespace: edge}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - name: tls
    ///     port: 443
    ///     protocol: HTTPS
    ///     hostname: shop.example.com
    ///     tls:
    ///       mode: Terminate
    ///       certificateRefs:
    ///       - name: shop-cert #~ missing-reference-grant `shop-cert` certs
    ///         namespace: certs
    ///     allowedRoutes: {namespaces: {from: All}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: edge}
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: certs}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-cert, namespace: certs}
    /// type: kubernetes.io/tls
    /// data: {tls.crt: "", tls.key: ""}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1beta1
    /// kind: ReferenceGrant
    /// metadata: {name: allow, namespace: certs}
    /// spec:
    ///   from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: edge}]
    ///   to: [{group: "", kind: Secret}]
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: front, namespace: edge}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - name: tls
    ///     port: 443
    ///     protocol: HTTPS
    ///     hostname: shop.example.com
    ///     tls:
    ///       mode: Terminate
    ///       certificateRefs:
    ///       - name: shop-cert
    ///         namespace: certs
    ///     allowedRoutes: {namespaces: {from: All}}
    /// ```
    ///
    /// ## See
    /// <https://gateway-api.sigs.k8s.io/api-types/referencegrant/>
    "missing-reference-grant", on: [KubernetesGateway, HttpRoute, GrpcRoute, TlsRoute, TcpRoute], severity: Error, aliases: [], since: "0.1.0",
}

/// A reference to an object of another namespace.
struct Reference<'a> {
    group: &'a Field<SmolStr>,
    kind: &'a str,
    name: &'a Spanned<SmolStr>,
    namespace: &'a str,
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let references: Vec<Reference<'_>> = match &entry.resource.body {
        Body::KubernetesGateway(gateway) => {
            let tls = gateway.listeners.items().filter_map(|listener| listener.tls.value());
            let references = tls.flat_map(|tls| tls.certificate_refs.items());
            references.filter_map(|reference| foreign(entry, reference, "Secret")).collect()
        }
        Body::HttpRoute(route) | Body::GrpcRoute(route) | Body::TlsRoute(route) | Body::TcpRoute(route) => {
            let backends = route.rules.items().flat_map(|rule| rule.backend_refs.items());
            backends
                .filter_map(|backend| {
                    Some(Reference {
                        group: &backend.value.group,
                        kind: kind(&backend.value.kind, "Service")?,
                        name: backend.value.name.present()?,
                        namespace: other_namespace(entry, &backend.value.namespace)?,
                    })
                })
                .collect()
        }
        _ => return,
    };
    for reference in references {
        let grants = Key::Namespace(Kind::ReferenceGrant, reference.namespace.into());
        if cx.view.may_be_elsewhere(&grants) {
            continue;
        }
        if is_known(cx.view, &reference) && !is_granted(entry, &reference, cx.view) {
            report(entry, &reference, cx);
        }
    }
}

fn foreign<'a>(entry: &Entry, reference: &'a Spanned<ObjectReference>, usual: &'a str) -> Option<Reference<'a>> {
    Some(Reference {
        group: &reference.value.group,
        kind: kind(&reference.value.kind, usual)?,
        name: reference.value.name.present()?,
        namespace: other_namespace(entry, &reference.value.namespace)?,
    })
}

/// The kind that is meant; none while it is not known.
fn kind<'a>(written: &'a Field<SmolStr>, usual: &'a str) -> Option<&'a str> {
    if written.is_absent() { Some(usual) } else { written.text() }
}

fn other_namespace<'a>(entry: &Entry, written: &'a Field<SmolStr>) -> Option<&'a str> {
    written.text().filter(|other| *other != entry.namespace)
}

/// The target is in the workspace, and so is what would allow the reference.
fn is_known(view: &View<'_>, reference: &Reference<'_>) -> bool {
    let kind = match reference.kind {
        "Secret" => Kind::Secret,
        "Service" => Kind::Service,
        _ => return false,
    };
    view.under(&Key::Named(kind, reference.namespace.into(), reference.name.value.clone())).next().is_some()
}

fn is_granted(entry: &Entry, reference: &Reference<'_>, view: &View<'_>) -> bool {
    view.in_namespace::<ReferenceGrant>(reference.namespace).any(|grant| {
        let is_unknown = !grant.spec.from.is_certain() || !grant.spec.to.is_certain();
        let from = grant.spec.from.items().any(|from| {
            from.group.text() == Some(GROUP)
                && from.kind.text() == Some(entry.resource.kind.as_str())
                && from.namespace.text() == Some(&entry.namespace)
        });
        let to = grant.spec.to.items().any(|to| {
            to.group.text().unwrap_or_default() == reference.group.text().unwrap_or_default()
                && to.kind.text() == Some(reference.kind)
                && (to.name.is_absent()
                    || to.name.text().is_none_or(|name| name.is_empty() || name == reference.name.as_str()))
        });
        is_unknown || (from && to)
    })
}

fn report(entry: &Entry, reference: &Reference<'_>, cx: &mut Context<'_>) {
    let (kind, namespace) = (reference.kind, reference.namespace);
    let own_kind = entry.resource.kind.as_str();
    let fix = cx.document(entry).map(|document| append_document(&document.text, &grant(entry, reference)));
    let target = match kind {
        "Secret" => Kind::Secret,
        _ => Kind::Service,
    };
    let key = Key::Named(target, namespace.into(), reference.name.value.clone());
    let target = cx.view.under(&key).next().map(|target| (target.id, target.resource.name_span()));
    let seen = match kind {
        "Secret" => "the listener is not programmed (RefNotPermitted)",
        _ => "requests get 500 or 503 (NC)",
    };
    let finding = cx.report(
        reference.name.span,
        format!(
            "no ReferenceGrant in {namespace} lets this {own_kind} refer to {kind} {}\nReferences into another namespace need its \
             consent; {seen}.",
            reference.name.value
        ),
    );
    if let Some((resource, span)) = target {
        finding.related(resource, span, format!("the {kind}"));
    }
    if let Some(edit) = fix {
        let edits = vec![Edit { resource: entry.id, edit }];
        let title = format!("allow it: add a ReferenceGrant in {namespace}");
        finding.fix(Fix { title, safe: true, edits });
    }
}

fn grant(entry: &Entry, reference: &Reference<'_>) -> Literal {
    let from =
        Literal::map([("group", GROUP), ("kind", entry.resource.kind.as_str()), ("namespace", &entry.namespace)]);
    let to = Literal::map([("group", ""), ("kind", reference.kind), ("name", &reference.name.value)]);
    Literal::map([
        ("apiVersion", Literal::from("gateway.networking.k8s.io/v1beta1")),
        ("kind", Literal::from("ReferenceGrant")),
        (
            "metadata",
            Literal::map([
                ("name", format!("{}-{}", entry.namespace, entry.name())),
                ("namespace", reference.namespace.to_owned()),
            ]),
        ),
        ("spec", Literal::map([("from", Literal::List(vec![from])), ("to", Literal::List(vec![to]))])),
    ])
}
