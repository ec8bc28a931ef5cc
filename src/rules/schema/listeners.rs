//! What the API server refuses in the listeners of a Gateway or ListenerSet.

use std::collections::HashSet;

use super::nodes::{has, items, key_of, text};
use super::refused_combination::{Refusal, Repair};
use crate::yaml::Node;

/// The refusals of one object with listeners.
pub(super) fn refusals(spec: &Node) -> Vec<Refusal> {
    let mut seen = HashSet::new();
    items(spec, "listeners")
        .flat_map(|listener| {
            let mut refusals = of_listener(listener);
            let address =
                (text(listener, "port"), text(listener, "protocol"), text(listener, "hostname").unwrap_or(""));
            if address.0.is_some() && address.1.is_some() && !seen.insert(address) {
                let message = "another listener has the same port, protocol and hostname".to_owned();
                refusals.extend(key_of(listener, "port").map(|span| Refusal { span, message, repair: Repair::None }));
            }
            refusals
        })
        .collect()
}

fn of_listener(listener: &Node) -> Vec<Refusal> {
    let Some(protocol) = text(listener, "protocol") else { return Vec::new() };
    let tls = listener.get("tls").filter(|_| has(listener, "tls"));
    let mode = tls.and_then(|tls| tls.get("mode"));
    let mode_text = tls.map(|tls| text(tls, "mode").unwrap_or("Terminate"));
    let mut refusals = Vec::new();
    let mut refuse = |span: Option<_>, message: String, repair| {
        refusals.extend(span.map(|span| Refusal { span, message, repair }));
    };
    match (protocol, mode_text) {
        ("HTTP" | "TCP" | "UDP", Some(_)) => {
            let message = format!("a listener of protocol {protocol} takes no `tls`");
            refuse(key_of(listener, "tls"), message, Repair::Remove("tls"));
        }
        ("HTTPS", Some("Passthrough")) => {
            let message = "a listener of protocol HTTPS opens TLS; only TLS can be passed through".to_owned();
            refuse(mode.map(|mode| mode.span), message, Repair::Set("Terminate".to_owned()));
        }
        ("TLS", None) => {
            let place = listener.get("protocol").map(|protocol| protocol.span);
            refuse(place, "a listener of protocol TLS needs `tls`".to_owned(), Repair::None);
        }
        _ => {}
    }
    if let (Some(tls), Some("Terminate"), "HTTPS" | "TLS") = (tls, mode_text, protocol) {
        let is_given = |key: &str| items(tls, key).next().is_some();
        let options = tls.get("options").and_then(Node::as_mapping).is_some_and(|options| !options.entries.is_empty());
        if tls.as_mapping().is_some() && !is_given("certificateRefs") && !options {
            refuse(key_of(listener, "tls"), "`tls` opens TLS, but lacks `certificateRefs`".to_owned(), Repair::None);
        }
    }
    if matches!(protocol, "TCP" | "UDP") && text(listener, "hostname").is_some_and(|hostname| !hostname.is_empty()) {
        let message = format!("a listener of protocol {protocol} takes no `hostname`");
        refuse(key_of(listener, "hostname"), message, Repair::Remove("hostname"));
    }
    refusals
}
