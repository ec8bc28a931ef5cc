//! Fields of a mesh configuration that are wrong by themselves: ports, addresses, durations, numbers, names.

use crate::resource::schema::nanoseconds;
use crate::rules::validation::dns;
use crate::rules::validation::places::{Found, select};
use crate::rules::validation::refusal::Refusal;
use crate::rules::validation::unknown_keyword::is_retry_condition;
use crate::yaml::Node;
use std::net::IpAddr;

/// What istiod refuses.
pub(super) fn refused(root: &Node) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut check = |patterns: &[&str], problem: &dyn Fn(&str) -> Option<String>| {
        for found in patterns.iter().flat_map(|pattern| select(root, pattern)) {
            let why = found.text().and_then(problem);
            refusals.extend(why.map(|why| Refusal::at(found.node.span, format!("`{}` {why}", found.name))));
        }
    };
    for (patterns, low, high) in RANGES {
        check(patterns, &|text| out_of(text, *low, *high));
    }
    for (patterns, form) in DURATIONS {
        check(patterns, &|text| form.problem(text));
    }
    check(ADDRESSES, &|text| address(text).filter(|_| !text.is_empty()));
    check(NEEDED_ADDRESSES, &address);
    check(NEEDED, &|text| text.is_empty().then(|| "is not empty".to_owned()));
    check(&["trustDomain", "trustDomainAliases[]"], &|text| {
        (!is_trust_domain(text)).then(|| format!("does not take `{text}`, which is no DNS name"))
    });
    check(&["serviceSettings[].hosts[]"], &|text| {
        (!dns::is_wildcard_name(text)).then(|| format!("does not take `{text}`, which is no host"))
    });
    check(&["defaultConfig.controlPlaneAuthPolicy"], &|text| {
        (text == "INHERIT").then(|| "takes NONE or MUTUAL_TLS".to_owned())
    });
    check(&["defaultInboundHttpRetryPolicy.retryOn"], &|text| {
        let unknown = text.split(',').find(|word| !text.is_empty() && !is_retry_condition(word))?;
        Some(format!("does not know `{unknown}`"))
    });
    refusals
}

/// What istiod warns of.
pub(super) fn ineffective(root: &Node) -> Vec<Refusal> {
    let mut seen = Vec::new();
    let mut ineffective = Vec::new();
    for curve in select(root, "tlsDefaults.ecdhCurves[]") {
        let Some(text) = curve.text() else { continue };
        if !text.is_empty() && !CURVES.contains(&text) {
            ineffective.push(Refusal::at(curve.node.span, format!("`{text}` is no curve that Envoy knows")));
        } else if seen.contains(&text) {
            ineffective.push(Refusal::at(curve.node.span, format!("`{text}` stands here twice")));
        }
        seen.push(text);
    }
    let allocates = select(root, "defaultConfig.proxyMetadata.ISTIO_META_DNS_AUTO_ALLOCATE");
    let message = "`ISTIO_META_DNS_AUTO_ALLOCATE` is given up: istiod allocates addresses by itself";
    ineffective.extend(allocates.iter().map(|found| Refusal::at(found.key, message)));
    ineffective
}

const CURVES: [&str; 7] = ["P-224", "P-256", "P-521", "P-384", "X25519", "X25519Kyber768Draft00", "X25519MLKEM768"];

/// Fields, and the lowest and highest number that they take.
const RANGES: &[(&[&str], f64, f64)] = &[
    (&["proxyListenPort", "defaultConfig.proxyAdminPort", "defaultConfig.statusPort"], 1.0, 65535.0),
    (
        &[
            "defaultTrafficPolicy.connectionPool.http.http1MaxPendingRequests",
            "defaultTrafficPolicy.connectionPool.http.http2MaxRequests",
            "defaultTrafficPolicy.connectionPool.http.maxRequestsPerConnection",
            "defaultTrafficPolicy.connectionPool.http.maxRetries",
            "defaultTrafficPolicy.connectionPool.http.maxConcurrentStreams",
            "defaultTrafficPolicy.connectionPool.tcp.maxConnections",
            "defaultInboundHttpRetryPolicy.attempts",
            "defaultConfig.connectionSettings.listenerPerConnectionBufferLimitBytes",
            "defaultConfig.connectionSettings.clusterPerConnectionBufferLimitBytes",
        ],
        0.0,
        f64::MAX,
    ),
    (&["defaultTrafficPolicy.outlierDetection.maxEjectionPercent|minHealthPercent"], 0.0, 100.0),
    (
        &[
            "defaultConfig.connectionSettings.httpMaxConcurrentStreams|listenerConnectionLimit|globalDownstreamConnectionLimit",
        ],
        1.0,
        f64::MAX,
    ),
    (
        &["defaultConfig.connectionSettings.http2InitialStreamWindowSize|http2InitialConnectionWindowSize"],
        65535.0,
        f64::MAX,
    ),
];

fn out_of(text: &str, low: f64, high: f64) -> Option<String> {
    let number: f64 = text.parse().ok()?;
    let is_out = !(low..=high).contains(&number);
    let range = if high == f64::MAX { format!("{low} or more") } else { format!("{low} to {high}") };
    is_out.then(|| format!("takes {range}"))
}

/// What a duration has to be.
enum Form {
    /// From a millisecond to an hour.
    Connect,
    /// In whole milliseconds, or nothing.
    Milliseconds,
    /// A millisecond or more, in whole milliseconds.
    Positive,
    /// The same, or next to nothing.
    Idle,
    /// In whole seconds.
    Seconds,
    /// Not below zero.
    Zero,
    /// Not zero.
    Some,
}

const DURATIONS: &[(&[&str], Form)] = &[
    (&["connectTimeout"], Form::Connect),
    (&["protocolDetectionTimeout"], Form::Milliseconds),
    (&["defaultTrafficPolicy.connectionPool.tcp.idleTimeout"], Form::Idle),
    (&["defaultConfig.drainDuration"], Form::Seconds),
    (
        &[
            "defaultTrafficPolicy.connectionPool.http.idleTimeout",
            "defaultTrafficPolicy.connectionPool.tcp.connectTimeout|maxConnectionDuration",
            "defaultTrafficPolicy.connectionPool.tcp.tcpKeepalive.time|interval",
            "defaultTrafficPolicy.outlierDetection.baseEjectionTime|interval",
            "defaultInboundHttpRetryPolicy.perTryTimeout|backoff",
        ],
        Form::Positive,
    ),
    (
        &[
            "defaultConfig.connectionSettings.httpIdleTimeout|httpMaxConnectionDuration|httpDrainTimeout|httpRequestTimeout|httpRequestHeadersTimeout|httpStreamIdleTimeout|httpMaxStreamDuration",
        ],
        Form::Zero,
    ),
    (&["defaultConfig.privateKeyProvider.cryptomb|qat.pollDelay"], Form::Some),
];

impl Form {
    fn problem(&self, text: &str) -> Option<String> {
        let seconds = nanoseconds(text)? / 1e9;
        let is_whole = |parts: f64| {
            let count = seconds * parts;
            (count - count.round()).abs() < 1e-6
        };
        let fits = match self {
            Self::Connect => (0.001..=3600.0).contains(&seconds) && is_whole(1e3),
            Self::Milliseconds => is_whole(1e3),
            Self::Positive => seconds >= 0.001 && is_whole(1e3),
            Self::Idle => seconds.abs() < 0.001 || seconds >= 0.001 && is_whole(1e3),
            Self::Seconds => seconds >= 0.001 && is_whole(1.0),
            Self::Zero => seconds >= 0.0,
            Self::Some => seconds != 0.0,
        };
        let says = match self {
            Self::Connect => "takes 1ms to an hour, in whole milliseconds",
            Self::Milliseconds => "takes whole milliseconds",
            Self::Positive | Self::Idle => "takes a millisecond or more, in whole milliseconds",
            Self::Seconds => "takes a second or more, in whole seconds",
            Self::Zero => "is not below zero",
            Self::Some => "is not zero",
        };
        (!fits).then(|| says.to_owned())
    }
}

/// Texts that are not empty.
const NEEDED: &[&str] =
    &["defaultConfig.configPath|binaryPath|serviceCluster", "defaultConfig.tracing.lightstep.accessToken"];

/// Addresses with a port; left empty they are left out.
const ADDRESSES: &[&str] = &[
    "defaultConfig.statsdUdpAddress|envoyMetricsServiceAddress",
    "defaultConfig.envoyMetricsService|envoyAccessLogService.address",
];
const NEEDED_ADDRESSES: &[&str] =
    &["defaultConfig.discoveryAddress", "defaultConfig.tracing.lightstep|zipkin|datadog.address"];

fn address(text: &str) -> Option<String> {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
        Some(parts) => parts,
        None => match text.rsplit_once(':').filter(|(host, _)| !host.contains(':')) {
            Some(parts) => parts,
            None => return Some(format!("takes `host:port`, not `{text}`")),
        },
    };
    if !port.parse::<u16>().is_ok_and(|port| port > 0) {
        return Some(format!("takes a port from 1 to 65535, not `{port}`"));
    }
    let is_host = dns::is_name(host) || host.parse::<IpAddr>().is_ok();
    (!is_host).then(|| format!("takes a host or an IP address, not `{host}`"))
}

/// Labels with dots between them, perhaps with one at the end; a number is a label too.
fn is_trust_domain(text: &str) -> bool {
    let labels = text.strip_suffix('.').unwrap_or(text);
    !text.is_empty() && (labels.is_empty() || labels.split('.').all(dns::is_label))
}

/// The text of a service that a provider is reached by is a host, an IP address, or a host behind a namespace.
pub(super) fn service(found: &Found<'_>) -> Option<String> {
    let text = found.text()?;
    let is_right = match text.split_once('/') {
        None => dns::is_name(text) || text.parse::<IpAddr>().is_ok(),
        Some((namespace, host)) => {
            (namespace == "*" || namespace == "." || dns::is_label(namespace.strip_prefix('~').unwrap_or(namespace)))
                && host.contains('.')
                && dns::is_name(host)
        }
    };
    (!is_right).then(|| format!("`{text}` is neither a host nor `namespace/host`"))
}
