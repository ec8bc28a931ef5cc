//! Rule `unknown-kustomization-field`.

use crate::rules::rule;

rule! {
    /// A kustomization has a field that kustomize does not know.
    ///
    /// ## Why
    /// kustomize reads its own file strictly: it builds nothing where one field is unknown.
    ///
    /// ## Symptom
    /// `kubectl apply -k` ends with `invalid Kustomization: json: unknown field`.
    ///
    /// ## Example
    /// ```yaml
    /// #- kustomization.yaml
    /// resource: [namespace.yaml] #~ unknown-kustomization-field `resource` did you mean `resources`?
    /// #- namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// #- kustomization.yaml
    /// resources: [namespace.yaml]
    /// #- namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop}
    /// ```
    ///
    /// ## See
    /// <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>
    "unknown-kustomization-field", on: file, severity: Error, aliases: [], since: "0.1.0",
}
