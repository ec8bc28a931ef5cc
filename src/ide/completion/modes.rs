//! TLS modes with what they mean at the place: which one the servers behind the host accept.

use super::context::Context;
use super::item::Item;
use crate::ide::connections::failure;
use crate::resource::host;
use crate::tls::{self, Sends};

/// Adds to the modes of a DestinationRule what comes of them, those that work first.
pub(super) fn judged(context: &Context<'_, '_>, mut items: Vec<Item>) -> Vec<Item> {
    let Some(name) = context.place.top(&["spec", "host"]) else { return items };
    let services = tls::services(context.view, &host::resolve(&name, &context.namespace));
    let Some(service) = services.first() else { return items };
    let endpoints: Vec<_> = service.ports.iter().flat_map(|port| &port.endpoints).collect();
    let accepted: Vec<_> =
        endpoints.iter().filter_map(|endpoint| Some((endpoint.inbound(context.view)?.mode, &endpoint.name))).collect();
    let is_bare = !endpoints.is_empty() && endpoints.iter().all(|endpoint| !endpoint.understands_mtls);
    for item in &mut items {
        let sends = match item.label.as_str() {
            "DISABLE" => Sends::Plaintext,
            "SIMPLE" => Sends::Tls,
            "MUTUAL" => Sends::Mtls,
            "ISTIO_MUTUAL" => Sends::IstioMtls,
            _ => continue,
        };
        let failing = accepted.iter().find_map(|(mode, name)| Some((failure(*mode, sends)?, *name)));
        item.detail = match failing {
            Some((error, workload)) => format!("fails at {workload}: {}", error.replace('`', "")),
            None if is_bare && sends == Sends::IstioMtls => "fails: no sidecar there".to_owned(),
            None if sends == Sends::IstioMtls && !accepted.is_empty() => format!("what {} accepts", service.host),
            None => continue,
        };
    }
    items.sort_by_key(|item| (item.detail.starts_with("fails"), !item.detail.starts_with("what")));
    items
}
