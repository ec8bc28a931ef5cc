//! Rule `subset-outside-workspace`.

use crate::index::Ref;
use crate::resource::host;
use crate::resource::istio::VirtualService;
use crate::rules::{Context, rule};
use crate::tls;

rule! {
    /// A subset of a host for which the workspace holds no DestinationRule with it.
    ///
    /// ## Why
    /// `istioctl analyze` takes what it is given for everything there is. Where the workspace holds every DestinationRule of the mesh, the route leads nowhere.
    ///
    /// ## Symptom
    /// `503 NC`, if no rule in the cluster defines the subset either.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, subset: v1} #~ subset-outside-workspace `v1` web.shop
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web, subset: v1}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   subsets: [{name: v1, labels: {version: v1}}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0101/>
    "subset-outside-workspace", on: VirtualService, severity: Info, aliases: ["IST0101"], since: "0.1.0", opt_in: true, all_fit: true,
}

fn check(route: Ref<'_, VirtualService>, cx: &mut Context<'_>) {
    let destinations = route.spec.destinations().filter_map(|(_, to)| Some((to.host.text()?, to.subset.present()?)));
    for (written, subset) in destinations.collect::<Vec<_>>() {
        let name = host::resolve(written, &route.entry.namespace);
        let is_defined = cx.view.rules_for(&name).iter().any(|rule| {
            let unknown = !rule.spec.subsets.is_certain();
            unknown || rule.spec.subsets.items().any(|known| known.name.text() == Some(&subset.value))
        });
        // Where the service is known, another rule says so for sure.
        if !is_defined && tls::services(cx.view, &name).is_empty() {
            let message = format!(
                "no DestinationRule in the workspace defines subset {} of {name}\nWhere the workspace is the whole mesh, requests \
                 get 503 (NC).",
                subset.value
            );
            cx.report(subset.span, message);
        }
    }
}
