//! Rule `unknown-setting`.

use crate::rules::rule;

rule! {
    /// A name in `istio-ls.yaml` that is no setting, or no rule.
    ///
    /// ## Why
    /// It has no effect: what it was to change stays as it is. Everything else in the file counts.
    ///
    /// ## Symptom
    /// A rule that was turned off still speaks, a file that was left out still has findings.
    ///
    /// ## Example
    /// ```yaml
    /// #- istio-ls.yaml
    /// exclud: ["vendor/**"] #~ unknown-setting `exclud` did you mean `exclude`?
    /// rules: {unknown-gatway: off} #~ unknown-setting `unknown-gatway` did you mean `unknown-gateway`?
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// #- istio-ls.yaml
    /// exclude: ["vendor/**"]
    /// rules: {unknown-gateway: off}
    /// ```
    ///
    /// ## See
    /// `docs/settings.md`
    "unknown-setting", on: file, severity: Warning, aliases: [], since: "0.1.0",
}
