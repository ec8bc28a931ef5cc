//! What the TLS blocks of a DestinationRule decide: every service, port and subset, as a client that reads the rule sends.

use std::collections::BTreeMap;

use crate::index::{Ref, View};
use crate::resource::host;
use crate::resource::istio::DestinationRule;
use crate::text::{Span, TextEdit};
use crate::tls::{self, Assumption, ClientKind, Outbound, Readers, Service, TlsBlock};
use crate::yaml::{At, Document, Step, Value};

/// The connections that the TLS blocks of a DestinationRule decide, by the place of the block's mode.
pub(in crate::rules) type Reached<'a> = BTreeMap<Span, Vec<Reach<'a>>>;

/// A connection that a TLS block of the rule decides.
pub(in crate::rules) struct Reach<'a> {
    /// What the client sends.
    pub(in crate::rules) sent: Outbound<'a>,
    /// The kind of the client that stands for all.
    pub(in crate::rules) client: ClientKind,
    /// The block.
    pub(in crate::rules) block: TlsBlock<'a>,
    /// Where the port is declared, with the resource that declares it.
    pub(in crate::rules) service: Service<'a>,
}

/// The connections that the TLS blocks of `rule` decide, by the place of the block's mode. One client that reads the rule
/// stands for all of them: they read the same blocks. Subsets that no route reaches are left out.
pub(in crate::rules) fn reached<'a>(view: &View<'a>, rule: Ref<'a, DestinationRule>) -> Reached<'a> {
    let mut found = Reached::new();
    let Some(written) = rule.spec.host.text().filter(|_| rule.spec.sets_tls()) else { return found };
    let readers = Readers::new(view, rule);
    for service in tls::services_under(view, &host::resolve(written, &rule.entry.namespace)) {
        let Some(client) = readers.of(&service).next() else { continue };
        let lookup = tls::destination_rule(view, &client, &service.namespace, &service.host);
        for port in &service.ports {
            let routed = rule.spec.subsets.items().filter_map(|subset| subset.name.text());
            let routed = routed.filter(|subset| is_routed(view, &service.host, subset)).map(Some);
            for subset in std::iter::once(None).chain(routed) {
                let Some(sent) = tls::send(view, &client, &service, port, subset, &lookup) else { continue };
                let own = sent.tls.filter(|block| block.entry().id == rule.entry.id && block.settings().is_some());
                if let Some(block) = own.filter(|_| is_certain(&sent.assumptions)) {
                    let reach = Reach { sent, client: client.kind, block, service: service.clone() };
                    found.entry(block.mode_span()).or_default().push(reach);
                }
            }
        }
    }
    found
}

/// Some route sends to the subset.
pub(in crate::rules) fn is_routed(view: &View<'_>, host: &str, subset: &str) -> bool {
    view.routes_to(host).any(|route| {
        route.spec.destinations().any(|(_, destination)| {
            let same = |written: &str| host::resolve(written, &route.entry.namespace) == host;
            destination.subset.text() == Some(subset) && destination.host.text().is_some_and(same)
        })
    })
}

/// Nothing that decides is templated or hangs on ages that nobody wrote down.
pub(in crate::rules) fn is_certain(assumptions: &[Assumption]) -> bool {
    !assumptions.iter().any(|assumption| matches!(assumption, Assumption::Unknown(..) | Assumption::Age(..)))
}

/// The way to the `tls` block, for an edit.
pub(in crate::rules) fn path_to_block<'d>(document: &'d Document, block: &TlsBlock<'_>) -> Vec<At<'d>> {
    let key = block.settings().map_or_else(|| block.span(), |tls| tls.key);
    document.path_at(key.start()).to_edit()
}

/// Takes the `tls` block out; what would be left empty by that, which istiod refuses, goes with it.
pub(in crate::rules) fn removal(document: &Document, key: Span) -> Option<TextEdit> {
    let path = document.path_at(key.start());
    let mut length = path.steps.len();
    while let Some(parent) = length.checked_sub(2).and_then(|at| path.steps.get(at)) {
        let is_spec = matches!(parent, Step::Entry(entry) if entry.key == "spec");
        let child = path.steps.get(length - 1)?;
        let holds_nothing_else = match (&parent.node().value, child) {
            (Value::Mapping(mapping), Step::Entry(child)) => {
                mapping.entries.iter().all(|entry| entry.key == child.key || entry.key == "port")
            }
            (Value::Sequence(list), _) => list.items.len() == 1,
            _ => false,
        };
        if is_spec || !holds_nothing_else {
            break;
        }
        length -= 1;
    }
    document.remove(path.to_edit().get(..length)?)
}
