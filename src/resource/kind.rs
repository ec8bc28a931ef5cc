//! The kinds that istio-ls knows, by API group and served versions, and the typed body of each.

use super::{Field, Lower, gateway_api, istio, kubernetes};
use crate::yaml::Node;

/// Which part of the object a body is read from.
macro_rules! part {
    (spec, $root:expr) => {
        $root.get("spec")
    };
    (root, $root:expr) => {
        Some($root)
    };
}

/// The table of kinds: variant, kind as written, group, versions, namespaced or cluster, part, body.
macro_rules! kinds {
    ($($variant:ident = $kind:literal, $group:literal, [$($version:literal),+], $scope:ident, $part:ident: $body:ty;)+) => {
        /// A kind of resource.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            $(#[doc = concat!($group, " ", $kind)] $variant,)+
        }

        /// The typed content of a resource.
        #[derive(Debug, Clone)]
        #[allow(clippy::large_enum_variant, reason = "resources are kept behind an Arc")]
        pub enum Body {
            $(#[doc = concat!("Content of ", $group, " ", $kind)] $variant($body),)+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The kind's name as written in `kind:`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $kind,)+ }
            }

            /// The API group; empty for the core group.
            #[must_use]
            pub fn group(self) -> &'static str {
                match self { $(Self::$variant => $group,)+ }
            }

            /// The versions that are or were served, the newest first.
            #[must_use]
            pub fn versions(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($version),+],)+ }
            }

            /// Objects of the kind live in a namespace.
            #[must_use]
            pub fn is_namespaced(self) -> bool {
                match self { $(Self::$variant => stringify!($scope).len() == "namespaced".len(),)+ }
            }

            /// Reads the body of an object of this kind; a part that is missing or malformed leaves all fields absent.
            pub(super) fn body(self, root: &Node) -> Body {
                match self {
                    $(Self::$variant => Body::$variant(part!($part, root).and_then(<$body>::lower).unwrap_or_default()),)+
                }
            }
        }
    };
}

/// Declares which body belongs to which kind, where a body type has just one.
macro_rules! typed {
    ($($variant:ident: $body:ty;)+) => {$(
        impl Typed for $body {
            const KIND: Kind = Kind::$variant;

            fn of(body: &Body) -> Option<&Self> {
                match body {
                    Body::$variant(typed) => Some(typed),
                    _ => None,
                }
            }
        }
    )+};
}

/// A body type that belongs to one kind.
pub trait Typed: Sized {
    /// The kind.
    const KIND: Kind;

    /// The typed content, if the body is of this kind.
    fn of(body: &Body) -> Option<&Self>;
}

kinds! {
    Gateway = "Gateway", "networking.istio.io", ["v1", "v1beta1", "v1alpha3"], namespaced, spec: istio::Gateway;
    VirtualService = "VirtualService", "networking.istio.io", ["v1", "v1beta1", "v1alpha3"], namespaced, spec: istio::VirtualService;
    DestinationRule = "DestinationRule", "networking.istio.io", ["v1", "v1beta1", "v1alpha3"], namespaced, spec: istio::DestinationRule;
    ServiceEntry = "ServiceEntry", "networking.istio.io", ["v1", "v1beta1", "v1alpha3"], namespaced, spec: istio::ServiceEntry;
    Sidecar = "Sidecar", "networking.istio.io", ["v1", "v1beta1", "v1alpha3"], namespaced, spec: istio::Sidecar;
    WorkloadEntry = "WorkloadEntry", "networking.istio.io", ["v1", "v1beta1", "v1alpha3"], namespaced, spec: istio::WorkloadEntry;
    WorkloadGroup = "WorkloadGroup", "networking.istio.io", ["v1", "v1beta1", "v1alpha3"], namespaced, spec: istio::WorkloadGroup;
    EnvoyFilter = "EnvoyFilter", "networking.istio.io", ["v1alpha3"], namespaced, spec: istio::EnvoyFilter;
    ProxyConfig = "ProxyConfig", "networking.istio.io", ["v1beta1"], namespaced, spec: istio::ProxyConfig;
    PeerAuthentication = "PeerAuthentication", "security.istio.io", ["v1", "v1beta1"], namespaced, spec: istio::PeerAuthentication;
    RequestAuthentication = "RequestAuthentication", "security.istio.io", ["v1", "v1beta1"], namespaced, spec: istio::RequestAuthentication;
    AuthorizationPolicy = "AuthorizationPolicy", "security.istio.io", ["v1", "v1beta1"], namespaced, spec: istio::AuthorizationPolicy;
    Telemetry = "Telemetry", "telemetry.istio.io", ["v1", "v1alpha1"], namespaced, spec: istio::Telemetry;
    WasmPlugin = "WasmPlugin", "extensions.istio.io", ["v1alpha1"], namespaced, spec: istio::WasmPlugin;
    TrafficExtension = "TrafficExtension", "extensions.istio.io", ["v1alpha1"], namespaced, spec: istio::TrafficExtension;

    KubernetesGateway = "Gateway", "gateway.networking.k8s.io", ["v1", "v1beta1", "v1alpha2"], namespaced, spec: gateway_api::KubernetesGateway;
    ListenerSet = "ListenerSet", "gateway.networking.k8s.io", ["v1"], namespaced, root: kubernetes::MetadataOnly;
    GatewayClass = "GatewayClass", "gateway.networking.k8s.io", ["v1", "v1beta1", "v1alpha2"], cluster, spec: gateway_api::GatewayClass;
    HttpRoute = "HTTPRoute", "gateway.networking.k8s.io", ["v1", "v1beta1", "v1alpha2"], namespaced, spec: gateway_api::KubernetesRoute;
    GrpcRoute = "GRPCRoute", "gateway.networking.k8s.io", ["v1", "v1alpha2"], namespaced, spec: gateway_api::KubernetesRoute;
    TlsRoute = "TLSRoute", "gateway.networking.k8s.io", ["v1", "v1alpha3", "v1alpha2"], namespaced, spec: gateway_api::KubernetesRoute;
    TcpRoute = "TCPRoute", "gateway.networking.k8s.io", ["v1", "v1alpha2"], namespaced, spec: gateway_api::KubernetesRoute;
    ReferenceGrant = "ReferenceGrant", "gateway.networking.k8s.io", ["v1", "v1beta1", "v1alpha2"], namespaced, spec: gateway_api::ReferenceGrant;
    BackendTlsPolicy = "BackendTLSPolicy", "gateway.networking.k8s.io", ["v1", "v1alpha3", "v1alpha2"], namespaced, spec: gateway_api::BackendTlsPolicy;

    Namespace = "Namespace", "", ["v1"], cluster, root: kubernetes::MetadataOnly;
    Node = "Node", "", ["v1"], cluster, root: kubernetes::MetadataOnly;
    ServiceAccount = "ServiceAccount", "", ["v1"], namespaced, root: kubernetes::MetadataOnly;
    Service = "Service", "", ["v1"], namespaced, spec: kubernetes::Service;
    Secret = "Secret", "", ["v1"], namespaced, root: kubernetes::Secret;
    ConfigMap = "ConfigMap", "", ["v1"], namespaced, root: kubernetes::ConfigMap;
    Pod = "Pod", "", ["v1"], namespaced, spec: kubernetes::PodSpec;
    Deployment = "Deployment", "apps", ["v1"], namespaced, spec: kubernetes::PodController;
    StatefulSet = "StatefulSet", "apps", ["v1"], namespaced, spec: kubernetes::PodController;
    DaemonSet = "DaemonSet", "apps", ["v1"], namespaced, spec: kubernetes::PodController;
    ReplicaSet = "ReplicaSet", "apps", ["v1"], namespaced, spec: kubernetes::PodController;
    Job = "Job", "batch", ["v1"], namespaced, spec: kubernetes::PodController;
    CronJob = "CronJob", "batch", ["v1", "v1beta1"], namespaced, spec: kubernetes::CronJob;
    Rollout = "Rollout", "argoproj.io", ["v1alpha1"], namespaced, spec: kubernetes::PodController;
    EndpointSlice = "EndpointSlice", "discovery.k8s.io", ["v1", "v1beta1"], namespaced, root: kubernetes::EndpointSlice;
    Ingress = "Ingress", "networking.k8s.io", ["v1"], namespaced, spec: kubernetes::Ingress;
    MutatingWebhookConfiguration = "MutatingWebhookConfiguration", "admissionregistration.k8s.io", ["v1"], cluster, root: kubernetes::WebhookConfiguration;
    ValidatingWebhookConfiguration = "ValidatingWebhookConfiguration", "admissionregistration.k8s.io", ["v1"], cluster, root: kubernetes::WebhookConfiguration;
    CustomResourceDefinition = "CustomResourceDefinition", "apiextensions.k8s.io", ["v1"], cluster, spec: kubernetes::CustomResourceDefinition;
    IstioOperator = "IstioOperator", "install.istio.io", ["v1alpha1"], namespaced, spec: kubernetes::IstioInstallation;
    Istio = "Istio", "sailoperator.io", ["v1", "v1alpha1"], cluster, spec: kubernetes::IstioInstallation;
    Certificate = "Certificate", "cert-manager.io", ["v1"], namespaced, spec: kubernetes::SecretSource;
    ExternalSecret = "ExternalSecret", "external-secrets.io", ["v1", "v1beta1", "v1alpha1"], namespaced, spec: kubernetes::SecretSource;
    SealedSecret = "SealedSecret", "bitnami.com", ["v1alpha1"], namespaced, spec: kubernetes::SecretSource;
}

typed! {
    Gateway: istio::Gateway;
    VirtualService: istio::VirtualService;
    DestinationRule: istio::DestinationRule;
    ServiceEntry: istio::ServiceEntry;
    Sidecar: istio::Sidecar;
    WorkloadEntry: istio::WorkloadEntry;
    WorkloadGroup: istio::WorkloadGroup;
    EnvoyFilter: istio::EnvoyFilter;
    ProxyConfig: istio::ProxyConfig;
    PeerAuthentication: istio::PeerAuthentication;
    RequestAuthentication: istio::RequestAuthentication;
    AuthorizationPolicy: istio::AuthorizationPolicy;
    Telemetry: istio::Telemetry;
    WasmPlugin: istio::WasmPlugin;
    TrafficExtension: istio::TrafficExtension;
    KubernetesGateway: gateway_api::KubernetesGateway;
    GatewayClass: gateway_api::GatewayClass;
    ReferenceGrant: gateway_api::ReferenceGrant;
    BackendTlsPolicy: gateway_api::BackendTlsPolicy;
    Service: kubernetes::Service;
    Secret: kubernetes::Secret;
    ConfigMap: kubernetes::ConfigMap;
    EndpointSlice: kubernetes::EndpointSlice;
    Ingress: kubernetes::Ingress;
    CustomResourceDefinition: kubernetes::CustomResourceDefinition;
}

impl Kind {
    /// The kind that `group` and `kind` name.
    #[must_use]
    pub fn find(group: &str, kind: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.as_str() == kind && known.group() == group)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The body's field `key`, read as `T`, for callers that know the node only.
pub(super) fn field<T: Lower>(root: &Node, key: &str) -> Field<T> {
    root.entry(key).map_or_else(Field::default, Field::of)
}
