//! Effective TLS as istiod decides it: who has a proxy, what each client sends, what each workload accepts, and why.
//!
//! Everything that istio-ls says about TLS is read from here. [`outbound()`] answers for a client and a port of a service,
//! [`inbound()`] for a port of a workload. An answer carries the chain of [`Reason`]s in the order in which istiod looks,
//! and the [`Assumption`]s it rests on where something outside the workspace could decide otherwise. All lookups go through
//! the [`View`](crate::index::View), so that whoever asks is asked again when the answer changes.
//!
//! Clients are classes ([`Client`]), since all workloads of a namespace mostly send the same; output expands them. Where no
//! workload of the workspace sends to a service, a sidecar is assumed, as one of the [`Assumption`]s.

mod admission;
mod assumed;
mod auto_mtls;
mod backend_tls;
mod client;
mod client_tls;
mod destination_rule;
mod endpoint;
mod explain;
pub mod gateway;
mod inbound;
mod labels;
mod outbound;
mod proxy;
mod readers;
mod reason;
mod scope;
mod sends;
mod service;
mod services;

pub use admission::is_admitted;
pub use assumed::assumed_sidecars;
pub use backend_tls::BackendTls;
pub use client::{Client, ClientKind, clients, clients_in};
pub use client_tls::{TlsBlock, TlsLevel, TlsSource};
pub use destination_rule::{EffectiveRule, Place, RuleLookup, destination_rule};
pub use endpoint::Endpoint;
pub use inbound::{Inbound, Policies, PolicyLevel, inbound, named_ports};
pub use labels::Labels;
pub use outbound::{Outbound, default_sni, outbound, send};
pub use proxy::{Proxy, ProxyKind, TLS_MODE, pod_labels, proxy, understands_mtls};
pub use readers::{Readers, callers};
pub use reason::{Assumption, Reason};
pub use scope::{is_for_mesh, seen, sidecar, visible};
pub use sends::{Origin, OutboundMode, Sends};
pub use service::{Port, Service, Source, of_service, of_service_entry, target_ports};
pub use services::{all_services, service, services, services_under};
