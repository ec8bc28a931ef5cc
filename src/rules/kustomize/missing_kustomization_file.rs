//! Rule `missing-kustomization-file`.

use crate::rules::rule;

rule! {
    /// A kustomization names a file or folder that is not there.
    ///
    /// ## Why
    /// kustomize builds nothing when something of what it is to gather is missing. Where nothing beside it is called nearly
    /// so, it is a hint, and only in a checkout of git: the file may be kept out of it, or be written by a step of the pipeline
    /// before kustomize runs.
    ///
    /// ## Symptom
    /// `kubectl apply -k` ends with `accumulating resources: ... no such file or directory`.
    ///
    /// ## Example
    /// ```yaml
    /// #- kustomization.yaml
    /// resources:
    /// - namespaces.yaml #~ missing-kustomization-file `namespaces.yaml` is there
    /// - ../base #~ missing-kustomization-file `../base`
    /// #- namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// #- kustomization.yaml
    /// resources:
    /// - namespace.yaml
    /// #- namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop}
    /// ```
    ///
    /// ## See
    /// <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/>
    "missing-kustomization-file", on: file, severity: Warning, aliases: [], since: "0.1.0",
}
