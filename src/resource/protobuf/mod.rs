//! Messages of protobuf that stand in YAML: Envoy's configuration in an EnvoyFilter, and Istio's mesh configuration. [`mismatches`]
//! reads a value as `jsonpb` does for istiod, and says what it cannot read.

mod read;
mod table;

pub use read::{Mismatch, Outcome, mismatches};
