//! The namespace, prefix and suffix that a kustomization gives to objects.

use smol_str::{SmolStr, format_smolstr};

use super::Kustomization;
use super::identity::{Identity, is_cluster_scoped, text};
use super::tree;
use crate::resource::Field;
use crate::text::Span;
use crate::yaml::Node;

/// Kinds that keep their names, whatever the prefix.
const KEEP_NAMES: [&str; 3] = ["CustomResourceDefinition", "APIService", "Namespace"];

/// Fields that kustomize changes with the name of the object they refer to, if it comes through the same kustomization:
/// of those in its table (`namereference.go`) the ones that say who serves and who calls.
const REFERENCES: [&[&str]; 12] = [
    &["spec", "serviceAccountName"],
    &["spec", "template", "spec", "serviceAccountName"],
    &["spec", "jobTemplate", "spec", "template", "spec", "serviceAccountName"],
    &["spec", "serviceName"],
    &["spec", "rules", "http", "paths", "backend", "serviceName"],
    &["spec", "rules", "http", "paths", "backend", "service", "name"],
    &["spec", "backend", "serviceName"],
    &["spec", "defaultBackend", "service", "name"],
    &["spec", "tls", "secretName"],
    &["webhooks", "clientConfig", "service", "name"],
    &["roleRef", "name"],
    &["subjects", "name"],
];

/// Puts the object in the kustomization's namespace. Answers whether something changed.
pub(super) fn set_namespace(node: &mut Node, now: &Identity, says: &Kustomization) -> bool {
    let mut changed = false;
    if let Some(namespace) = said(&says.namespace) {
        if !is_cluster_scoped(&now.group, &now.kind) {
            changed |= set(node, "namespace", namespace);
        } else if now.kind == "Namespace" && now.group.is_empty() {
            changed |= set(node, "name", namespace);
        } else if now.kind.ends_with("WebhookConfiguration") {
            changed |= forget_service_namespaces(node);
        }
    }
    changed
}

/// Puts prefix and suffix around the name of the object, which was `first` when it was read. Answers whether something
/// changed.
pub(super) fn set_name(node: &mut Node, now: &Identity, first: &Identity, says: &Kustomization) -> bool {
    let (prefix, suffix) = (said(&says.name_prefix), said(&says.name_suffix));
    if (prefix.is_none() && suffix.is_none()) || KEEP_NAMES.contains(&first.kind.as_str()) {
        return false;
    }
    let mut changed = false;
    let name = node.get("metadata").and_then(|metadata| text(metadata, "name")).filter(|name| !name.is_empty());
    if let Some(name) = name {
        let around = |field: Option<Option<SmolStr>>| field.unwrap_or_else(|| Some(SmolStr::default()));
        let name = around(prefix).zip(around(suffix)).map(|(prefix, suffix)| format_smolstr!("{prefix}{name}{suffix}"));
        changed |= set(node, "name", name);
    }
    changed | forget_references(node, now)
}

/// What a field says: a text, or something that is not known. None where it says nothing.
fn said(field: &Field<SmolStr>) -> Option<Option<SmolStr>> {
    match field {
        Field::Present(text) => (!text.value.is_empty()).then(|| Some(text.value.clone())),
        Field::Unknown(_) => Some(None),
        Field::Absent | Field::Malformed(_) => None,
    }
}

/// Sets a field of `metadata`. Its place is where it stood, else that of the name.
fn set(node: &mut Node, key: &str, wanted: Option<SmolStr>) -> bool {
    let metadata = node.get("metadata");
    if wanted.is_some() && wanted == metadata.and_then(|metadata| text(metadata, key)) {
        return false;
    }
    let at = |key| metadata?.entry(key).map(|entry| (entry.key_span, entry.span, entry.value.span));
    let fallback = metadata.map_or(node.span, |metadata| metadata.span);
    let (key_span, span, place) = at(key).or_else(|| at("name")).unwrap_or((fallback, fallback, fallback));
    let value = wanted.map_or_else(|| tree::unknown(place), |text| tree::string(text, place));
    // What is not written here is none of the mapping's own entries: nobody points at it, and nothing there can be edited.
    let merged = at(key).is_none();
    let new = crate::yaml::Entry { key: key.into(), key_span, span, value, merged };
    match tree::value(node, "metadata").filter(|metadata| !tree::is_null(metadata)) {
        Some(metadata) => tree::entries(metadata).map(|entries| tree::put(entries, new)).is_some(),
        None => {
            let mut metadata = tree::empty(Span::at(fallback.start()));
            tree::entries(&mut metadata).into_iter().for_each(|entries| entries.push(new.clone()));
            let entry = tree::entry("metadata", metadata);
            tree::entries(node).map(|entries| tree::put(entries, entry)).is_some()
        }
    }
}

/// The Service of a webhook moves to the namespace if it comes through the same kustomization.
fn forget_service_namespaces(node: &mut Node) -> bool {
    let mut changed = false;
    tree::at_path(node, &["webhooks", "clientConfig", "service"], false, &mut |service| {
        let unknown = tree::entry("namespace", tree::unknown(service.span));
        changed |= tree::entries(service).map(|entries| tree::put(entries, unknown)).is_some();
    });
    changed
}

/// References that may or may not have followed a new name are not known.
fn forget_references(node: &mut Node, now: &Identity) -> bool {
    let can_refer = matches!(
        now.kind.as_str(),
        "Pod"
            | "Deployment"
            | "ReplicaSet"
            | "DaemonSet"
            | "StatefulSet"
            | "Job"
            | "CronJob"
            | "Ingress"
            | "ReplicationController"
            | "MutatingWebhookConfiguration"
            | "ValidatingWebhookConfiguration"
            | "RoleBinding"
            | "ClusterRoleBinding"
    );
    let mut changed = false;
    for path in REFERENCES.iter().filter(|_| can_refer) {
        tree::at_path(node, path, false, &mut |value| {
            if value.as_scalar().is_some_and(|name| name.text != "default") {
                *value = tree::unknown(value.span);
                changed = true;
            }
        });
    }
    changed
}
