//! Effective TLS, seen from outside: istiod's own answers for authored workspaces, single surprises, and properties.

mod fixture;
mod properties;
mod recorded;
mod surprises;
