//! The kinds of Kubernetes that Istio reads, a family a file.

mod certificate;
mod config_map;
mod custom_resource_definition;
mod endpoint_slice;
mod ingress;
mod namespace;
mod pem;
mod pod;
mod secret;
mod service;
mod webhook;

pub use certificate::*;
pub use config_map::*;
pub use custom_resource_definition::*;
pub use endpoint_slice::*;
pub use ingress::*;
pub use namespace::*;
pub use pem::*;
pub use pod::*;
pub use secret::*;
pub use service::*;
pub use webhook::*;
