//! Rule `deprecated-api-version`.

use crate::index::Entry;
use crate::resource::schema;
use crate::rules::{Context, rule};
use crate::yaml::Literal;

rule! {
    /// A version of the API that a newer one has taken the place of.
    ///
    /// ## Why
    /// All supported versions of Istio serve the newer one, with the same fields. The old one is served for old objects only.
    ///
    /// ## Symptom
    /// None today; when the version is no longer served, `no matches for kind`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1alpha3 #~ deprecated-api-version `networking.istio.io/v1alpha3`
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - directResponse: {status: 200}
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - directResponse: {status: 200}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/blog/2024/v1-apis/>
    "deprecated-api-version", on: each of super::KINDS, severity: Hint, aliases: [], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let resource = &entry.resource;
    let Some(table) = schema::of(resource.kind) else { return };
    let is_old = table.version(resource.version()).is_some_and(|version| version.is_old);
    let Some(newest) = table.served().next().filter(|_| is_old) else { return };
    let api_version = format!("{}/{}", table.group, newest.name);
    let is_same = cx.defects_in(newest.name).len() <= cx.defects().len();
    let edit = cx.document(entry).filter(|_| is_same).and_then(|document| {
        let path = document.path_at(resource.api_version.span.start()).to_edit();
        document.set(&path, &Literal::Text(api_version.clone()))
    });
    let message = format!("{} is an old version of {}; {} is served", resource.version(), resource.kind, newest.name);
    // A control plane that is out of support may not serve it.
    let finding = cx.report(resource.api_version.span, message);
    finding.unsafe_fix(format!("use {api_version}"), edit.into_iter().collect());
}
