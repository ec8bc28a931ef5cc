//! `EndpointSlice`: the endpoints of a Service without a selector.

use smol_str::SmolStr;

use crate::resource::{Anything, List, object};

object! {
    /// An EndpointSlice.
    pub struct EndpointSlice {
        endpoints: List<Endpoint> = "endpoints",
        ports: List<EndpointPort> = "ports",
    }

    /// One endpoint.
    pub struct Endpoint {
        addresses: List<SmolStr> = "addresses",
        conditions: Anything = "conditions",
        target_ref: EndpointTarget = "targetRef",
    }

    /// The pod behind an endpoint.
    pub struct EndpointTarget {
        kind: SmolStr = "kind",
        name: SmolStr = "name",
        namespace: SmolStr = "namespace",
    }

    /// A port of all endpoints.
    pub struct EndpointPort {
        name: SmolStr = "name",
        port: u32 = "port",
        protocol: SmolStr = "protocol",
    }
}
