//! Rule `imprecise-duration`.

use super::places::{Places, at, is_reported, object, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};

rule! {
    /// A duration that is finer than Envoy's clock for it.
    ///
    /// ## Why
    /// Envoy counts in milliseconds, browsers count the age of an answer to a preflight in seconds; istiod refuses what is finer.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid: only durations to ms precision are supported`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - timeout: 1500us #~ imprecise-duration `1500us` milliseconds
    ///     route: [{destination: {host: web.example.com}}]
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   hosts: [web.example.com]
    ///   http:
    ///   - timeout: 2ms
    ///     route: [{destination: {host: web.example.com}}]
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "imprecise-duration", on: [VirtualService, DestinationRule, Sidecar], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

const MILLISECOND: i128 = 1_000_000;
const SECOND: i128 = 1000 * MILLISECOND;

const POOL: &[&str] = &[
    "spec.**.connectionPool|inboundConnectionPool.http.idleTimeout",
    "spec.**.connectionPool|inboundConnectionPool.http.http2KeepAlive.interval|timeout",
    "spec.**.connectionPool|inboundConnectionPool.tcp.connectTimeout|maxConnectionDuration|idleTimeout",
    "spec.**.connectionPool|inboundConnectionPool.tcp.tcpKeepalive.time|interval",
];
const MILLISECONDS: Places = &[
    (
        Kind::VirtualService,
        &["spec.http[].timeout", "spec.http[].retries.perTryTimeout|backoff", "spec.http[].fault.delay.fixedDelay"],
    ),
    (
        Kind::DestinationRule,
        &["spec.**.outlierDetection.interval|baseEjectionTime", "spec.**.loadBalancer.warmup.duration"],
    ),
    (Kind::DestinationRule, POOL),
    (Kind::Sidecar, POOL),
];
const SECONDS: Places = &[(Kind::VirtualService, &["spec.http[].corsPolicy.maxAge"])];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for (places, unit, name) in [(MILLISECONDS, MILLISECOND, "milliseconds"), (SECONDS, SECOND, "seconds")] {
        for found in at(places, entry, root) {
            let Some(duration) = found.text().and_then(nanoseconds) else { continue };
            // Below a millisecond the schema has its say.
            if duration % unit != 0 && duration >= MILLISECOND && !is_reported(found.node.span, cx) {
                let message = format!("`{}` is counted in {name}\nistiod refuses the resource.", found.name);
                cx.report(found.node.span, message);
            }
        }
    }
}

/// A duration as Go writes it: numbers with units, such as `1m30s`, `1.5h` or `300ms`.
fn nanoseconds(text: &str) -> Option<i128> {
    let mut rest = text;
    let mut sum = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, behind) = rest.split_at_checked(digits)?;
        let length = behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let (unit, after) = behind.split_at_checked(length)?;
        let factor = match unit {
            "h" => 3600 * SECOND,
            "m" => 60 * SECOND,
            "s" => SECOND,
            "ms" => MILLISECOND,
            "us" | "µs" => 1000,
            "ns" => 1,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let mut part = factor;
        sum += whole.parse::<i128>().unwrap_or(0) * factor;
        for digit in fraction.chars().filter_map(|c| c.to_digit(10)) {
            part /= 10;
            sum += i128::from(digit) * part;
        }
        rest = after;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::nanoseconds;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        assert_eq!(nanoseconds("1m30s"), Some(90_000_000_000));
        assert_eq!(nanoseconds("1.5ms"), Some(1_500_000));
        assert_eq!(nanoseconds("5"), None);
        assert_eq!(nanoseconds("5 s"), None);
    }
}
