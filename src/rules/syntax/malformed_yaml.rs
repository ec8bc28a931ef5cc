//! Rule `malformed-yaml`.

use crate::rules::rule;

rule! {
    /// Text of Istio or of Kubernetes that is not YAML.
    ///
    /// ## Why
    /// What cannot be read is not applied: `kubectl` rejects the whole file. Everything else of the file is still read as far as its lines tell, so other findings stay.
    ///
    /// ## Symptom
    /// `error: error parsing ...: error converting YAML to JSON: yaml: line 5: did not find expected key`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway #~ malformed-yaml
    ///   servers:
    ///   - {port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example.com]}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: public, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - {port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example.com]}
    /// ```
    ///
    /// ## See
    /// <https://yaml.org/spec/1.2.2/>
    "malformed-yaml", on: file, severity: Error, aliases: [], since: "0.1.0",
}
