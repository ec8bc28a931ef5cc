//! Rules about hosts, routes and matches of VirtualServices, and what leads nowhere.

pub(super) mod conflicting_mesh_hosts;
pub(super) mod ineffective_match;
pub(super) mod internal_gateway_reference;
pub(super) mod jwt_claim_route_without_authentication;
mod matches;
pub(super) mod mesh_rules_past_gateway;
pub(super) mod missing_destination_port;
pub(super) mod unreachable_rule;
