//! Rule `subset-selects-nothing`.

use smol_str::SmolStr;

use crate::index::{Key, Ref, View};
use crate::resource::istio::{DestinationRule, Subset};
use crate::resource::{Field, Kind, Map, Spanned, host};
use crate::rules::together::are_applied_together;
use crate::rules::{Context, rule};
use crate::text::{TextEdit, only_near};
use crate::tls::{self, Endpoint};

rule! {
    /// A subset that no pod of the service belongs to.
    ///
    /// ## Why
    /// A subset is the pods of the service that carry its labels. Where none does, requests for the subset find no endpoint.
    ///
    /// ## Symptom
    /// `503 UH`, `no healthy upstream`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web, version: v1}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - name: v1
    ///     labels: {version: v1}
    ///   - name: v2
    ///     labels: {version: v2} #~ subset-selects-nothing `{version: v2}` no pod
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec: {template: {metadata: {labels: {app: web, version: v1}}}}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets:
    ///   - name: v1
    ///     labels: {version: v1}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0173/>
    "subset-selects-nothing", on: DestinationRule, severity: Warning, aliases: ["IST0173", "KIA0203"], since: "0.1.0", all_fit: true,
}

fn check(rule: Ref<'_, DestinationRule>, cx: &mut Context<'_>) {
    let Some(written) = rule.host.text().filter(|written| !host::is_wildcard(written)) else { return };
    let services = tls::services(cx.view, &host::resolve(written, &rule.entry.namespace));
    let [service] = services.as_slice() else { return };
    if !are_applied_together(cx.view, rule.entry, service.source.entry()) {
        return;
    }
    let endpoints: Vec<&Endpoint<'_>> = service.ports.iter().flat_map(|port| &port.endpoints).collect();
    // Without a pod in the workspace nothing is known of their labels.
    if endpoints.is_empty()
        || !endpoints.iter().all(|endpoint| endpoint.entry.is_some() && endpoint.labels.is_certain())
    {
        return;
    }
    // Folders are often steps of a lesson, each with the workloads of its own.
    let folder = rule.entry.path.parent();
    if !endpoints.iter().any(|endpoint| endpoint.entry.is_some_and(|entry| entry.path.parent() == folder)) {
        return;
    }
    for subset in rule.spec.subsets.items() {
        let Some(labels) = subset.labels.present().filter(|_| subset.labels.is_certain()) else { continue };
        if labels.value.is_empty()
            || endpoints.iter().any(|endpoint| endpoint.labels.satisfy(own_pairs(subset, cx.view)))
        {
            continue;
        }
        let single = subset.labels.pairs().next().filter(|_| labels.value.len() == 1);
        let near = single.and_then(|(key, value)| {
            let values = endpoints.iter().filter_map(|endpoint| endpoint.labels.value(key));
            Some((value.span, only_near(&value.value, values)?.to_owned()))
        });
        let name = subset.name.text().unwrap_or_default();
        let finding = cx.report(
            labels.span,
            format!("no pod of {} has the labels of subset {name}\nRequests for the subset get 503 (UH, no healthy upstream).", service.host),
        );
        let source = service.source.entry();
        finding.related(source.id, source.resource.name_span(), "the service");
        if let Some((span, near)) = near {
            finding.unsafe_fix(format!("select {near}"), vec![TextEdit::replace(span, near)]);
        }
    }
}

/// The labels that pods must carry by themselves. Those of the topology come from the node that a pod runs on; they count only
/// where nodes are in the workspace and none of them has the label.
fn own_pairs<'s>(subset: &'s Subset, view: &View<'_>) -> impl Iterator<Item = (&'s SmolStr, &'s Spanned<SmolStr>)> {
    let nodes: Vec<_> = view.under(&Key::All(Kind::Node)).map(|node| &node.resource.metadata.labels).collect();
    let may_come_from_node = move |key: &str, value: &str| {
        let has = |labels: &&Field<Map<SmolStr>>| labels.under(key).is_some_and(|label| label.as_str() == value);
        let of_topology = !value.is_empty() && TOPOLOGY.iter().any(|domain| key.starts_with(domain));
        of_topology && (nodes.is_empty() || nodes.iter().any(has))
    };
    subset.labels.pairs().filter(move |(key, value)| !may_come_from_node(key, value))
}

const TOPOLOGY: [&str; 3] = ["topology.kubernetes.io/", "topology.istio.io/", "failure-domain.beta.kubernetes.io/"];
