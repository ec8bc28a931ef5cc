//! The clients that a PeerAuthentication breaks: those told by a DestinationRule to send what it refuses.

use super::Files;
use super::connections::{failure, in_words, place};
use crate::index::{Entry, View};
use crate::tls::{self, Origin, Readers};

/// At most so many are shown.
const MAX_BREAKS: usize = 6;
/// So many workloads are looked at: a policy for the whole mesh governs thousands.
const MAX_WORKLOADS: usize = 200;

/// Clients that fail at `workloads`, one line a DestinationRule. Auto mTLS follows the policy by itself, so that only
/// rules can contradict it; one client that reads a rule stands for the others.
pub(super) fn breaks<'a>(files: &dyn Files, view: &View<'a>, workloads: impl Iterator<Item = &'a Entry>) -> String {
    let mut lines: Vec<String> = Vec::new();
    let services = workloads.take(MAX_WORKLOADS).flat_map(|workload| view.services_of(workload));
    let services = services.filter_map(|service| tls::of_service(view, service));
    let connections = services.flat_map(|service| {
        let rules = view.rules_for(&service.host).into_iter();
        rules.map(move |rule| (service.clone(), rule))
    });
    for (service, rule) in connections {
        let Some(client) = Readers::new(view, rule).of(&service).next() else { continue };
        let lookup = tls::destination_rule(view, &client, &service.namespace, &service.host);
        for port in &service.ports {
            let Some(sent) = tls::send(view, &client, &service, port, None, &lookup) else { continue };
            let Some(block) = sent.tls.filter(|_| sent.origin == Origin::DestinationRule) else { continue };
            let accepted =
                sent.endpoints.iter().filter_map(|(endpoint, sends)| failure(endpoint.inbound(view)?.mode, *sends));
            let Some(error) = accepted.into_iter().next() else { continue };
            let decides = place(files, Some((block.entry().id, block.mode_span())));
            let words = in_words(sent.sends);
            let line = format!("\n- {} makes clients send {words}{decides}: {error}", block.entry().title());
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        if lines.len() >= MAX_BREAKS {
            break;
        }
    }
    if lines.is_empty() { String::new() } else { format!("\n\n**breaks**\n{}", lines.concat()) }
}
