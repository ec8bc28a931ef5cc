//! `Gateway` of the Gateway API: listeners.

use smol_str::SmolStr;

use crate::resource::{Anything, List, Map, object};

object! {
    /// The `spec` of a Gateway API Gateway.
    pub struct KubernetesGateway {
        gateway_class_name: SmolStr = "gatewayClassName",
        listeners: List<Listener> = "listeners",
        addresses: Anything = "addresses",
        infrastructure: Infrastructure = "infrastructure",
        tls: GatewayTls = "tls",
    }

    /// The `spec` of a GatewayClass.
    pub struct GatewayClass {
        controller_name: SmolStr = "controllerName",
    }

    /// Labels and annotations of what is generated for a Gateway.
    pub struct Infrastructure {
        labels: Map<SmolStr> = "labels",
        annotations: Map<SmolStr> = "annotations",
    }

    /// TLS settings for all listeners.
    pub struct GatewayTls {
        frontend: Anything = "frontend",
        backend: Anything = "backend",
    }

    /// One listener.
    pub struct Listener {
        name: SmolStr = "name",
        hostname: SmolStr = "hostname",
        port: u32 = "port",
        protocol: SmolStr = "protocol",
        tls: ListenerTls = "tls",
        allowed_routes: AllowedRoutes = "allowedRoutes",
    }

    /// What a listener does with TLS.
    pub struct ListenerTls {
        mode: SmolStr = "mode",
        certificate_refs: List<ObjectReference> = "certificateRefs",
        frontend_validation: Anything = "frontendValidation",
        options: Map<SmolStr> = "options",
    }

    /// A reference to an object, possibly of another namespace.
    pub struct ObjectReference {
        group: SmolStr = "group",
        kind: SmolStr = "kind",
        name: SmolStr = "name",
        namespace: SmolStr = "namespace",
        section_name: SmolStr = "sectionName",
        port: u32 = "port",
    }

    /// Which routes may attach to a listener.
    pub struct AllowedRoutes {
        namespaces: RouteNamespaces = "namespaces",
        kinds: List<RouteGroupKind> = "kinds",
    }

    /// A kind of routes.
    pub struct RouteGroupKind {
        group: SmolStr = "group",
        kind: SmolStr = "kind",
    }

    /// The namespaces whose routes may attach.
    pub struct RouteNamespaces {
        from: SmolStr = "from",
        selector: crate::resource::kubernetes::LabelSelector = "selector",
    }
}
