//! Rule `malformed-setting`.

use crate::rules::rule;

rule! {
    /// A setting in `istio-ls.yaml` whose value cannot be read.
    ///
    /// ## Why
    /// It counts as not set, so its default is in force. Everything else in the file counts.
    ///
    /// ## Symptom
    /// A rule that was turned off still speaks, a file that was left out still has findings.
    ///
    /// ## Example
    /// ```yaml
    /// #- istio-ls.yaml
    /// rules: {unknown-gateway: never} #~ malformed-setting `never` is off, hint, info, warning or error
    /// exclude: vendor #~ malformed-setting `vendor` is a list of globs
    /// istioVersion: newest #~ malformed-setting `newest` is no version
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// #- istio-ls.yaml
    /// rules: {unknown-gateway: off}
    /// exclude: [vendor]
    /// istioVersion: "1.27"
    /// ```
    ///
    /// ## See
    /// `docs/settings.md`
    "malformed-setting", on: file, severity: Error, aliases: [], since: "0.1.0",
}
