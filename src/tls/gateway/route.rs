//! Where a server sends what arrives.

use smol_str::SmolStr;

use crate::index::Entry;
use crate::text::Span;
use crate::tls::{Outbound, Sends};

/// The resource that leads to a destination.
#[derive(Debug, Clone, Copy)]
pub struct RouteSource<'a> {
    /// The resource that is bound to the server: a VirtualService or a route of the Gateway API.
    pub bound: &'a Entry,
    /// The resource that holds the destination: the same, or a delegate.
    pub holder: &'a Entry,
    /// The destination.
    pub span: Span,
}

/// One destination of a server.
#[derive(Debug, Clone)]
pub struct Route<'a> {
    /// What leads there; none for AUTO_PASSTHROUGH.
    pub source: Option<RouteSource<'a>>,
    /// The hosts, or for passthrough the server names, for which it is taken.
    pub match_hosts: Vec<SmolStr>,
    /// The host of the destination, completed.
    pub host: SmolStr,
    /// The service port.
    pub port: u32,
    /// The subset.
    pub subset: Option<SmolStr>,
    /// What is sent there.
    pub upstream: Upstream<'a>,
}

/// What is sent to a destination.
#[derive(Debug, Clone)]
pub enum Upstream<'a> {
    /// As a client of the service.
    Sent(Box<Outbound<'a>>),
    /// What arrived, to endpoints that understand Istio mTLS only (AUTO_PASSTHROUGH).
    Handed(Box<Outbound<'a>>),
    /// Service, port or subset do not exist: 503.
    Unknown,
}

impl<'a> Upstream<'a> {
    /// What is on the wire; none where nothing is.
    #[must_use]
    pub fn sends(&self) -> Option<Sends> {
        match self {
            Self::Sent(outbound) => Some(outbound.sends),
            Self::Handed(_) => Some(Sends::Passthrough),
            Self::Unknown => None,
        }
    }

    /// The answer for the destination.
    #[must_use]
    pub fn outbound(&self) -> Option<&Outbound<'a>> {
        match self {
            Self::Sent(outbound) | Self::Handed(outbound) => Some(outbound),
            Self::Unknown => None,
        }
    }

    /// The word used in output.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        self.sends().map_or("unknown-destination", Sends::as_str)
    }
}
