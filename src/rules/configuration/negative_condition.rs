//! Rule `negative-condition`.

use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};
use crate::text::Span;
use crate::yaml::Node;

rule! {
    /// A status in the file says that the resource was not accepted.
    ///
    /// ## Why
    /// Taken from a cluster, the resource carries what the control plane said of it: a condition that is False.
    ///
    /// ## Symptom
    /// The resource, or a part of it, has no effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   parentRefs: [{name: front}]
    /// status:
    ///   parents:
    ///   - parentRef: {name: front}
    ///     controllerName: istio.io/gateway-controller
    ///     conditions:
    ///     - {type: Accepted, status: "False", reason: NoMatchingParent} #~ negative-condition
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   parentRefs: [{name: front}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0171/>
    "negative-condition", on: [Service, ServiceEntry, WorkloadEntry, AuthorizationPolicy, KubernetesGateway, HttpRoute, GrpcRoute], severity: Warning, aliases: ["IST0171"], since: "0.1.0", all_fit: true,
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = cx.document(entry) else { return };
    let status = document.root.as_ref().and_then(|root| cx.object(root)?.get("status"));
    let Some(status) = status else { return };
    let mut holders = vec![status];
    if matches!(entry.resource.kind, Kind::HttpRoute | Kind::GrpcRoute) {
        holders = items(status, "parents");
    }
    let found: Vec<(Span, String)> = holders
        .into_iter()
        .flat_map(|holder| items(holder, "conditions"))
        .filter_map(|one| negative(entry.resource.kind, one))
        .collect();
    for (span, what) in found {
        cx.report(span, format!("the cluster says {what}\nThe resource, or a part of it, has no effect."));
    }
}

fn items<'a>(node: &'a Node, key: &str) -> Vec<&'a Node> {
    node.get(key).and_then(Node::as_sequence).map(|list| list.items.iter().collect()).unwrap_or_default()
}

fn negative(kind: Kind, condition: &Node) -> Option<(Span, String)> {
    let text =
        |key: &str| condition.get(key).and_then(Node::as_scalar).map(|scalar| scalar.text.as_str()).unwrap_or("");
    let (name, is_false) = (text("type"), text("status") == "False");
    let matters = match kind {
        Kind::AuthorizationPolicy => matches!(name, "ZtunnelAccepted" | "WaypointAccepted"),
        Kind::Service | Kind::ServiceEntry | Kind::WorkloadEntry => name == "istio.io/WaypointBound",
        _ => matches!(name, "Accepted" | "Programmed" | "ResolvedRefs"),
    };
    let partly = name == "WaypointAccepted" && text("reason") == "PartiallyInvalid";
    (matters && (is_false || partly))
        .then(|| (condition.span, format!("{name} is {} ({})", text("status"), text("reason"))))
}
