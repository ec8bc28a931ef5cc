//! Rule `conflicting-port-protocols`.

use smol_str::SmolStr;

use crate::index::{Key, Ref};
use crate::resource::istio::{ServiceEntry, ServiceEntryPort};
use crate::rules::together::are_applied_together;
use crate::rules::{Context, rule};

rule! {
    /// ServiceEntries for one host say different protocols for one port.
    ///
    /// ## Why
    /// istiod merges the entries of a host; for a port that is declared twice, one protocol counts, and which one depends on age and namespace.
    ///
    /// ## Symptom
    /// Routes for HTTP work for some clients and not for others, or TLS is read as HTTP.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata:
    ///   name: one #~ conflicting-port-protocols `one` 443
    ///   namespace: shop
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports: [{number: 443, name: p, protocol: HTTPS}]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata:
    ///   name: two #~ conflicting-port-protocols `two` 443
    ///   namespace: shop
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports: [{number: 443, name: p, protocol: TLS}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata:
    ///   name: one
    ///   namespace: shop
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports: [{number: 443, name: p, protocol: HTTPS}]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata:
    ///   name: two
    ///   namespace: shop
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports: [{number: 8443, name: p, protocol: TLS}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0177/>
    "conflicting-port-protocols", on: ServiceEntry, severity: Warning, aliases: ["IST0177"], since: "0.1.0", all_fit: true,
}

fn check(entry: Ref<'_, ServiceEntry>, cx: &mut Context<'_>) {
    for host in entry.spec.hosts.items() {
        for other in cx.view.typed::<ServiceEntry>(&Key::Host(host.value.clone())) {
            let is_own = other.entry.id == entry.entry.id;
            let meet = is_own || (meet(entry, other) && are_applied_together(cx.view, entry.entry, other.entry));
            let conflict = entry.spec.ports.items().find_map(|port| {
                let differing = other.spec.ports.items().find(|theirs| conflict(port, theirs))?;
                Some((port, differing))
            });
            if let (true, Some((port, theirs))) = (meet, conflict) {
                let number = port.number.copied().unwrap_or_default();
                let finding = cx.report(
                    entry.entry.resource.name_span(),
                    format!(
                        "port {number} of {} is {} here and {} in {}\nistiod merges the entries of a host; only one of the protocols \
                         counts.",
                        host.value,
                        named(port),
                        named(theirs),
                        other.entry.qualified_name()
                    ),
                );
                finding.related(other.entry.id, theirs.span, "the other declaration");
                return;
            }
        }
    }
}

/// A client may see both.
fn meet(one: Ref<'_, ServiceEntry>, two: Ref<'_, ServiceEntry>) -> bool {
    let scopes = |entry: Ref<'_, ServiceEntry>| -> Option<Vec<SmolStr>> {
        let targets = &entry.spec.export_to;
        if targets.items().next().is_none() || targets.items().any(|target| target.as_str() == "*") {
            return None;
        }
        let own = |target: &SmolStr| if target == "." { entry.entry.namespace.clone() } else { target.clone() };
        Some(targets.items().map(|target| own(&target.value)).collect())
    };
    match (scopes(one), scopes(two)) {
        (Some(one), Some(two)) => one.iter().any(|scope| two.contains(scope)),
        _ => true,
    }
}

fn conflict(one: &ServiceEntryPort, two: &ServiceEntryPort) -> bool {
    let known = !one.protocol.is_uncertain() && !two.protocol.is_uncertain();
    known && one.number.copied().is_some() && one.number.copied() == two.number.copied() && written(one) != written(two)
}

/// The protocol of a port, as istiod compares it; one that is left out is looked for in the first bytes.
fn written(port: &ServiceEntryPort) -> String {
    port.protocol.text().unwrap_or_default().to_ascii_uppercase()
}

fn named(port: &ServiceEntryPort) -> String {
    Some(written(port)).filter(|name| !name.is_empty()).unwrap_or_else(|| "of no protocol".to_owned())
}
