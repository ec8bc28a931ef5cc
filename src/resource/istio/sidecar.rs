//! `Sidecar`: what the proxies of a namespace see.

use smol_str::SmolStr;

use super::WorkloadSelector;
use crate::resource::{Anything, List, object};

object! {
    /// The `spec` of a Sidecar.
    pub struct Sidecar {
        workload_selector: WorkloadSelector = "workloadSelector",
        ingress: List<Anything> = "ingress",
        egress: List<EgressListener> = "egress",
        outbound_traffic_policy: OutboundTrafficPolicy = "outboundTrafficPolicy",
        inbound_connection_pool: Anything = "inboundConnectionPool",
    }

    /// Hosts that a listener of the proxy serves.
    pub struct EgressListener {
        port: ListenerPort = "port",
        bind: SmolStr = "bind",
        capture_mode: SmolStr = "captureMode",
        hosts: List<SmolStr> = "hosts",
    }

    /// The port of a listener.
    pub struct ListenerPort {
        number: u32 = "number",
        protocol: SmolStr = "protocol",
        name: SmolStr = "name",
    }

    /// What happens with traffic for unknown hosts.
    pub struct OutboundTrafficPolicy {
        mode: SmolStr = "mode",
        egress_proxy: Anything = "egressProxy",
    }
}
