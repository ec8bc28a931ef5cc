//! Rule `host-outside-workspace`.

use super::destinations::hosts;
use super::{short_host_in_other_namespace, unknown_host};
use crate::index::{Entry, View};
use crate::resource::istio::VirtualService;
use crate::resource::kubernetes::Service;
use crate::resource::{Kind, host};
use crate::rules::{Context, rule};
use crate::tls;

rule! {
    /// A host that nothing in the workspace provides.
    ///
    /// ## Why
    /// `istioctl analyze` takes what it is given for everything there is. Where the workspace holds every Service and ServiceEntry of the
    /// mesh, a host that none of them provides is a mistake; in any other workspace it may well be right.
    ///
    /// ## Symptom
    /// `503 NC`, if the host does not exist in the cluster either.
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
    ///     - destination: {host: web} #~ host-outside-workspace `web` web.shop
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web]
    ///   http:
    ///   - route:
    ///     - destination: {host: web}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0101/>
    "host-outside-workspace", on: [VirtualService, DestinationRule], severity: Info, aliases: ["IST0101", "IST0174"], since: "0.1.0", opt_in: true,
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let is_route = entry.resource.kind == Kind::VirtualService;
    let (written, _) = hosts(entry);
    for host in written {
        let covers_some = || host::is_wildcard(host) && !tls::services_under(cx.view, host).is_empty();
        let is_known = is_provided(cx.view, host, entry) || (!is_route && covers_some());
        let is_said =
            || unknown_host::fires(entry, host, cx.view) || short_host_in_other_namespace::fires(entry, host, cx.view);
        if !is_known && !is_said() {
            let outcome = if is_route { "requests get 503 (NC)" } else { "the rule has no effect" };
            let message = format!(
                "nothing in the workspace provides {}\nWhere the workspace is the whole mesh, {outcome}.",
                host::resolve(host, &entry.namespace)
            );
            cx.report(host.span, message).alias(if is_route { "IST0101" } else { "IST0174" });
        }
    }
}

/// What every cluster has.
const API_SERVER: &str = "kubernetes.default.svc.cluster.local";

/// A Service or ServiceEntry provides the host and exports it to a namespace where the resource is read.
fn is_provided(view: &View<'_>, written: &str, entry: &Entry) -> bool {
    let full = host::resolve(written, &entry.namespace);
    let readers = readers(entry);
    let exported = |entry: &Entry| readers.iter().any(|namespace| view.exported_to(entry, namespace) != Some(false));
    let by_service = host::service_of_fqdn(&full)
        .and_then(|(namespace, name)| view.named::<Service>(namespace, name))
        .is_some_and(|service| exported(service.entry));
    by_service || full == API_SERVER || view.providers(&full).iter().any(|provider| exported(provider.entry()))
}

/// The namespaces that a VirtualService is exported to, where it names them; else the resource's own.
fn readers(entry: &Entry) -> Vec<&str> {
    let targets = entry.as_kind::<VirtualService>().map(|service| service.spec.export_to.items());
    let named: Vec<&str> = targets.into_iter().flatten().map(|target| target.as_str()).collect();
    if named.is_empty() || named.contains(&"*") {
        return vec![&entry.namespace];
    }
    named.into_iter().map(|target| if target == "." { entry.namespace.as_str() } else { target }).collect()
}
