//! Rule `unrestricted-jwks-fetch`.

use crate::index::Entry;
use crate::resource::istio::RequestAuthentication;
use crate::rules::{Context, rule};
use crate::yaml::Node;

rule! {
    /// istiod may fetch keys from any address.
    ///
    /// ## Why
    /// istiod fetches `jwksUri` itself. Whoever may write a RequestAuthentication can make it call addresses inside the cluster; `BLOCKED_CIDRS_IN_JWKS_URIS` says which it must not.
    ///
    /// ## Symptom
    /// None.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: security.istio.io/v1
    /// kind: RequestAuthentication
    /// metadata: {name: jwt, namespace: shop}
    /// spec: {jwtRules: [{issuer: a, jwksUri: "https://a.example/keys"}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: istiod, namespace: istio-system, labels: {app: istiod}} #~ unrestricted-jwks-fetch `istiod`
    /// spec: {template: {spec: {containers: [{name: discovery, image: pilot}]}}}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: istiod, namespace: istio-system, labels: {app: istiod}}
    /// spec: {template: {spec: {containers: [{name: discovery, image: pilot, env: [{name: BLOCKED_CIDRS_IN_JWKS_URIS, value: 10.0.0.0/8}]}]}}}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0175/>
    "unrestricted-jwks-fetch", on: [Deployment], severity: Info, aliases: ["IST0175"], since: "0.1.0", all_fit: true,
}

fn check(deployment: &Entry, cx: &mut Context<'_>) {
    let is_istiod = deployment.resource.metadata.labels.under("app").is_some_and(|app| app.as_str() == "istiod");
    if !is_istiod || cx.view.all::<RequestAuthentication>().next().is_none() {
        return;
    }
    let Some(pods) = deployment.workload() else { return };
    let mut variables = pods.containers().flat_map(|container| container.env.items());
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_scalar).map(|scalar| scalar.text.to_string());
    let is_set = variables.any(|variable| {
        text(variable, "name").as_deref() == Some("BLOCKED_CIDRS_IN_JWKS_URIS")
            && text(variable, "value").is_some_and(|value| !value.is_empty())
    });
    if !is_set {
        cx.report(
            deployment.resource.name_span(),
            "istiod may fetch keys (jwksUri) from any address\nBLOCKED_CIDRS_IN_JWKS_URIS in its environment says which addresses it must not call.",
        );
    }
}
