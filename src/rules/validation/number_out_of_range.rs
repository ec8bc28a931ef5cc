//! Rule `number-out-of-range`.

use super::places::{Places, at, is_reported, object, tree};
use crate::index::Entry;
use crate::resource::Kind;
use crate::rules::{Context, rule};

rule! {
    /// A number that istiod does not accept there.
    ///
    /// ## Why
    /// Counts are not negative, percentages end at 100, status codes are those of HTTP; istiod refuses the resource.
    ///
    /// ## Symptom
    /// `Error from server: admission webhook "validation.istio.io" denied the request: configuration is invalid`.
    ///
    /// ## Example
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     connectionPool:
    ///       tcp:
    ///         maxConnections: -1 #~ number-out-of-range `-1` at least 0
    /// ```
    ///
    /// ## Instead
    /// ```yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: web
    ///   trafficPolicy:
    ///     connectionPool:
    ///       tcp:
    ///         maxConnections: 1
    /// ```
    ///
    /// ## See
    /// <https://istio.io/latest/docs/reference/config/analysis/ist0106/>
    "number-out-of-range", on: [VirtualService, DestinationRule, Gateway, ServiceEntry, Sidecar, WorkloadEntry, WorkloadGroup, AuthorizationPolicy, RequestAuthentication, PeerAuthentication, Telemetry, WasmPlugin, ProxyConfig, EnvoyFilter], severity: Error, aliases: ["IST0106"], since: "0.1.0", all_fit: true,
}

/// Least and most, and where.
const RANGES: &[(f64, f64, Places)] = &[
    (
        0.0,
        f64::MAX,
        &[
            (
                Kind::DestinationRule,
                &[
                    "spec.**.connectionPool.http.http1MaxPendingRequests|http2MaxRequests|maxRequestsPerConnection|maxRetries|maxConcurrentStreams",
                    "spec.**.connectionPool.tcp.maxConnections",
                ],
            ),
            (
                Kind::Sidecar,
                &[
                    "spec.**.connectionPool|inboundConnectionPool.http.http1MaxPendingRequests|http2MaxRequests|maxRequestsPerConnection|maxRetries|maxConcurrentStreams",
                    "spec.**.connectionPool|inboundConnectionPool.tcp.maxConnections",
                ],
            ),
            (Kind::VirtualService, &["spec.http|tls|tcp[].route[].weight", "spec.http[].retries.attempts"]),
            (Kind::ProxyConfig, &["spec.concurrency"]),
        ],
    ),
    (
        0.0,
        100.0,
        &[
            (Kind::DestinationRule, &["spec.**.outlierDetection.maxEjectionPercent|minHealthPercent"]),
            (
                Kind::VirtualService,
                &[
                    "spec.http[].mirrorPercentage.value",
                    "spec.http[].mirrorPercent",
                    "spec.http[].mirrors[].percentage.value",
                    "spec.http[].fault.delay|abort.percentage.value",
                ],
            ),
            (Kind::Telemetry, &["spec.tracing[].randomSamplingPercentage"]),
        ],
    ),
    (
        200.0,
        600.0,
        &[(Kind::VirtualService, &["spec.http[].fault.abort.httpStatus", "spec.http[].directResponse.status"])],
    ),
    (300.0, 399.0, &[(Kind::VirtualService, &["spec.http[].redirect.redirectCode"])]),
];

fn check(entry: &Entry, cx: &mut Context<'_>) {
    let Some(document) = tree(entry, cx) else { return };
    let Some(root) = object(&document, cx) else { return };
    for (least, most, places) in RANGES {
        for found in at(places, entry, root) {
            // Zero is no redirect code of its own, but the default.
            let is_valid =
                |number: &f64| (least..=most).contains(&number) || *number == 0.0 && found.name == "redirectCode";
            let Some(number) = found.number().filter(|number| !is_valid(number)) else { continue };
            if is_reported(found.node.span, cx) {
                continue;
            }
            let range = match *most == f64::MAX {
                true => format!("at least {least}"),
                false => format!("from {least} to {most}"),
            };
            cx.report(
                found.node.span,
                format!("`{}` is {range}, not {number}\nistiod refuses the resource.", found.name),
            );
        }
    }
}
