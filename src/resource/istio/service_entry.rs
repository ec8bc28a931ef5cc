//! `ServiceEntry`: hosts that Kubernetes does not know.

use smol_str::SmolStr;

use super::{WorkloadEntry, WorkloadSelector};
use crate::resource::{List, choice, object};

object! {
    /// The `spec` of a ServiceEntry.
    pub struct ServiceEntry {
        hosts: List<SmolStr> = "hosts",
        addresses: List<SmolStr> = "addresses",
        ports: List<ServiceEntryPort> = "ports",
        location: Location = "location",
        resolution: Resolution = "resolution",
        endpoints: List<WorkloadEntry> = "endpoints",
        workload_selector: WorkloadSelector = "workloadSelector",
        export_to: List<SmolStr> = "exportTo",
        subject_alt_names: List<SmolStr> = "subjectAltNames",
    }

    /// A port of the hosts.
    pub struct ServiceEntryPort {
        number: u32 = "number",
        protocol: SmolStr = "protocol",
        name: SmolStr = "name",
        target_port: u32 = "targetPort",
    }
}

choice! {
    /// Whether the hosts belong to the mesh.
    pub enum Location {
        MeshExternal = "MESH_EXTERNAL",
        MeshInternal = "MESH_INTERNAL",
    }

    /// How the proxies find the endpoints.
    pub enum Resolution {
        None = "NONE",
        Static = "STATIC",
        Dns = "DNS",
        DnsRoundRobin = "DNS_ROUND_ROBIN",
        DynamicDns = "DYNAMIC_DNS",
    }
}

impl ServiceEntry {
    /// The location that counts: MESH_EXTERNAL is the zero value. None while the value is not known.
    #[must_use]
    pub fn effective_location(&self) -> Option<Location> {
        if self.location.is_absent() { Some(Location::MeshExternal) } else { self.location.copied() }
    }

    /// The resolution that counts: NONE is the zero value. None while the value is not known.
    #[must_use]
    pub fn effective_resolution(&self) -> Option<Resolution> {
        if self.resolution.is_absent() { Some(Resolution::None) } else { self.resolution.copied() }
    }
}
