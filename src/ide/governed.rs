//! The workloads for which a PeerAuthentication decides.

use std::sync::Arc;

use crate::index::{Entry, Ref, View};
use crate::resource::istio::PeerAuthentication;
use crate::tls;

/// The workloads for which `policy` decides, by itself or at one of its ports.
pub(super) fn governed<'a>(view: &View<'a>, policy: Ref<'a, PeerAuthentication>) -> Vec<&'a Arc<Entry>> {
    let is_root = view.mesh().is_root(&policy.entry.namespace);
    let mut workloads = match is_root {
        true => view.workloads_anywhere(&[]),
        false => view.workloads(&policy.entry.namespace, &[]),
    };
    workloads.retain(|entry| {
        let decides = |port| {
            let inbound = tls::inbound(view, entry, port);
            inbound.peer_authentication.is_some_and(|by| by.entry.id == policy.entry.id)
        };
        decides(None) || (!is_root && tls::named_ports(policy).any(|port| decides(Some(port))))
    });
    workloads
}

/// `3 workloads`.
pub(super) fn counted(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
