//! `DestinationRule`: what clients do on the way to a host, its TLS above all.

use smol_str::SmolStr;

use super::WorkloadSelector;
use crate::resource::{Anything, Field, List, Map, choice, object};

object! {
    /// The `spec` of a DestinationRule.
    pub struct DestinationRule {
        host: SmolStr = "host",
        traffic_policy: TrafficPolicy = "trafficPolicy",
        subsets: List<Subset> = "subsets",
        export_to: List<SmolStr> = "exportTo",
        workload_selector: WorkloadSelector = "workloadSelector",
    }

    /// Policy at the level of the rule or of a subset.
    pub struct TrafficPolicy {
        load_balancer: LoadBalancer = "loadBalancer",
        connection_pool: ConnectionPool = "connectionPool",
        outlier_detection: Anything = "outlierDetection",
        tls: ClientTls = "tls",
        port_level_settings: List<PortTrafficPolicy> = "portLevelSettings",
        tunnel: Anything = "tunnel",
        proxy_protocol: Anything = "proxyProtocol",
        retry_budget: Anything = "retryBudget",
    }

    /// Policy of one service port; it replaces the level above wholesale.
    pub struct PortTrafficPolicy {
        port: PortSelector = "port",
        load_balancer: LoadBalancer = "loadBalancer",
        connection_pool: ConnectionPool = "connectionPool",
        outlier_detection: Anything = "outlierDetection",
        tls: ClientTls = "tls",
    }

    /// A port by its number.
    pub struct PortSelector {
        number: u32 = "number",
    }

    /// Load balancing; only what TLS depends on is read.
    pub struct LoadBalancer {
        simple: SmolStr = "simple",
        consistent_hash: Anything = "consistentHash",
        locality_lb_setting: Anything = "localityLbSetting",
    }

    /// Connection pool; only what TLS depends on is read.
    pub struct ConnectionPool {
        tcp: Anything = "tcp",
        http: HttpConnectionPool = "http",
    }

    /// HTTP part of a connection pool.
    pub struct HttpConnectionPool {
        h2_upgrade_policy: SmolStr = "h2UpgradePolicy",
    }

    /// Some of a host's endpoints, by labels.
    pub struct Subset {
        name: SmolStr = "name",
        labels: Map<SmolStr> = "labels",
        traffic_policy: TrafficPolicy = "trafficPolicy",
    }

    /// TLS that the client's proxy originates.
    pub struct ClientTls {
        mode: TlsMode = "mode",
        client_certificate: SmolStr = "clientCertificate",
        private_key: SmolStr = "privateKey",
        ca_certificates: SmolStr = "caCertificates",
        credential_name: SmolStr = "credentialName",
        subject_alt_names: List<SmolStr> = "subjectAltNames",
        sni: SmolStr = "sni",
        insecure_skip_verify: bool = "insecureSkipVerify",
        ca_crl: SmolStr = "caCrl",
    }
}

choice! {
    /// What a client's proxy adds to a connection.
    pub enum TlsMode {
        Disable = "DISABLE",
        Simple = "SIMPLE",
        Mutual = "MUTUAL",
        IstioMutual = "ISTIO_MUTUAL",
    }
}

impl DestinationRule {
    /// Every `tls` block that can be read: of the rule and its ports, of the subsets and theirs.
    pub fn tls_blocks(&self) -> impl Iterator<Item = &ClientTls> {
        self.tls_fields().filter_map(Field::value)
    }

    /// Some level of it has a `tls` block.
    #[must_use]
    pub fn sets_tls(&self) -> bool {
        self.tls_fields().any(|tls| !tls.is_absent())
    }

    fn tls_fields(&self) -> impl Iterator<Item = &Field<ClientTls>> {
        let policies = self.subsets.items().map(|subset| &subset.traffic_policy).chain([&self.traffic_policy]);
        policies
            .filter_map(Field::value)
            .flat_map(|policy| policy.port_level_settings.items().map(|settings| &settings.tls).chain([&policy.tls]))
    }
}

impl ClientTls {
    /// The mode that counts: DISABLE is the zero value of the field, so a block without mode is DISABLE. None while the
    /// value is not known.
    #[must_use]
    pub fn effective_mode(&self) -> Option<TlsMode> {
        if self.mode.is_absent() { Some(TlsMode::Disable) } else { self.mode.copied() }
    }
}
