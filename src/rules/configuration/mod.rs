//! Rules about EnvoyFilters, webhooks, Telemetry and what else configures the mesh itself.

pub(super) mod conflicting_injection_webhooks;
pub(super) mod envoy_filter_in_use;
pub(super) mod negative_condition;
pub(super) mod outdated_gateway_api;
pub(super) mod relative_envoy_operation;
pub(super) mod telemetry_without_provider;
pub(super) mod unrestricted_jwks_fetch;
pub(super) mod unsupported_provider;
pub(super) mod useless_envoy_operation;
pub(super) mod webhook_outside_workspace;
pub(super) mod webhook_without_endpoint;
mod webhooks;
