//! The annotations that Istio reads, and the kinds on which it reads them.
//!
//! Source: the annotations of `istio.io/api` (1.31 development).

use super::value::Form;

/// An annotation that Istio knows.
pub(super) struct Known {
    /// Its name.
    pub(super) name: &'static str,
    /// The kinds on which it is read; empty: all.
    pub(super) on: &'static [&'static str],
    /// What its value must look like.
    pub(super) form: Form,
    /// What to use instead, where it is deprecated.
    pub(super) instead: Option<&'static str>,
}

/// The annotation called `name`.
pub(super) fn find(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == name)
}

/// The names of all annotations.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|known| known.name)
}

/// Some part of Istio owns the name: its domain ends in `istio.io`. What a template fills in makes no such name.
pub(super) fn is_istios(name: &str) -> bool {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    is_plain && name.split_once('/').is_some_and(|(domain, _)| domain == "istio.io" || domain.ends_with(".istio.io"))
}

const POD: &[&str] = &["Pod"];
const SERVICE: &[&str] = &["Service"];
const WORKLOAD_ENTRY: &[&str] = &["WorkloadEntry"];
const ANY: &[&str] = &[];

const fn on(on: &'static [&'static str], name: &'static str) -> Known {
    Known { name, on, form: Form::Any, instead: None }
}

const fn pod(name: &'static str, form: Form) -> Known {
    Known { name, on: POD, form, instead: None }
}

const fn deprecated(name: &'static str, instead: &'static str) -> Known {
    Known { name, on: POD, form: Form::Any, instead: Some(instead) }
}

/// What took the place of the annotations for statistics.
const STATS_MATCHER: &str = "proxyStatsMatcher in proxy.istio.io/config";
/// What took the place of the annotations for the control plane.
const PROXY_CONFIG: &str = "proxy.istio.io/config";
/// Nothing reads the accounts of a Service any more.
const ACCOUNTS: &str = "subjectAltNames of a DestinationRule";
/// Mixer is gone, and with it what its annotations set.
const NOTHING: &str = "nothing: Mixer is gone";

#[rustfmt::skip]
static KNOWN: &[Known] = &[
    Known { on: SERVICE, ..deprecated("alpha.istio.io/canonical-serviceaccounts", ACCOUNTS) },
    on(&["ServiceAccount"], "alpha.istio.io/identity"),
    Known { on: SERVICE, ..deprecated("alpha.istio.io/kubernetes-serviceaccounts", ACCOUNTS) },
    pod("ambient.istio.io/bypass-inbound-capture", Form::Any),
    pod("ambient.istio.io/dns-capture", Form::Any),
    pod("ambient.istio.io/redirection", Form::Any),
    on(&["GatewayClass", "Gateway"], "ambient.istio.io/waypoint-inbound-binding"),
    on(ANY, "galley.istio.io/analyze-suppress"),
    // Those of a Gateway are copied to what istiod generates for it.
    on(ANY, "gateway.istio.io/controller-version"),
    on(ANY, "gateway.istio.io/name-override"),
    on(ANY, "gateway.istio.io/service-account"),
    on(ANY, "gateway.istio.io/tls-terminate-mode"),
    pod("inject.istio.io/templates", Form::Any),
    on(ANY, "install.operator.istio.io/chart-owner"),
    on(ANY, "install.operator.istio.io/owner-generation"),
    on(ANY, "install.operator.istio.io/version"),
    on(WORKLOAD_ENTRY, "istio.io/autoRegistrationGroup"),
    on(ANY, "istio.io/connect-strategy"),
    on(WORKLOAD_ENTRY, "istio.io/connectedAt"),
    on(WORKLOAD_ENTRY, "istio.io/disconnectedAt"),
    on(&["AuthorizationPolicy"], "istio.io/dry-run"),
    pod("istio.io/reroute-virtual-interfaces", Form::Interfaces),
    on(ANY, "istio.io/rev"),
    Known { form: Form::Weight, ..on(&["Service", "ServiceEntry", "Namespace"], "istio.io/use-waypoint-canary-weight") },
    on(WORKLOAD_ENTRY, "istio.io/workloadController"),
    on(&["Ingress"], "kubernetes.io/ingress.class"),
    on(ANY, "networking.istio.io/address-type"),
    on(SERVICE, "networking.istio.io/exportTo"),
    on(ANY, "networking.istio.io/service-type"),
    on(&["Service", "ServiceEntry", "Namespace"], "networking.istio.io/traffic-distribution"),
    deprecated("policy.istio.io/check", NOTHING),
    deprecated("policy.istio.io/checkBaseRetryWaitTime", NOTHING),
    deprecated("policy.istio.io/checkMaxRetryWaitTime", NOTHING),
    deprecated("policy.istio.io/checkRetries", NOTHING),
    deprecated("policy.istio.io/lang", NOTHING),
    pod("prometheus.istio.io/merge-metrics", Form::Bool),
    pod("proxy.istio.io/config", Form::ProxyConfig),
    pod("proxy.istio.io/overrides", Form::Any),
    pod("readiness.status.sidecar.istio.io/applicationPorts", Form::Any),
    pod("readiness.status.sidecar.istio.io/failureThreshold", Form::Count),
    pod("readiness.status.sidecar.istio.io/initialDelaySeconds", Form::Count),
    pod("readiness.status.sidecar.istio.io/periodSeconds", Form::Count),
    on(ANY, "security.istio.io/autoMTLS"),
    pod("sidecar.istio.io/agentLogLevel", Form::Any),
    pod("sidecar.istio.io/bootstrapOverride", Form::Any),
    pod("sidecar.istio.io/componentLogLevel", Form::Any),
    deprecated("sidecar.istio.io/controlPlaneAuthPolicy", PROXY_CONFIG),
    deprecated("sidecar.istio.io/discoveryAddress", PROXY_CONFIG),
    pod("sidecar.istio.io/enableCoreDump", Form::Any),
    deprecated("sidecar.istio.io/extraStatTags", "extraStatTags in proxy.istio.io/config"),
    deprecated(INJECT, "the label of the same name"),
    pod("sidecar.istio.io/interceptionMode", Form::InterceptionMode),
    pod("sidecar.istio.io/logLevel", Form::Any),
    pod("sidecar.istio.io/nativeSidecar", Form::Any),
    pod("sidecar.istio.io/proxyCPU", Form::Quantity),
    pod("sidecar.istio.io/proxyCPULimit", Form::Quantity),
    pod("sidecar.istio.io/proxyImage", Form::Any),
    pod("sidecar.istio.io/proxyImageType", Form::Any),
    pod("sidecar.istio.io/proxyMemory", Form::Quantity),
    pod("sidecar.istio.io/proxyMemoryLimit", Form::Quantity),
    pod("sidecar.istio.io/rewriteAppHTTPProbers", Form::Any),
    deprecated("sidecar.istio.io/statsCompression", "nothing: the proxy chooses by what Prometheus accepts"),
    pod("sidecar.istio.io/statsEvictionInterval", Form::Any),
    pod("sidecar.istio.io/statsFlushInterval", Form::Any),
    pod("sidecar.istio.io/statsHistogramBins", Form::Any),
    pod("sidecar.istio.io/statsHistogramBuckets", Form::Any),
    deprecated("sidecar.istio.io/statsInclusionPrefixes", STATS_MATCHER),
    deprecated("sidecar.istio.io/statsInclusionRegexps", STATS_MATCHER),
    deprecated("sidecar.istio.io/statsInclusionSuffixes", STATS_MATCHER),
    on(ANY, "sidecar.istio.io/status"),
    pod("sidecar.istio.io/userVolume", Form::Any),
    pod("sidecar.istio.io/userVolumeMount", Form::Any),
    pod("status.sidecar.istio.io/port", Form::Port),
    on(&["Namespace"], "topology.istio.io/controlPlaneClusters"),
    on(SERVICE, "traffic.istio.io/nodeSelector"),
    pod("traffic.sidecar.istio.io/excludeInboundPorts", Form::Ports),
    pod("traffic.sidecar.istio.io/excludeInterfaces", Form::Interfaces),
    pod("traffic.sidecar.istio.io/excludeOutboundIPRanges", Form::Ranges),
    pod("traffic.sidecar.istio.io/excludeOutboundPorts", Form::Ports),
    pod("traffic.sidecar.istio.io/includeInboundPorts", Form::PortsOrAll),
    pod("traffic.sidecar.istio.io/includeOutboundIPRanges", Form::RangesOrAll),
    pod("traffic.sidecar.istio.io/includeOutboundPorts", Form::Ports),
    Known { form: Form::Interfaces, ..deprecated("traffic.sidecar.istio.io/kubevirtInterfaces", "istio.io/reroute-virtual-interfaces") },
];

/// Decides whether a pod gets a sidecar; a label took its place.
pub(super) const INJECT: &str = "sidecar.istio.io/inject";

#[cfg(test)]
mod tests {
    use super::{KNOWN, is_istios};

    #[test]
    fn the_table_is_in_the_order_of_names_and_holds_istios_only() {
        assert!(KNOWN.is_sorted_by_key(|known| known.name));
        assert!(!is_istios("sidecar.istio.io/{{ .Values.name }}"));
        assert!(KNOWN.iter().all(|known| is_istios(known.name) || known.name == "kubernetes.io/ingress.class"));
    }
}
