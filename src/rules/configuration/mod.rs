//! Rules about EnvoyFilters, webhooks, Telemetry and what else configures the mesh itself.
