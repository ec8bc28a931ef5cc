//! Rule `unknown-api-version`.

use crate::index::Entry;
use crate::resource::schema;
use crate::rules::{Context, Severity, rule};
use crate::yaml::Literal;

rule! {
    /// A version of the API that is not served.
    ///
    /// ## Why
    /// The API server knows an object by group, version and kind. It has no such kind in this version.
    ///
    /// ## Symptom
    /// `no matches for kind "EnvoyFilter" in version "networking.istio.io/v1"`
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1 #~ unknown-api-version `networking.istio.io/v1` v1alpha3
    /// kind: EnvoyFilter
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   configPatches: []
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1alpha3
    /// kind: EnvoyFilter
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   configPatches: []
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/>
    "unknown-api-version", on: each of super::KINDS, severity: Error, aliases: [], since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let resource = &entry.resource;
    let Some(table) = schema::of(resource.kind) else { return };
    let known = table.version(resource.version());
    let Some(newest) = table.served().next().filter(|_| known.is_none_or(|version| !version.is_served)) else { return };
    let api_version = format!("{}/{}", table.group, newest.name);
    let edit = cx.document(entry).and_then(|document| {
        let path = document.path_at(resource.api_version.span.start()).to_edit();
        document.set(&path, &Literal::Text(api_version.clone()))
    });
    let served: Vec<&str> = table.served().map(|version| version.name).collect();
    let message = format!(
        "{} is not served in version {}, but in {}\nThe API server has no matches for the kind in this version.",
        resource.kind,
        resource.version(),
        served.join(", ")
    );
    let is_right = cx.defects_in(newest.name).is_empty();
    let finding = cx.report(resource.api_version.span, message);
    if known.is_some() {
        // Old clusters still serve it.
        finding.severity(Severity::Warning).unsafe_fix(format!("use {api_version}"), edit.into_iter().collect());
    } else if is_right {
        finding.safe_fix(format!("use {api_version}"), edit.into_iter().collect());
    } else {
        finding.unsafe_fix(format!("use {api_version}"), edit.into_iter().collect());
    }
}
