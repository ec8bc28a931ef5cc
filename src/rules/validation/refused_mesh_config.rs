//! Rule `refused-mesh-config`.

use super::mesh_config::told;
use super::places::{object, select, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, Severity, rule};
use crate::text::Span;
use crate::yaml::{Node, ScalarStyle, parse};

rule! {
    /// A mesh configuration that istiod does not take, or a field in it that does nothing.
    ///
    /// ## Why
    /// The mesh configuration stands as text in the ConfigMap `istio`, so the API server does not look at it. istiod logs what is wrong and goes
    /// on with the configuration it had; at its start it does not come up. Fields that it does not know it leaves out without a word, and an
    /// extension provider that is not right does not work. The same is looked at in `meshConfig` of an IstioOperator or Istio, and in `mesh.yaml`.
    ///
    /// ## Symptom
    /// A changed setting has no effect; `Failed to read mesh config` in the log of istiod.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: istio, namespace: istio-system}
    /// data:
    ///   mesh: |
    ///     connectTimeout: 2h #~ refused-mesh-config `2h` an hour
    ///     enableAutoMTLS: true #~ refused-mesh-config `enableAutoMTLS` did you mean
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: istio, namespace: istio-system}
    /// data:
    ///   mesh: |
    ///     connectTimeout: 1h
    ///     enableAutoMtls: true
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/>
    "refused-mesh-config", on: [ConfigMap, IstioOperator, Istio], severity: Error, aliases: [], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    if entry.resource.kind != Kind::ConfigMap {
        for mesh in select(root, "spec.meshConfig").into_iter().chain(select(root, "spec.values.meshConfig")) {
            report(mesh.node, |span| span, cx);
        }
        return;
    }
    let name = entry.name();
    let maps = select(root, "data.mesh").into_iter().filter(|_| name == "istio" || name.starts_with("istio-"));
    for text in maps {
        let Some(scalar) = text.node.as_scalar().filter(|_| !text.node.templated) else { continue };
        let whole = text.node.span;
        // The lines of a literal block are read where they stand, so that places in them are places in the document.
        let lines = whole.of(&document.text).split_once('\n').filter(|_| scalar.style == ScalarStyle::Literal);
        let (inner, start) = match lines {
            Some((head, lines)) => (lines, Some(whole.start() + head.len() + 1)),
            None => (scalar.text.as_str(), None),
        };
        let mesh = parse(inner.into());
        let place = |span: Span| start.map_or(whole, |start| span.shifted(start));
        if let Some(error) = mesh.errors.first() {
            let message = format!("the mesh configuration is not YAML: {}", error.message);
            cx.report(place(error.span), format!("{message}\nistiod does not take this mesh configuration."));
        } else if let Some(root) = &mesh.root {
            report(root, place, cx);
        }
    }
}

fn report(mesh: &Node, place: impl Fn(Span) -> Span, cx: &mut Context<'_>) {
    for told in told(mesh) {
        let finding = cx.report(place(told.span), told.message);
        if told.severity != Severity::Error {
            finding.severity(told.severity);
        }
    }
}
