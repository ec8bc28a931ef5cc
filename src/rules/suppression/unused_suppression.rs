//! Rule `unused-suppression`.

use crate::rules::rule;

rule! {
    /// A comment silences a rule that finds nothing there.
    ///
    /// ## Why
    /// `# istio-ls: ignore RULE -- why` behind a line silences the rule for findings that start on that line; on a line of its own, on the
    /// next line; at the head of a document, in the whole document; at the head of a file, in the whole file. One that silences nothing hides
    /// the next mistake of its kind.
    ///
    /// ## Symptom
    /// None.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 443, name: tls, protocol: TLS} # istio-ls: ignore tcp-port-capture #~ unused-suppression `tcp-port-capture` nothing
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 443, name: tls, protocol: TCP} # istio-ls: ignore tcp-port-capture -- the only host on this port
    /// ```
    ///
    /// ## See
    /// `README.md`, section Configuration
    "unused-suppression", on: file, severity: Hint, aliases: [], since: "0.1.0",
}
