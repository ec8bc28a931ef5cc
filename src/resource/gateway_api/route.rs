//! Routes of the Gateway API: HTTPRoute, GRPCRoute, TLSRoute and TCPRoute.

use smol_str::SmolStr;

use super::ObjectReference;
use crate::resource::{List, object};

object! {
    /// The `spec` of a route of any kind.
    pub struct KubernetesRoute {
        parent_refs: List<ObjectReference> = "parentRefs",
        hostnames: List<SmolStr> = "hostnames",
        rules: List<RouteRule> = "rules",
    }

    /// One rule of a route.
    pub struct RouteRule {
        name: SmolStr = "name",
        backend_refs: List<BackendReference> = "backendRefs",
        filters: List<RouteFilter> = "filters",
    }

    /// A filter of a rule.
    pub struct RouteFilter {
        filter_type: SmolStr = "type",
        request_redirect: crate::resource::Anything = "requestRedirect",
    }

    /// A backend with its share.
    pub struct BackendReference {
        group: SmolStr = "group",
        kind: SmolStr = "kind",
        name: SmolStr = "name",
        namespace: SmolStr = "namespace",
        port: u32 = "port",
        weight: i64 = "weight",
    }
}
