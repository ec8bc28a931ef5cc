//! Rule `patch-without-target`.

use crate::rules::rule;

rule! {
    /// A patch of a kustomization fits no object.
    ///
    /// ## Why
    /// A patch that names its object (`kind` and `metadata.name`, no `target`) must find it, or kustomize refuses to build.
    /// One with a `target` that nothing fits is left out without a word.
    ///
    /// ## Symptom
    /// `kubectl apply -k` ends with `no resource matches strategic merge patch`, or what the patch says is not applied.
    ///
    /// ## Example
    /// ```yaml
    /// #- kustomization.yaml
    /// resources: [rule.yaml]
    /// patches:
    /// - path: patch.yaml #~ patch-without-target `patch.yaml` kustomize refuses to build
    /// #- patch.yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: review}
    /// spec: {host: reviews.shop.svc.cluster.local}
    /// #- rule.yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: reviews}
    /// spec: {host: ratings.shop.svc.cluster.local}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// #- kustomization.yaml
    /// resources: [rule.yaml]
    /// patches:
    /// - path: patch.yaml
    /// #- patch.yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: reviews}
    /// spec: {host: reviews.shop.svc.cluster.local}
    /// #- rule.yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: reviews}
    /// spec: {host: ratings.shop.svc.cluster.local}
    /// ```
    ///
    /// ## See
    /// <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/>
    "patch-without-target", on: file, severity: Error, aliases: [], since: "0.1.0",
}
