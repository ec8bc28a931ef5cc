//! The connections to a host in words: for each class of clients what is sent, who decides, what is accepted, whether it fits.

use std::fmt::Write as _;

use super::Files;
use crate::index::{Ref, View};
use crate::resource::istio::{DestinationRule, MtlsMode};
use crate::tls::{self, Client, Endpoint, Outbound, Readers, Sends};

/// At most so many different answers are shown.
const MAX_ANSWERS: usize = 6;
/// At most so many classes of clients are named for an answer.
const MAX_NAMED: usize = 5;
/// So many classes of clients are looked at, those of the rule's and the service's namespace first: a hover must not wait
/// for thousands.
const MAX_CLIENTS: usize = 60;

/// What clients send to `host`; limited to a port, a subset, and to the clients that read `rule`, where these are given.
/// None when the workspace does not know the host.
pub(super) fn connections(
    files: &dyn Files,
    view: &View<'_>,
    host: &str,
    port: Option<u32>,
    subset: Option<&str>,
    rule: Option<Ref<'_, DestinationRule>>,
) -> Option<String> {
    let service = tls::services(view, host).into_iter().next();
    let Some(service) = service else {
        let wide = host.starts_with('*');
        return (!wide).then(|| format!("**{host}** is not in the workspace"));
    };
    let clients: Vec<Client<'_>> = match rule {
        Some(rule) => Readers::new(view, rule).of(&service).take(MAX_CLIENTS + 1).collect(),
        None => tls::callers(view, &service).take(MAX_CLIENTS + 1).collect(),
    };
    let mut answers: Vec<(String, Vec<String>)> = Vec::new();
    for client in clients.iter().take(MAX_CLIENTS) {
        let who = client.names(1);
        for service_port in service.ports.iter().filter(|known| port.is_none_or(|port| known.number == port)) {
            if let Some(sent) = tls::outbound(view, client, host, service_port.number, subset) {
                add(&mut answers, answer(files, view, &sent), who.clone());
            }
        }
    }
    if answers.is_empty() {
        let none = if rule.is_some() {
            "no client in the workspace reads this rule"
        } else {
            "no client with a proxy in the workspace"
        };
        return Some(format!("**{host}**: {none}"));
    }
    let more = answers.len().saturating_sub(MAX_ANSWERS);
    let shown: Vec<String> = answers
        .into_iter()
        .take(MAX_ANSWERS)
        .map(|(text, from)| format!("{text}\n- from: {}", listed(&from)))
        .collect();
    let mut text = shown.join("\n\n");
    if more > 0 {
        let _ = write!(text, "\n\nand {more} more");
    }
    if clients.len() > MAX_CLIENTS {
        let _ = write!(text, "\n\nOnly the first {MAX_CLIENTS} classes of clients were looked at.");
    }
    Some(text)
}

/// Clients with the same answer are shown together.
fn add(answers: &mut Vec<(String, Vec<String>)>, text: String, from: String) {
    match answers.iter_mut().find(|(known, _)| *known == text) {
        Some((_, clients)) if clients.contains(&from) => {}
        Some((_, clients)) => clients.push(from),
        None => answers.push((text, vec![from])),
    }
}

fn listed(names: &[String]) -> String {
    let shown: Vec<_> = names.iter().take(MAX_NAMED).map(String::as_str).collect();
    let more = names.len() - shown.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

fn answer(files: &dyn Files, view: &View<'_>, sent: &Outbound<'_>) -> String {
    let subset = sent.subset.as_ref().map(|subset| format!(" subset {subset}")).unwrap_or_default();
    let mut text = format!("**{}** → `{}:{}`{subset} {}", in_words(sent.sends), sent.host, sent.port, sent.protocol);
    if let Some(sni) = &sent.sni {
        let _ = write!(text, "\n- SNI: `{sni}`");
    }
    for reason in sent.because.iter().rev().take(1) {
        let _ = write!(text, "\n- decides: {}{}", reason.text, place(files, reason.place));
    }
    if sent.is_tls_in_tls() {
        let _ = write!(text, "\n- TLS in TLS unless a route sends plain HTTP there: `wrong version number`");
    }
    // Of what lies outside the workspace nothing is known.
    let own =
        sent.endpoints.iter().filter(|(endpoint, _)| endpoint.entry.is_some_and(|entry| entry.workload().is_some()));
    let mut accepted: Vec<String> = own.map(|(endpoint, sends)| accepts(files, view, endpoint, *sends)).collect();
    accepted.sort();
    accepted.dedup();
    for line in accepted {
        let _ = write!(text, "\n- {line}");
    }
    for assumption in &sent.assumptions {
        let _ = write!(text, "\n- assumed: {assumption}");
    }
    text
}

/// What an endpoint accepts, and what comes of it.
fn accepts(files: &dyn Files, view: &View<'_>, endpoint: &Endpoint<'_>, sends: Sends) -> String {
    let Some(inbound) = endpoint.inbound(view) else {
        let fits = match sends {
            Sends::IstioMtls => "fails: `503 UF`, `WRONG_VERSION_NUMBER`",
            Sends::Tls | Sends::Mtls | Sends::Passthrough => "fits if the application itself speaks TLS",
            _ => "fits",
        };
        return format!("{} has no proxy: {fits}", endpoint.name);
    };
    let by = inbound.peer_authentication.map(|policy| {
        let span = inbound.mode_span.unwrap_or_else(|| policy.entry.resource.name_span());
        format!(" by {}{}", policy.entry.title(), place(files, Some((policy.entry.id, span))))
    });
    let fits = failure(inbound.mode, sends).map_or_else(|| "fits".to_owned(), |error| format!("fails: {error}"));
    format!("{} accepts {}{}: {fits}", endpoint.name, inbound.mode, by.unwrap_or_default())
}

/// What a person sees where a proxy that accepts `mode` is sent something else; none where both fit.
pub(super) fn failure(mode: MtlsMode, sends: Sends) -> Option<&'static str> {
    match (mode, sends) {
        (MtlsMode::Strict, Sends::Plaintext | Sends::Passthrough | Sends::Tls | Sends::Mtls) => {
            Some("`503 UC`, connection reset")
        }
        (MtlsMode::Disable, Sends::IstioMtls) => Some("`503 UF`, `WRONG_VERSION_NUMBER`"),
        _ => None,
    }
}

/// What clients send to the services that a rule for the wildcard host `pattern` reaches, a line for each answer.
pub(super) fn covered(view: &View<'_>, pattern: &str, rule: Ref<'_, DestinationRule>) -> String {
    let readers = Readers::new(view, rule);
    let mut lines = Vec::new();
    for service in tls::services_under(view, pattern) {
        let Some(client) = readers.of(&service).next() else { continue };
        let lookup = tls::destination_rule(view, &client, &service.namespace, &service.host);
        let sent = service.ports.iter().filter_map(|port| tls::send(view, &client, &service, port, None, &lookup));
        lines.extend(sent.map(|sent| {
            let mut accepted = sent.endpoints.iter();
            let error = accepted.find_map(|(endpoint, sends)| failure(endpoint.inbound(view)?.mode, *sends));
            let fails = error.map(|error| format!(", fails: {error}")).unwrap_or_default();
            format!("- **{}** → `{}:{}`{fails}", in_words(sent.sends), sent.host, sent.port)
        }));
    }
    let more = lines.len().saturating_sub(MAX_ANSWERS);
    lines.truncate(MAX_ANSWERS);
    if more > 0 {
        lines.push(format!("- and {more} more"));
    }
    match lines.is_empty() {
        true => format!("`{pattern}`: no client in the workspace reads this rule for a service"),
        false => lines.join("\n"),
    }
}

/// ` (file:line)` of a place.
pub(super) fn place(files: &dyn Files, place: Option<(crate::index::ResourceId, crate::text::Span)>) -> String {
    let found = place.and_then(|(resource, span)| files.place_of(resource, span));
    let name = |path: &std::path::Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    found.map(|found| format!(" ({}:{})", name(&found.path), found.line + 1)).unwrap_or_default()
}

/// What is on the wire, for a person.
pub(super) fn in_words(sends: Sends) -> &'static str {
    match sends {
        Sends::Plaintext => "plaintext",
        Sends::Passthrough => "the application's own TLS",
        Sends::Tls => "TLS",
        Sends::Mtls => "mutual TLS",
        Sends::IstioMtls => "Istio mTLS",
        Sends::Hbone => "HBONE (ambient mTLS)",
        Sends::HboneTls => "TLS inside HBONE",
        Sends::Mixed => "mixed: Istio mTLS to some endpoints, plaintext to others",
        Sends::NoEndpoints => "Istio mTLS where the endpoints can (none is known)",
    }
}
