//! How kustomize tells objects apart.

use smol_str::SmolStr;

use crate::resource::Kind;
use crate::yaml::Node;

/// Group, version, kind, namespace and name of an object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Identity {
    pub(super) group: SmolStr,
    pub(super) version: SmolStr,
    pub(super) kind: SmolStr,
    /// As kustomize compares it: `default` where none is written, empty for what surely lives in no namespace.
    pub(super) namespace: SmolStr,
    pub(super) name: SmolStr,
}

impl Identity {
    /// The identity that `node` has now; what is missing or not known is empty.
    pub(super) fn of(node: &Node) -> Self {
        let api_version = text(node, "apiVersion").unwrap_or_default();
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", &api_version));
        let (group, version) = (SmolStr::new(group), SmolStr::new(version));
        let kind = text(node, "kind").unwrap_or_default();
        let metadata = node.get("metadata");
        let field = |key| metadata.and_then(|metadata| text(metadata, key)).filter(|text| !text.is_empty());
        let namespace = match field("namespace") {
            _ if is_cluster_scoped(&group, &kind) => SmolStr::default(),
            Some(namespace) => namespace,
            None => SmolStr::new_static("default"),
        };
        Self { name: field("name").unwrap_or_default(), group, version, kind, namespace }
    }
}

/// The text of a known single value under `key`.
pub(super) fn text(node: &Node, key: &str) -> Option<SmolStr> {
    let value = node.get(key).filter(|value| !value.templated)?;
    Some(value.as_scalar()?.text.clone())
}

/// kustomize knows that objects of the kind live in no namespace; kinds that it does not know it takes to live in one.
pub(super) fn is_cluster_scoped(group: &str, kind: &str) -> bool {
    let built_in = match group {
        "" => matches!(kind, "Namespace" | "Node" | "PersistentVolume" | "ComponentStatus"),
        "admissionregistration.k8s.io" | "apiextensions.k8s.io" | "apiregistration.k8s.io" => true,
        "rbac.authorization.k8s.io" => matches!(kind, "ClusterRole" | "ClusterRoleBinding"),
        "networking.k8s.io" => kind == "IngressClass",
        "storage.k8s.io" => matches!(kind, "CSIDriver" | "CSINode" | "StorageClass" | "VolumeAttachment"),
        "scheduling.k8s.io" => kind == "PriorityClass",
        "node.k8s.io" => kind == "RuntimeClass",
        "flowcontrol.apiserver.k8s.io" => true,
        "policy" => kind == "PodSecurityPolicy",
        "certificates.k8s.io" => kind == "CertificateSigningRequest",
        _ => false,
    };
    // It would put others in a namespace, which the API server then takes off again.
    built_in || Kind::find(group, kind).is_some_and(|kind| !kind.is_namespaced())
}
