//! Rule `broken-patch`.

use crate::rules::rule;

rule! {
    /// A patch of a kustomization cannot be applied.
    ///
    /// ## Why
    /// An operation of a JSON patch (RFC 6902) leads to a place that the object does not have, a selector is no expression,
    /// or the patch says neither what it is for nor what it does. kustomize builds nothing then, not just without the patch.
    ///
    /// ## Symptom
    /// `kubectl apply -k` ends with an error such as `remove operation does not apply: doc is missing path`.
    ///
    /// ## Example
    /// ```yaml
    /// #- kustomization.yaml
    /// resources: [rule.yaml]
    /// patches:
    /// - target: {kind: DestinationRule}
    ///   patch: |
    ///     - op: remove
    ///       path: /spec/trafficPolicy/tls #~ broken-patch the object has nothing at `/spec/trafficPolicy/tls`
    /// #- rule.yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: reviews}
    /// spec: {host: reviews.shop.svc.cluster.local}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// #- kustomization.yaml
    /// resources: [rule.yaml]
    /// patches:
    /// - target: {kind: DestinationRule}
    ///   patch: |
    ///     - op: remove
    ///       path: /spec/trafficPolicy/tls
    /// #- rule.yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: reviews}
    /// spec:
    ///   host: reviews.shop.svc.cluster.local
    ///   trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, loadBalancer: {simple: RANDOM}}
    /// ```
    ///
    /// ## See
    /// <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/>
    "broken-patch", on: file, severity: Error, aliases: [], since: "0.1.0",
}
