//! Rules about EnvoyFilters, webhooks, Telemetry and what else configures the mesh itself.

pub(super) mod telemetry_without_provider;
