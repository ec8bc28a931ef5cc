//! Which lists of Kubernetes' own kinds are merged item by item, and by which fields: `x-kubernetes-patch-merge-key` and
//! `x-kubernetes-list-map-keys` in its API. Kustomize knows them for built-in kinds only; other lists are replaced.

use super::identity::Identity;

/// How lists are merged in one object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lists {
    built_in: bool,
    service: bool,
}

impl Lists {
    pub(super) fn of(object: &Identity) -> Self {
        let built_in = match object.group.as_str() {
            "" | "apps" | "batch" | "autoscaling" | "policy" | "extensions" => true,
            "gateway.networking.k8s.io" => false,
            group => group.ends_with(".k8s.io") && group.matches('.').count() == 2,
        };
        Self { built_in, service: object.kind == "Service" }
    }

    /// The fields that tell the items of the list under `key` apart; none where the list is replaced as a whole.
    pub(super) fn keys(self, key: &str) -> Option<&'static [&'static str]> {
        let keys: &[&str] = match key {
            _ if !self.built_in => return None,
            "ports" if self.service => &["port", "protocol"],
            "ports" => &["containerPort", "protocol"],
            "containers"
            | "initContainers"
            | "ephemeralContainers"
            | "volumes"
            | "env"
            | "imagePullSecrets"
            | "secrets"
            | "webhooks" => &["name"],
            "volumeMounts" => &["mountPath"],
            "volumeDevices" => &["devicePath"],
            "hostAliases" => &["ip"],
            "topologySpreadConstraints" => &["topologyKey", "whenUnsatisfiable"],
            "ownerReferences" => &["uid"],
            "conditions" => &["type"],
            _ => return None,
        };
        Some(keys)
    }
}
