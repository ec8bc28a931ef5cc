//! What the API server refuses of a Gateway beside its listeners: addresses, and labels and annotations of what it makes.

use std::collections::HashSet;

use super::nodes::{items, text};
use super::refused_combination::{Refusal, Repair};
use crate::yaml::Node;

/// The refusals of one Gateway.
pub(super) fn refusals(spec: &Node) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut seen = HashSet::new();
    for address in items(spec, "addresses") {
        let (Some(value), Some(written)) = (address.get("value"), text(address, "value")) else { continue };
        let kind = text(address, "type").unwrap_or("IPAddress");
        let message = if !seen.insert((kind, written)) {
            format!("the address `{written}` stands here twice")
        } else if kind == "Hostname" && !is_host(written) {
            format!("`{written}` is no host name in small letters")
        } else {
            continue;
        };
        refusals.push(Refusal { span: value.span, message, repair: Repair::None });
    }
    let infrastructure = spec.get("infrastructure");
    for key in ["labels", "annotations"] {
        let map = infrastructure.and_then(|infrastructure| infrastructure.get(key)?.as_mapping());
        let wrong = map.into_iter().flat_map(|map| &map.entries).filter(|entry| !is_key(&entry.key));
        refusals.extend(wrong.map(|entry| {
            let message = format!("this is no key of {key}: a name, perhaps behind `dns-name/`");
            Refusal { span: entry.key_span, message, repair: Repair::None }
        }));
    }
    refusals
}

fn is_host(text: &str) -> bool {
    text.strip_prefix("*.").unwrap_or(text).split('.').all(is_label)
}

fn is_label(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_inner) && !text.starts_with('-') && !text.ends_with('-')
}

fn is_key(key: &str) -> bool {
    let (prefix, name) = key.split_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_edge = |c: char| c.is_ascii_alphanumeric();
    let is_name =
        name.len() <= 63 && name.starts_with(is_edge) && name.ends_with(is_edge) && name.bytes().all(is_inner);
    crate::resource::holds_placeholder(key)
        || is_name && prefix.is_none_or(|prefix| prefix.len() < 253 && prefix.split('.').all(is_label))
}
