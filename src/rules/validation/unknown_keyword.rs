//! Rule `unknown-keyword`.

use super::places::{Places, at, is_reported, object, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};
use crate::text::{TextEdit, only_near};
use crate::yaml::Literal;

rule! {
    /// A word that is none of those that are known there.
    ///
    /// ## Why
    /// istiod refuses words that it does not know: protocols, methods, conditions for retries.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 443, name: https, protocol: HTTSP} #~ unknown-keyword `HTTSP` HTTPS
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: ServiceEntry
    /// metadata: {name: pay, namespace: shop}
    /// spec:
    ///   hosts: [api.pay.example]
    ///   resolution: DNS
    ///   ports:
    ///   - {number: 443, name: https, protocol: HTTPS}
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "unknown-keyword", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

/// The words, whether case matters not, whether several stand in one value, and where.
struct Words {
    words: &'static [&'static str],
    any_case: bool,
    listed: bool,
    places: Places,
}

const TABLE: &[Words] = &[
    Words {
        words: &[
            "HTTP",
            "HTTPS",
            "HTTP2",
            "GRPC",
            "GRPC-WEB",
            "TLS",
            "TCP",
            "UDP",
            "MONGO",
            "REDIS",
            "MYSQL",
            "HTTP_PROXY",
        ],
        any_case: true,
        listed: false,
        places: &[
            (Kind::ServiceEntry, &["spec.ports[].protocol"]),
            (Kind::Gateway, &["spec.servers[].port.protocol"]),
            (Kind::Sidecar, &["spec.ingress|egress[].port.protocol"]),
        ],
    },
    Words {
        words: &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*"],
        any_case: false,
        listed: false,
        places: &[(Kind::VirtualService, &["spec.http[].corsPolicy.allowMethods[]"])],
    },
    Words {
        words: &[
            "5xx",
            "gateway-error",
            "reset",
            "reset-before-request",
            "connect-failure",
            "envoy-ratelimited",
            "retriable-4xx",
            "refused-stream",
            "retriable-status-codes",
            "retriable-headers",
            "http3-post-connect-failure",
            "cancelled",
            "deadline-exceeded",
            "internal",
            "resource-exhausted",
            "unavailable",
        ],
        any_case: false,
        listed: true,
        places: &[(Kind::VirtualService, &["spec.http[].retries.retryOn"])],
    },
    Words {
        words: &[
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "UNAUTHENTICATED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
        ],
        any_case: false,
        listed: false,
        places: &[(Kind::VirtualService, &["spec.http[].fault.abort.grpcStatus"])],
    },
    Words {
        words: &["http", "https"],
        any_case: false,
        listed: false,
        places: &[(Kind::VirtualService, &["spec.http[].redirect.scheme"])],
    },
    Words {
        words: &["CONNECT", "POST"],
        any_case: false,
        listed: false,
        places: &[(Kind::DestinationRule, &["spec.**.tunnel.protocol"])],
    },
];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for table in TABLE {
        for found in at(table.places, entry, root) {
            let Some(text) = found.text().filter(|text| !text.is_empty() && !is_reported(found.node.span, cx)) else {
                continue;
            };
            let parts = if table.listed { text.split(',').collect() } else { vec![text] };
            for word in parts.into_iter().filter(|word| !is_known(table, word)) {
                let meant = |known: &&str| known.eq_ignore_ascii_case(word.trim());
                let same = table.words.iter().copied().find(meant);
                let near = same
                    .or_else(|| only_near(&word.trim().to_uppercase(), table.words.iter().copied()))
                    .or_else(|| only_near(word.trim(), table.words.iter().copied()));
                let hint = near.map_or_else(|| table.words.join(", "), |near| format!("did you mean {near}?"));
                let mut shown: String = format!("`{}` does not know `{word}`; {hint}", found.name);
                if shown.chars().count() > 100 {
                    shown = format!("`{}` does not know `{word}`\nIt takes {hint}", found.name);
                }
                let finding = cx.report(found.node.span, format!("{shown}\nistiod refuses the resource."));
                if let Some(near) = near.filter(|_| !table.listed) {
                    finding.safe_fix(format!("write {near}"), vec![TextEdit::replace(found.node.span, near)]);
                }
                if table.listed && text.split(',').all(|word| is_known(table, word.trim())) {
                    let plain = text.split(',').map(str::trim).collect::<Vec<_>>().join(",");
                    let path = document.path_at(found.node.span.start()).to_edit();
                    let edit = document.set(&path, &Literal::Text(plain));
                    finding.safe_fix("leave the blanks out", edit.into_iter().collect());
                }
            }
        }
    }
}

/// `word` is something that a proxy tries again on.
pub(super) fn is_retry_condition(word: &str) -> bool {
    TABLE.iter().filter(|table| table.listed).any(|table| is_known(table, word))
}

fn is_known(table: &Words, word: &str) -> bool {
    let same = |known: &str| if table.any_case { known.eq_ignore_ascii_case(word) } else { known == word };
    let is_status = table.listed && word.parse::<u16>().is_ok_and(is_status_of_http);
    table.words.iter().any(|known| same(known)) || is_status
}

/// The statuses that HTTP has names for.
fn is_status_of_http(status: u16) -> bool {
    matches!(
        status,
        100..=103 | 200..=208 | 226 | 300..=305 | 307 | 308 | 400..=418 | 421..=426 | 428 | 429 | 431 | 451 | 500..=508 | 510 | 511
    )
}
