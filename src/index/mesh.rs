//! The mesh configuration, as far as TLS and lookups depend on it.

use serde::Deserialize;
use smol_str::SmolStr;

/// What of Istio's MeshConfig matters here, with istiod's defaults.
///
/// Source: `istio.io/api/mesh/v1alpha1`, defaults of `pkg/config/mesh`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MeshConfig {
    /// The namespace whose policies hold for the whole mesh.
    pub root_namespace: SmolStr,
    /// Proxies use Istio mTLS where the other side can and nothing else is said.
    pub enable_auto_mtls: bool,
    /// The first part of every identity.
    pub trust_domain: SmolStr,
    /// What happens with traffic for unknown hosts.
    pub outbound_traffic_policy: OutboundTrafficPolicy,
    /// `exportTo` of DestinationRules without one.
    pub default_destination_rule_export_to: Vec<SmolStr>,
    /// `exportTo` of Services and ServiceEntries without one.
    pub default_service_export_to: Vec<SmolStr>,
    /// `exportTo` of VirtualServices without one.
    pub default_virtual_service_export_to: Vec<SmolStr>,
    /// TLS of gateway servers that do not say otherwise.
    pub tls_defaults: TlsDefaults,
    /// The proxy serves the application's metrics beside its own.
    pub enable_prometheus_merge: bool,
    /// Environment of the proxies.
    pub default_config: DefaultConfig,
    /// Providers that a Telemetry uses where it names none.
    pub default_providers: DefaultProviders,
    /// Names of the telemetry and authorization providers.
    pub extension_providers: Vec<ExtensionProvider>,
    /// The ingress Service that Ingress resources use.
    pub ingress_selector: SmolStr,
}

/// Traffic for hosts that the mesh does not know.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OutboundTrafficPolicy {
    /// `ALLOW_ANY` or `REGISTRY_ONLY`.
    pub mode: SmolStr,
}

/// Defaults of gateway TLS.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct TlsDefaults {
    /// The lowest version accepted, as written (`TLSV1_2`).
    pub min_protocol_version: Option<SmolStr>,
}

/// `defaultConfig`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct DefaultConfig {
    /// Environment variables of every proxy, such as `ISTIO_META_DNS_AUTO_ALLOCATE`.
    pub proxy_metadata: std::collections::BTreeMap<String, String>,
}

/// `defaultProviders`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct DefaultProviders {
    /// For access logs.
    pub access_logging: Vec<SmolStr>,
}

/// A provider by its name, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct ExtensionProvider {
    /// What Telemetry and AuthorizationPolicy call it.
    pub name: SmolStr,
    /// Decides on calls, asked over HTTP.
    pub envoy_ext_authz_http: Option<Authorizer>,
    /// Decides on calls, asked over gRPC.
    pub envoy_ext_authz_grpc: Option<Authorizer>,
    /// It is Lightstep, to which istiod sends no traces any more.
    pub lightstep: Option<Lightstep>,
}

/// A service that decides on calls.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(default)]
pub struct Authorizer {
    /// Its host.
    pub service: SmolStr,
}

impl ExtensionProvider {
    /// It decides on calls, for AuthorizationPolicy; others are for Telemetry.
    #[must_use]
    pub fn authorizes(&self) -> bool {
        self.envoy_ext_authz_http.is_some() || self.envoy_ext_authz_grpc.is_some()
    }
}

/// The settings of Lightstep, which nothing reads.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Lightstep {}

impl Default for MeshConfig {
    fn default() -> Self {
        let everywhere = || vec![SmolStr::new_static("*")];
        Self {
            root_namespace: SmolStr::new_static("istio-system"),
            enable_auto_mtls: true,
            trust_domain: SmolStr::new_static("cluster.local"),
            outbound_traffic_policy: OutboundTrafficPolicy::default(),
            default_destination_rule_export_to: everywhere(),
            default_service_export_to: everywhere(),
            default_virtual_service_export_to: everywhere(),
            tls_defaults: TlsDefaults::default(),
            enable_prometheus_merge: true,
            default_config: DefaultConfig::default(),
            default_providers: DefaultProviders::default(),
            extension_providers: Vec::new(),
            ingress_selector: SmolStr::new_static("ingressgateway"),
        }
    }
}

impl Default for OutboundTrafficPolicy {
    fn default() -> Self {
        Self { mode: SmolStr::new_static("ALLOW_ANY") }
    }
}

impl MeshConfig {
    /// Reads the YAML of a mesh configuration.
    ///
    /// # Errors
    /// The reader's message, with line and column, when the text is not YAML or a field has another type.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_saphyr::from_str(text).map_err(|error| error.to_string())
    }

    /// `namespace` is the one whose policies hold for the whole mesh.
    #[must_use]
    pub fn is_root(&self, namespace: &str) -> bool {
        self.root_namespace == namespace
    }
}
