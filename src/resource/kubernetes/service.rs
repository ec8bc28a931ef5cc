//! `Service`: a host of the mesh and its ports.

use smol_str::SmolStr;

use crate::resource::{IntOrString, List, Map, object};

object! {
    /// The `spec` of a Service.
    pub struct Service {
        selector: Map<SmolStr> = "selector",
        ports: List<ServicePort> = "ports",
        service_type: SmolStr = "type",
        cluster_ip: SmolStr = "clusterIP",
        external_name: SmolStr = "externalName",
        publish_not_ready_addresses: bool = "publishNotReadyAddresses",
    }

    /// A port of a Service.
    pub struct ServicePort {
        name: SmolStr = "name",
        port: u32 = "port",
        target_port: IntOrString = "targetPort",
        protocol: SmolStr = "protocol",
        app_protocol: SmolStr = "appProtocol",
        node_port: u32 = "nodePort",
    }
}

impl Service {
    /// Clients get the addresses of the pods, not one of the Service.
    #[must_use]
    pub fn is_headless(&self) -> bool {
        self.cluster_ip.text() == Some("None")
    }

    /// The Service is only another name for a host outside.
    #[must_use]
    pub fn is_external_name(&self) -> bool {
        self.service_type.text() == Some("ExternalName")
    }
}
