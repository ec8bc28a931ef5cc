//! The protocol of a port, as istiod reads it from names, `appProtocol` and `protocol`.

use super::kubernetes::ServicePort;

/// What a port speaks as far as Istio is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Not declared: the proxy looks at the first bytes.
    Auto,
    /// Plain TCP.
    Tcp,
    /// UDP, which the mesh does not carry.
    Udp,
    /// HTTP/1.1
    Http,
    /// HTTP/2 without TLS
    Http2,
    /// gRPC
    Grpc,
    /// gRPC for browsers
    GrpcWeb,
    /// An HTTP proxy (CONNECT)
    HttpProxy,
    /// HTTP over TLS that the application speaks
    Https,
    /// TLS that the application speaks
    Tls,
    /// MongoDB
    Mongo,
    /// MySQL
    Mysql,
    /// Redis
    Redis,
}

impl Protocol {
    /// The protocol that a word names, without regard to case (`protocol.Parse` of istiod).
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "tcp" => Self::Tcp,
            "udp" => Self::Udp,
            "grpc" => Self::Grpc,
            "grpc-web" => Self::GrpcWeb,
            "http" => Self::Http,
            "http_proxy" => Self::HttpProxy,
            "http2" => Self::Http2,
            "https" => Self::Https,
            "tls" => Self::Tls,
            "mongo" => Self::Mongo,
            "mysql" => Self::Mysql,
            "redis" => Self::Redis,
            _ => Self::Auto,
        }
    }

    /// The protocol of a Service's port: `appProtocol`, else the name up to its first `-`, else well-known port numbers.
    /// None while one of them is not known.
    #[must_use]
    pub fn of_service_port(port: &ServicePort) -> Option<Self> {
        if port.protocol.text().is_some_and(|protocol| protocol.eq_ignore_ascii_case("UDP")) {
            return Some(Self::Udp);
        }
        if port.app_protocol.is_uncertain() || (port.app_protocol.is_absent() && port.name.is_uncertain()) {
            return None;
        }
        let named = match port.app_protocol.text() {
            Some("kubernetes.io/h2c") => Self::Http2,
            Some("kubernetes.io/ws") => Self::Http,
            Some("kubernetes.io/wss") => Self::Https,
            Some(word) => Self::of_name(word),
            None => Self::of_name(port.name.text().unwrap_or("")),
        };
        match (named, port.port.copied()) {
            (Self::Auto, Some(25 | 53 | 3306 | 27017)) => Some(Self::Tcp),
            _ => Some(named),
        }
    }

    fn of_name(name: &str) -> Self {
        if name.to_ascii_lowercase().starts_with("grpc-web") {
            return Self::GrpcWeb;
        }
        Self::parse(name.split('-').next().unwrap_or(""))
    }

    /// The proxy reads requests: HTTP, HTTP/2, gRPC, gRPC-Web.
    #[must_use]
    pub fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Http2 | Self::Grpc | Self::GrpcWeb | Self::HttpProxy)
    }

    /// HTTP/2 on the wire.
    #[must_use]
    pub fn is_http2(self) -> bool {
        matches!(self, Self::Http2 | Self::Grpc | Self::GrpcWeb)
    }

    /// The application itself speaks TLS.
    #[must_use]
    pub fn is_tls(self) -> bool {
        matches!(self, Self::Https | Self::Tls)
    }

    /// The protocol in capitals, as istiod prints it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "AUTO",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Http => "HTTP",
            Self::Http2 => "HTTP2",
            Self::Grpc => "GRPC",
            Self::GrpcWeb => "GRPC-Web",
            Self::HttpProxy => "HTTP_PROXY",
            Self::Https => "HTTPS",
            Self::Tls => "TLS",
            Self::Mongo => "Mongo",
            Self::Mysql => "MySQL",
            Self::Redis => "Redis",
        }
    }
}

impl std::fmt::Display for Protocol {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
