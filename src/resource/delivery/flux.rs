//! Kustomizations and HelmReleases of Flux.

use smol_str::SmolStr;

use super::super::Anything;
use super::{DeliveredBy, Delivery, Field, Tool, at};
use crate::yaml::Node;

pub(super) fn kustomization(object: &Node) -> Delivery {
    let tool = Tool::Kustomize {
        namespace: at(object, &["spec", "targetNamespace"]),
        name_prefix: at(object, &["spec", "namePrefix"]),
        name_suffix: at(object, &["spec", "nameSuffix"]),
    };
    delivery(DeliveredBy::Kustomization, object, at(object, &["spec", "path"]), Field::Absent, tool)
}

/// Nothing for a chart of a registry.
pub(super) fn helm_release(object: &Node) -> Option<Delivery> {
    let source: Field<SmolStr> = at(object, &["spec", "chart", "spec", "sourceRef", "kind"]);
    let path: Field<SmolStr> = at(object, &["spec", "chart", "spec", "chart"]);
    if !matches!(source.text(), Some("GitRepository" | "Bucket")) || path.is_absent() {
        return None;
    }
    let target: Field<SmolStr> = at(object, &["spec", "targetNamespace"]);
    let namespace = if target.is_absent() { at(object, &["metadata", "namespace"]) } else { target };
    let tool = Tool::Helm {
        release_name: at(object, &["spec", "releaseName"]),
        value_files: at(object, &["spec", "chart", "spec", "valuesFiles"]),
        values: at(object, &["spec", "values"]),
        more: !at::<Anything>(object, &["spec", "valuesFrom"]).is_absent(),
    };
    Some(delivery(DeliveredBy::HelmRelease, object, path, namespace, tool))
}

fn delivery(by: DeliveredBy, object: &Node, path: Field<SmolStr>, namespace: Field<SmolStr>, tool: Tool) -> Delivery {
    let name = at(object, &["metadata", "name"]);
    Delivery { by, name, span: object.span, path, each_of: Vec::new(), namespace, tool }
}
