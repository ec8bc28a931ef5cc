//! The words for what a server is and what became of it.

use crate::index::{Entry, Ref};
use crate::resource::Protocol;
use crate::resource::gateway_api::KubernetesGateway;
use crate::resource::istio::{Gateway, RouteKind, ServerTls as WrittenTls, ServerTlsMode};

/// Where a server is written.
#[derive(Debug, Clone, Copy)]
pub enum GatewaySource<'a> {
    /// An Istio Gateway.
    Istio(Ref<'a, Gateway>),
    /// A Gateway of the Gateway API.
    Kubernetes(Ref<'a, KubernetesGateway>),
}

impl<'a> GatewaySource<'a> {
    /// The resource.
    #[must_use]
    pub fn entry(self) -> &'a Entry {
        match self {
            Self::Istio(gateway) => gateway.entry,
            Self::Kubernetes(gateway) => gateway.entry,
        }
    }

    /// The word used in output.
    #[must_use]
    pub fn api(self) -> &'static str {
        match self {
            Self::Istio(_) => "istio",
            Self::Kubernetes(_) => "gateway-api",
        }
    }
}

/// What became of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It serves.
    Programmed,
    /// Another server holds its port or host; it is dropped.
    Conflict,
    /// Nothing is bound to it: 404, or a reset connection.
    NoRoutes,
    /// Another server answers to the same server name; Envoy refuses the whole port.
    DuplicateChain,
    /// The listener is not accepted.
    Invalid,
}

impl Status {
    /// The word used in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Programmed => "programmed",
            Self::Conflict => "conflict",
            Self::NoRoutes => "no-routes",
            Self::DuplicateChain => "duplicate-chain",
            Self::Invalid => "invalid",
        }
    }
}

/// What a server does with TLS that arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServerTls {
    /// It expects none.
    None,
    /// It hands the bytes on by server name, by routes or by itself, or terminates.
    Mode(ServerTlsMode),
}

impl ServerTls {
    /// What a server of `protocol` does with this block; HTTP servers take none but a redirect from it.
    #[must_use]
    pub fn of(protocol: Protocol, block: Option<&WrittenTls>) -> Self {
        match block.filter(|_| !protocol.is_http()) {
            Some(block) => Self::Mode(block.effective_mode().unwrap_or(ServerTlsMode::Passthrough)),
            None => Self::None,
        }
    }

    /// The kind of routes that a server of `protocol` uses; AUTO_PASSTHROUGH uses none.
    #[must_use]
    pub fn reads(self, protocol: Protocol) -> Option<RouteKind> {
        match self {
            _ if protocol.is_http() => Some(RouteKind::Http),
            Self::Mode(ServerTlsMode::AutoPassthrough) => None,
            Self::Mode(ServerTlsMode::Passthrough) => Some(RouteKind::Tls),
            _ if protocol == Protocol::Https => Some(RouteKind::Http),
            _ => Some(RouteKind::Tcp),
        }
    }

    /// The word used in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Mode(ServerTlsMode::Passthrough) => "passthrough",
            Self::Mode(ServerTlsMode::AutoPassthrough) => "auto-passthrough",
            Self::Mode(ServerTlsMode::Simple) => "simple",
            Self::Mode(ServerTlsMode::Mutual) => "mutual",
            Self::Mode(ServerTlsMode::OptionalMutual) => "optional-mutual",
            Self::Mode(ServerTlsMode::IstioMutual) => "istio-mutual",
        }
    }

    /// TLS goes through untouched.
    #[must_use]
    pub fn is_passthrough(self) -> bool {
        matches!(self, Self::Mode(ServerTlsMode::Passthrough | ServerTlsMode::AutoPassthrough))
    }

    /// TLS ends here.
    #[must_use]
    pub fn terminates(self) -> bool {
        self != Self::None && !self.is_passthrough()
    }

    /// Which certificate clients show.
    #[must_use]
    pub fn client_cert(self) -> ClientCert {
        match self {
            Self::Mode(ServerTlsMode::Mutual | ServerTlsMode::IstioMutual) => ClientCert::Required,
            Self::Mode(ServerTlsMode::OptionalMutual) => ClientCert::Optional,
            _ => ClientCert::None,
        }
    }
}

/// Whether clients show a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientCert {
    /// They are not asked.
    None,
    /// They are asked.
    Optional,
    /// They must.
    Required,
}

impl ClientCert {
    /// The word used in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}
