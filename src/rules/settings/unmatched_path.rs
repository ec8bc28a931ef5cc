//! Rule `unmatched-path`.

use crate::rules::rule;

rule! {
    /// A path in `istio-ls.yaml` that names nothing.
    ///
    /// ## Why
    /// It has no effect: no file is context, a scope is empty, the mesh configuration is not used. Paths are relative to
    /// the folder of `istio-ls.yaml`; a file that git ignores or `exclude` names is read only where `context` names it
    /// in plain words.
    ///
    /// ## Symptom
    /// What is in the cluster is missing for istio-ls, and references to it are said to be wrong.
    ///
    /// ## Example
    /// ```yaml
    /// #- istio-ls.yaml
    /// context: [clusters/live.yaml] #~ unmatched-path `clusters/live.yaml` names no file
    /// meshConfig: mesh/config.yaml #~ unmatched-path `mesh/config.yaml` is read
    /// #- cluster/live.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// #- istio-ls.yaml
    /// context: [cluster/live.yaml]
    /// #- cluster/live.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop}
    /// ```
    ///
    /// ## See
    /// `docs/settings.md`
    "unmatched-path", on: file, severity: Warning, aliases: [], since: "0.1.0",
}
