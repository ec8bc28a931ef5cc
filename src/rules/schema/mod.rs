//! Objects held against the schema of their kind: fields, types, values, limits and versions.
//!
//! [`Context::defects`](super::Context) compares once; each rule here speaks of one sort of defect.

pub(super) mod conflicting_fields;
pub(super) mod deprecated_api_version;
pub(super) mod deprecated_field;
pub(super) mod duplicate_item;
mod filters;
mod gateways;
mod listeners;
pub(super) mod malformed_value;
pub(super) mod missing_required_field;
mod nodes;
pub(super) mod out_of_range;
mod references;
pub(super) mod refused_combination;
mod routes;
pub(super) mod unknown_api_version;
pub(super) mod unknown_enum_value;
pub(super) mod unknown_field;
mod words;
pub(super) mod wrong_type;

use super::Finding;
use crate::index::Entry;
use crate::resource::Kind;

/// Istio's own validation says the same of an object of Istio.
fn also_invalid<'a>(entry: &Entry, finding: &'a mut Finding) -> &'a mut Finding {
    if entry.resource.kind.group().ends_with(".istio.io") { finding.alias("IST0106") } else { finding }
}

/// The kinds that have a schema.
const KINDS: &[Kind] = &[
    Kind::Gateway,
    Kind::VirtualService,
    Kind::DestinationRule,
    Kind::ServiceEntry,
    Kind::Sidecar,
    Kind::WorkloadEntry,
    Kind::WorkloadGroup,
    Kind::EnvoyFilter,
    Kind::ProxyConfig,
    Kind::PeerAuthentication,
    Kind::RequestAuthentication,
    Kind::AuthorizationPolicy,
    Kind::Telemetry,
    Kind::WasmPlugin,
    Kind::TrafficExtension,
    Kind::KubernetesGateway,
    Kind::ListenerSet,
    Kind::GatewayClass,
    Kind::HttpRoute,
    Kind::GrpcRoute,
    Kind::TlsRoute,
    Kind::TcpRoute,
    Kind::ReferenceGrant,
    Kind::BackendTlsPolicy,
];

#[cfg(test)]
mod tests {
    use super::KINDS;
    use crate::resource::{Kind, schema};

    #[test]
    fn every_kind_with_a_schema_is_checked() {
        let with_schema: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| schema::of(*kind).is_some()).collect();
        assert_eq!(with_schema, KINDS);
    }
}
