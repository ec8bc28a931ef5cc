//! Rule `kustomization-cycle`.

use crate::rules::rule;

rule! {
    /// A kustomization includes itself, on whatever way.
    ///
    /// ## Why
    /// kustomize gathers what a kustomization includes before it does anything; a circle has no end, so it refuses.
    ///
    /// ## Symptom
    /// `kubectl apply -k` ends with `cycle detected`.
    ///
    /// ## Example
    /// ```yaml
    /// #- base/kustomization.yaml
    /// resources: [../overlay] #~ kustomization-cycle `../overlay` leads back here
    /// #- overlay/kustomization.yaml
    /// resources: [../base] #~ kustomization-cycle `../base`
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// #- base/kustomization.yaml
    /// resources: [namespace.yaml]
    /// #- base/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop}
    /// #- overlay/kustomization.yaml
    /// resources: [../base]
    /// ```
    ///
    /// ## See
    /// <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/>
    "kustomization-cycle", on: file, severity: Error, aliases: [], since: "0.1.0",
}
