//! Rule `unknown-host`.

use super::destinations::{all_services_of, hosts, service_name};
use super::short_host_in_other_namespace::services_elsewhere;
use smol_str::SmolStr;

use crate::index::{Entry, Key, Ref, View};
use crate::resource::kubernetes::Service;
use crate::resource::{Kind, host};
use crate::rules::{Context, Severity, rule};
use crate::text::{TextEdit, only_near};
use crate::tls;

rule! {
    /// A route or rule is for a host that no Service or ServiceEntry provides.
    ///
    /// ## Why
    /// Proxies know the hosts of Services and ServiceEntries only. A route to any other name has no cluster behind it, and
    /// a DestinationRule for it is never read. Names with a namespace must be written in full: Istio completes `web`, but
    /// takes `web.shop` literally. The rule speaks only where other Services of the namespace are in the workspace.
    ///
    /// ## Symptom
    /// `503` with response flag `NC` (`cluster_not_found`) for a route; a DestinationRule without any effect.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: payments, namespace: shop}
    /// spec:
    ///   ports:
    ///   - {name: http, port: 80}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: payments, namespace: shop}
    /// spec:
    ///   hosts: [payments]
    ///   http:
    ///   - route:
    ///     - destination: {host: paymnets} #~ unknown-host `paymnets`
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: payments, namespace: shop}
    /// spec:
    ///   ports:
    ///   - {name: http, port: 80}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: payments, namespace: shop}
    /// spec:
    ///   hosts: [payments]
    ///   http:
    ///   - route:
    ///     - destination: {host: payments}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination>
    "unknown-host", on: [VirtualService, DestinationRule], severity: Error, aliases: ["IST0101", "IST0174", "KIA1101", "KIA0202"],
    since: "0.1.0",
}

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let (hosts, severity) = hosts(entry);
    for written in hosts {
        let Some(unknown) = Unknown::of(written, &entry.namespace, cx.view) else { continue };
        if unknown.is_guess(entry, cx.view) {
            continue;
        }
        let is_sure = !unknown.meant.is_empty() || unknown.has_services(|service| service.file == entry.file);
        let severity = if is_sure { severity } else { Severity::Hint };
        // A rule for a Service that is yet to come harms nobody; only what looks like a slip is worth a word.
        if entry.resource.kind == Kind::DestinationRule && unknown.meant.is_empty() {
            continue;
        }
        let outcome = if entry.resource.kind == Kind::VirtualService {
            "Requests get 503 (NC)"
        } else {
            "The rule has no effect"
        };
        let message = format!(
            "no Service or ServiceEntry provides {}\nOther Services of namespace {} are in the workspace. {outcome}.",
            written.value, unknown.namespace,
        );
        let finding = cx.report(written.span, message).severity(severity);
        if entry.resource.kind == Kind::VirtualService {
            finding.alias("IST0101").alias("KIA1101");
        } else {
            finding.alias("IST0174").alias("KIA0202");
        }
        for service in &unknown.meant {
            finding.related(service.id, service.resource.name_span(), "this Service may be meant");
        }
        if let Some(service) = unknown.meant.first() {
            let short = service.namespace == entry.namespace && !written.contains('.');
            let host = if short { service.name().to_owned() } else { service.service_host() };
            finding.safe_fix(format!("use {host}"), vec![TextEdit::replace(written.span, host)]);
        }
    }
}

/// The rule says something about the host.
pub(super) fn fires(entry: &Entry, written: &str, view: &View<'_>) -> bool {
    Unknown::of(written, &entry.namespace, view).is_some_and(|unknown| {
        !unknown.is_guess(entry, view) && (entry.resource.kind != Kind::DestinationRule || !unknown.meant.is_empty())
    })
}

struct Unknown<'a> {
    namespace: String,
    /// The Service with this name, or the only one with a name near it.
    meant: Vec<&'a Entry>,
    /// The Services of the namespace.
    services: Vec<&'a Entry>,
}

impl<'a> Unknown<'a> {
    fn of(written: &str, namespace: &str, view: &View<'a>) -> Option<Self> {
        let full = host::resolve(written, namespace);
        let (namespace, name) = service_name(&full)?;
        let services = all_services_of(view, namespace)?;
        let may_be_here = |service: Ref<'_, Service>| service.entry.resource.metadata.namespace.text().is_none();
        let is_known = name == "kubernetes"
            || view.known().has_host(&full)
            || view.may_be_elsewhere(&Key::AnyNamespace(Kind::Service, name.into()))
            || view.is_elsewhere(&Key::Host(SmolStr::new(&full)))
            || view.named_anywhere::<Service>(name).any(may_be_here)
            || !tls::services(view, &full).is_empty()
            || !view.providers(&full).is_empty();
        if is_known || !services_elsewhere(written, namespace, view).is_empty() {
            return None;
        }
        let near = only_near(name, services.iter().map(|service| service.name())).unwrap_or(name);
        let meant = services.iter().copied().filter(|service| service.name() == near).collect();
        Some(Self { namespace: namespace.to_owned(), meant, services })
    }

    /// Few workspaces hold every Service: without a name near it, Services in its folder or word that all is there, it stands
    /// somewhere else more often than not.
    fn is_guess(&self, entry: &Entry, view: &View<'_>) -> bool {
        let is_near = self.has_services(|service| service.path.parent() == entry.path.parent());
        self.meant.is_empty() && !is_near && !view.nature().is_declared
    }

    fn has_services(&self, are: impl Fn(&Entry) -> bool) -> bool {
        self.services.iter().any(|service| are(service))
    }
}
