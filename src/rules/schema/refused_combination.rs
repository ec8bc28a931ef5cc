//! Rule `refused-combination`.

use super::{gateways, listeners, references, routes};
use crate::index::Entry;
use crate::resource::{Kind, schema};
use crate::rules::context::object_at;
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::yaml::Literal;

rule! {
    /// Fields of a Gateway or route that are right by themselves, but that the API server does not take together.
    ///
    /// ## Why
    /// The Gateway API carries checks over several fields: which listeners have `tls` and which must not, that a Service is
    /// called with a port, that a redirect has no backends, how paths look. The API server refuses the whole object.
    ///
    /// ## Symptom
    /// `Must have port for Service reference`, `tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']`
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - name: web
    ///     port: 80
    ///     protocol: HTTP
    ///     tls: {certificateRefs: [{name: web-cert}]} #~ refused-combination `tls` takes no `tls`
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   rules:
    ///   - matches:
    ///     - path: {value: cart} #~ refused-combination `cart` begin with `/`
    ///     backendRefs:
    ///     - name: web #~ refused-combination `web` lacks `port`
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   gatewayClassName: istio
    ///   listeners:
    ///   - {name: web, port: 80, protocol: HTTP}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   rules:
    ///   - matches:
    ///     - path: {value: /cart}
    ///     backendRefs:
    ///     - {name: web, port: 80}
    /// ```
    ///
    /// ## See
    /// <https://gateway-api.sigs.k8s.io/reference/spec/>
    "refused-combination", on: [KubernetesGateway, ListenerSet, HttpRoute, GrpcRoute, TlsRoute, TcpRoute, BackendTlsPolicy],
    severity: Error, aliases: [], since: "0.1.0",
}

/// Fields that do not go together.
#[derive(Clone)]
pub(super) struct Refusal {
    /// The one to change.
    pub(super) span: Span,
    /// What is wrong.
    pub(super) message: String,
    /// What may be meant.
    pub(super) repair: Repair,
}

/// What would make the fields go together.
#[derive(Clone)]
pub(super) enum Repair {
    /// Nobody knows.
    None,
    /// Another text at the place.
    Set(String),
    /// The entry goes.
    Remove(&'static str),
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let resource = &entry.resource;
    let is_served = schema::of(resource.kind).is_some_and(|table| table.root(resource.version()).is_some());
    let Some(document) = cx.document(entry).filter(|document| is_served && document.errors.is_empty()) else { return };
    let root = document.root.as_ref().and_then(|root| object_at(root, resource.span));
    let spec = root.and_then(|root| root.get("spec"));
    let Some(spec) = spec.filter(|spec| !document.is_templated_in(spec.span)) else { return };
    let defects = cx.defects();
    let refusals = match resource.kind {
        Kind::KubernetesGateway => [listeners::refusals(spec), gateways::refusals(spec)].concat(),
        Kind::ListenerSet => listeners::refusals(spec),
        Kind::BackendTlsPolicy => references::refusals(spec, "targetRefs"),
        kind => [references::refusals(spec, "parentRefs"), routes::refusals(spec, kind)].concat(),
    };
    for Refusal { span, message, repair } in refusals {
        // What is wrong by itself is one finding already.
        if defects.iter().any(|defect| defect.span == span) {
            continue;
        }
        let path = document.path_at(span.start()).to_edit();
        let finding = cx.report(span, format!("{message}\nThe API server refuses the object."));
        match repair {
            Repair::None => {}
            Repair::Set(text) => {
                let edit = document.set(&path, &Literal::Text(text.clone()));
                finding.unsafe_fix(format!("write {text}"), edit.into_iter().collect());
            }
            Repair::Remove(what) => {
                finding.unsafe_fix(format!("remove {what}"), document.remove(&path).into_iter().collect());
            }
        }
    }
}
