//! The words for what is on the wire.

use crate::resource::istio::TlsMode;

/// What a proxy does with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OutboundMode {
    /// Adds nothing.
    Disable,
    /// Originates TLS.
    Simple,
    /// Originates TLS with a client certificate of one's own.
    Mutual,
    /// Istio mTLS.
    IstioMutual,
    /// Ambient mode's tunnel.
    Hbone,
}

impl OutboundMode {
    /// The word used in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "DISABLE",
            Self::Simple => "SIMPLE",
            Self::Mutual => "MUTUAL",
            Self::IstioMutual => "ISTIO_MUTUAL",
            Self::Hbone => "HBONE",
        }
    }
}

impl From<TlsMode> for OutboundMode {
    fn from(mode: TlsMode) -> Self {
        match mode {
            TlsMode::Disable => Self::Disable,
            TlsMode::Simple => Self::Simple,
            TlsMode::Mutual => Self::Mutual,
            TlsMode::IstioMutual => Self::IstioMutual,
        }
    }
}

/// Who decided what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A `tls` block of a DestinationRule.
    DestinationRule,
    /// A BackendTLSPolicy.
    BackendTlsPolicy,
    /// Auto mTLS.
    AutoMtls,
    /// Nobody: outside the mesh, or auto mTLS is off.
    Default,
}

impl Origin {
    /// The word used in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DestinationRule => "destination-rule",
            Self::BackendTlsPolicy => "backend-tls-policy",
            Self::AutoMtls => "auto-mtls",
            Self::Default => "default",
        }
    }
}

/// What is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sends {
    /// What the application wrote, which is not encrypted as far as Istio is told.
    Plaintext,
    /// What the application wrote, which it is expected to have encrypted.
    Passthrough,
    /// TLS that the proxy originates.
    Tls,
    /// TLS that the proxy originates, with a client certificate.
    Mtls,
    /// Istio mTLS.
    IstioMtls,
    /// Ambient mode's tunnel.
    Hbone,
    /// TLS that the proxy originates, inside the tunnel.
    HboneTls,
    /// Not the same to every endpoint.
    Mixed,
    /// No endpoint is known.
    NoEndpoints,
}

impl Sends {
    /// What `mode` puts on the wire.
    #[must_use]
    pub fn of(mode: TlsMode) -> Self {
        match mode {
            TlsMode::Disable => Self::Plaintext,
            TlsMode::Simple => Self::Tls,
            TlsMode::Mutual => Self::Mtls,
            TlsMode::IstioMutual => Self::IstioMtls,
        }
    }

    /// The same towards an endpoint behind ztunnel: the tunnel replaces Istio mTLS and carries other TLS.
    #[must_use]
    pub fn through_hbone(self) -> Self {
        match self {
            Self::Tls | Self::Mtls => Self::HboneTls,
            _ => Self::Hbone,
        }
    }

    /// The one word for all; none for none.
    pub fn all(mut sends: impl Iterator<Item = Self>) -> Option<Self> {
        let first = sends.next()?;
        Some(if sends.all(|other| other == first) { first } else { Self::Mixed })
    }

    /// The same where the application has encrypted what it sends.
    #[must_use]
    pub fn of_encrypted(self, encrypted: bool) -> Self {
        if encrypted && self == Self::Plaintext { Self::Passthrough } else { self }
    }

    /// The word used in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plaintext => "plaintext",
            Self::Passthrough => "passthrough",
            Self::Tls => "tls",
            Self::Mtls => "mtls",
            Self::IstioMtls => "istio-mtls",
            Self::Hbone => "hbone",
            Self::HboneTls => "hbone+tls",
            Self::Mixed => "mixed",
            Self::NoEndpoints => "no-endpoints",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tunnel_replaces_istio_mtls_and_carries_other_tls() {
        assert_eq!(Sends::of(TlsMode::IstioMutual).through_hbone(), Sends::Hbone);
        assert_eq!(Sends::of(TlsMode::Disable).through_hbone(), Sends::Hbone);
        assert_eq!(Sends::of(TlsMode::Simple).through_hbone(), Sends::HboneTls);
    }

    #[test]
    fn different_endpoints_are_mixed_and_none_have_no_word() {
        assert_eq!(Sends::all([Sends::Tls, Sends::Tls].into_iter()), Some(Sends::Tls));
        assert_eq!(Sends::all([Sends::Tls, Sends::Plaintext].into_iter()), Some(Sends::Mixed));
        assert_eq!(Sends::all([].into_iter()), None);
    }
}
