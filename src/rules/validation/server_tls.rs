//! TLS of a server: a Gateway's, or the ingress of a Sidecar.

use super::places::{Found, items};
use super::refusal::Refusal;

const CERTIFICATES: [&str; 6] =
    ["serverCertificate", "privateKey", "caCertificates", "tlsCertificates", "credentialName", "credentialNames"];

/// What istiod refuses of a `tls` block.
pub(super) fn refused(tls: &Found<'_>) -> Vec<Refusal> {
    let Some((mode, place)) = mode(tls) else { return Vec::new() };
    let set = |names: &[&str]| -> Vec<Found<'_>> {
        let mut set: Vec<_> = names.iter().filter(|name| tls.has(name)).filter_map(|name| tls.field(name)).collect();
        set.sort_by_key(|field| field.key);
        set
    };
    if mode == "ISTIO_MUTUAL" {
        let message =
            |name: &str| format!("`{name}` does not go with mode ISTIO_MUTUAL, which has Istio's certificate");
        let fields = set(&CERTIFICATES).into_iter();
        return fields.map(|field| Refusal::at(field.key, message(field.name)).remove()).collect();
    }
    let mut refusals = Vec::new();
    let mut sources = set(&["credentialName", "credentialNames", "tlsCertificates"]);
    if tls.has("serverCertificate") && tls.has("privateKey") {
        sources.extend(tls.field("serverCertificate"));
    }
    sources.sort_by_key(|field| field.key);
    if let [first, second, ..] = sources.as_slice() {
        let message = format!("`{}` and `{}` both bring the server's certificate", first.name, second.name);
        refusals.push(Refusal::at(second.key, message).beside(first.key));
    }
    let is_opened = matches!(mode, "SIMPLE" | "MUTUAL" | "OPTIONAL_MUTUAL");
    if is_opened && !(tls.lacks("credentialName") && tls.lacks("credentialNames")) {
        return refusals;
    }
    if is_opened {
        let lacks = |field: &str| Refusal::at(place, format!("mode {mode} lacks `{field}`, or a `credentialName`"));
        if mode != "SIMPLE" && tls.lacks("caCertificates") {
            refusals.push(lacks("caCertificates"));
        }
        let pair = ["serverCertificate", "privateKey"];
        match tls.field("tlsCertificates").filter(|_| !tls.lacks("tlsCertificates")) {
            Some(list) => refusals.extend(items(&list).iter().flat_map(|files| {
                let missing = pair.into_iter().filter(|name| files.lacks(name));
                missing
                    .map(|name| Refusal::at(files.place_of(name), format!("a certificate lacks `{name}`")))
                    .collect::<Vec<_>>()
            })),
            None => refusals.extend(pair.into_iter().filter(|name| tls.lacks(name)).map(lacks)),
        }
    }
    if let Some(list) = tls.field("caCrl").filter(|_| tls.has("caCrl")) {
        if tls.has("credentialName") {
            refusals
                .push(Refusal::at(list.key, "`caCrl` does not go with `credentialName`, whose Secret holds the list"));
        }
        if mode == "SIMPLE" {
            refusals.push(Refusal::at(list.key, "`caCrl` does not go with mode SIMPLE, which asks for no certificate"));
        }
    }
    refusals
}

/// What istiod ignores of a `tls` block.
pub(super) fn ineffective(tls: &Found<'_>) -> Vec<Refusal> {
    let mut ineffective = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for suite in tls.field("cipherSuites").iter().flat_map(items) {
        let Some(name) = suite.text() else { continue };
        let is_name = name.chars().next().is_some_and(char::is_alphanumeric) && name != "ALL";
        if is_name && !CIPHER_SUITES.contains(&name) {
            ineffective.push(Refusal::at(suite.node.span, format!("`{name}` is no cipher suite of Envoy")).remove());
        } else if seen.contains(&name) {
            ineffective.push(Refusal::at(suite.node.span, format!("`{name}` stands here twice")).remove());
        } else {
            seen.push(name);
        }
    }
    ineffective
}

/// The mode and where it stands; none while it is not known.
fn mode<'n>(tls: &Found<'n>) -> Option<(&'n str, crate::text::Span)> {
    match tls.field("mode") {
        Some(field) => Some((field.text()?, field.node.span)),
        None => Some(("PASSTHROUGH", tls.key)),
    }
}

const CIPHER_SUITES: [&str; 15] = [
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-RSA-AES256-SHA",
    "AES128-GCM-SHA256",
    "AES256-GCM-SHA384",
    "AES128-SHA",
    "AES256-SHA",
    "DES-CBC3-SHA",
];
