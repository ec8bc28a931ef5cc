//! What is on the wire of a connection, for the map: one word, one colour and one style of line each.

use serde::Serialize;

use super::super::connections::failure;
use crate::index::View;
use crate::resource::istio::ServerTlsMode;
use crate::tls::gateway::{Server, ServerTls, Status};
use crate::tls::{Endpoint, ProxyKind, Sends};

/// What is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Wire {
    /// Mutual TLS between proxies of the mesh, ambient mode's tunnel included.
    Mtls,
    /// TLS that a proxy or the application originates.
    Tls,
    /// Both of them: the proxy originates TLS around the application's.
    DoubleTls,
    /// Nothing is encrypted.
    Plaintext,
    /// The other side does not take what is sent.
    Fails,
    /// Auto mTLS decides by the endpoints, and none is known.
    Unknown,
}

/// How a line is drawn.
pub(super) struct Style {
    pub(super) colour: &'static str,
    /// `stroke-dasharray`; empty for a solid line.
    pub(super) dash: &'static str,
    pub(super) width: &'static str,
}

impl Wire {
    /// Every kind, as the legend lists them.
    pub const ALL: [Self; 6] = [Self::Mtls, Self::Tls, Self::DoubleTls, Self::Plaintext, Self::Fails, Self::Unknown];

    /// The word used in pictures.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mtls => "mTLS",
            Self::Tls => "TLS",
            Self::DoubleTls => "TLS in TLS",
            Self::Plaintext => "plaintext",
            Self::Fails => "fails",
            Self::Unknown => "no endpoint known",
        }
    }

    pub(super) fn style(self) -> Style {
        let (colour, dash, width) = match self {
            Self::Mtls => ("#1a7f37", "", "1.8"),
            Self::Tls => ("#0969da", "11 4", "1.8"),
            Self::DoubleTls => ("#8250df", "11 3 2 3", "2.2"),
            Self::Plaintext => ("#9a6700", "2 4", "2.2"),
            Self::Fails => ("#cf222e", "6 4", "2.6"),
            Self::Unknown => ("#6e7781", "1 6", "1.8"),
        };
        Style { colour, dash, width }
    }

    /// What `sends` is; `encrypted` where the bytes are encrypted before the proxy gets them.
    pub(super) fn of(sends: Sends, encrypted: bool) -> Self {
        match sends {
            Sends::IstioMtls | Sends::Hbone => Self::Mtls,
            Sends::Tls | Sends::Mtls | Sends::HboneTls if encrypted => Self::DoubleTls,
            Sends::Tls | Sends::Mtls | Sends::HboneTls | Sends::Passthrough => Self::Tls,
            Sends::Plaintext => Self::Plaintext,
            Sends::Mixed | Sends::NoEndpoints => Self::Unknown,
        }
    }

    /// What arrives at a gateway's server, and what comes of it where nothing answers.
    pub(super) fn of_server(server: &Server<'_>) -> (Self, Option<&'static str>) {
        let error = match server.status {
            Status::Programmed => None,
            Status::NoRoutes if server.is_http() => Some("404: no route"),
            Status::NoRoutes => Some("connection reset: no route"),
            Status::Conflict => Some("dropped: another server holds its port or host"),
            Status::DuplicateChain => Some("refused: another server answers to the same server name"),
            Status::Invalid => Some("the listener is not accepted"),
        };
        let arrives = match server.tls {
            ServerTls::None => Self::Plaintext,
            ServerTls::Mode(ServerTlsMode::IstioMutual | ServerTlsMode::AutoPassthrough) => Self::Mtls,
            ServerTls::Mode(_) => Self::Tls,
        };
        (if error.is_some() { Self::Fails } else { arrives }, error)
    }
}

/// The error that a person sees where `endpoint` does not take what is sent. Gateways are judged by their servers.
pub(super) fn refusal<'a>(
    view: &View<'a>,
    endpoint: &Endpoint<'a>,
    sends: Sends,
    servers: &[Server<'a>],
) -> Option<&'static str> {
    if let Some(inbound) = endpoint.inbound(view) {
        return failure(inbound.mode, sends);
    }
    let wrong = match endpoint.proxy {
        ProxyKind::None => sends == Sends::IstioMtls && !endpoint.understands_mtls,
        ProxyKind::Gateway => {
            let wants = |server: &Server<'_>| server.tls == ServerTls::Mode(ServerTlsMode::IstioMutual);
            let mut here = servers.iter().filter(|server| server.listen_port == endpoint.port && server.has_chain());
            here.next().is_some_and(|first| {
                wants(first) != (sends == Sends::IstioMtls) && here.all(|one| wants(one) == wants(first))
            })
        }
        _ => false,
    };
    wrong.then_some(if sends == Sends::IstioMtls { "503 UF, WRONG_VERSION_NUMBER" } else { "503 UC, connection reset" })
}
