//! `Gateway`: the servers of a gateway workload.

use smol_str::SmolStr;

use crate::resource::{List, Map, choice, object};

object! {
    /// The `spec` of an Istio Gateway.
    pub struct Gateway {
        servers: List<Server> = "servers",
        selector: Map<SmolStr> = "selector",
    }

    /// One listening server.
    pub struct Server {
        port: ServerPort = "port",
        bind: SmolStr = "bind",
        hosts: List<SmolStr> = "hosts",
        tls: ServerTls = "tls",
        default_endpoint: SmolStr = "defaultEndpoint",
        name: SmolStr = "name",
    }

    /// Where a server listens and what it speaks.
    pub struct ServerPort {
        number: u32 = "number",
        protocol: SmolStr = "protocol",
        name: SmolStr = "name",
        target_port: u32 = "targetPort",
    }

    /// What a server does with TLS.
    pub struct ServerTls {
        https_redirect: bool = "httpsRedirect",
        mode: ServerTlsMode = "mode",
        server_certificate: SmolStr = "serverCertificate",
        private_key: SmolStr = "privateKey",
        ca_certificates: SmolStr = "caCertificates",
        ca_crl: SmolStr = "caCrl",
        credential_name: SmolStr = "credentialName",
        credential_names: List<SmolStr> = "credentialNames",
        ca_cert_credential_name: SmolStr = "caCertCredentialName",
        tls_certificates: List<TlsCertificate> = "tlsCertificates",
        subject_alt_names: List<SmolStr> = "subjectAltNames",
        verify_certificate_spki: List<SmolStr> = "verifyCertificateSpki",
        verify_certificate_hash: List<SmolStr> = "verifyCertificateHash",
        min_protocol_version: TlsVersion = "minProtocolVersion",
        max_protocol_version: TlsVersion = "maxProtocolVersion",
        cipher_suites: List<SmolStr> = "cipherSuites",
    }

    /// One of several certificates of a server.
    pub struct TlsCertificate {
        server_certificate: SmolStr = "serverCertificate",
        private_key: SmolStr = "privateKey",
        ca_certificates: SmolStr = "caCertificates",
    }
}

choice! {
    /// What a gateway server does with TLS that arrives.
    pub enum ServerTlsMode {
        Passthrough = "PASSTHROUGH",
        Simple = "SIMPLE",
        Mutual = "MUTUAL",
        AutoPassthrough = "AUTO_PASSTHROUGH",
        IstioMutual = "ISTIO_MUTUAL",
        OptionalMutual = "OPTIONAL_MUTUAL",
    }

    /// A version of TLS.
    pub enum TlsVersion {
        Auto = "TLS_AUTO",
        V1_0 = "TLSV1_0",
        V1_1 = "TLSV1_1",
        V1_2 = "TLSV1_2",
        V1_3 = "TLSV1_3",
    }
}

impl ServerTls {
    /// The mode that counts: PASSTHROUGH is the zero value of the field, so a block without mode is PASSTHROUGH. None
    /// while the value is not known.
    #[must_use]
    pub fn effective_mode(&self) -> Option<ServerTlsMode> {
        if self.mode.is_absent() { Some(ServerTlsMode::Passthrough) } else { self.mode.copied() }
    }
}

impl ServerTlsMode {
    /// TLS goes through untouched.
    #[must_use]
    pub fn is_passthrough(self) -> bool {
        matches!(self, Self::Passthrough | Self::AutoPassthrough)
    }
}
