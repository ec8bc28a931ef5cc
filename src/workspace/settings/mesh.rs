//! A mesh configuration from the text of a file, in whichever of the usual forms it has.

use serde_json::{Map, Value};

use crate::index::MeshConfig;
use crate::yaml::{self, Document, Node, Resolved};

/// Reads the mesh configuration in `text`: the ConfigMap `istio`, an IstioOperator or Istio, the values of a HelmRelease,
/// Helm values of istiod (on top or under the name of a subchart), or the fields of MeshConfig alone.
///
/// # Errors
/// What is wrong, for a person, when `text` holds none or one that cannot be read.
pub fn mesh_config(text: &str) -> Result<MeshConfig, String> {
    let documents: Vec<Document> = yaml::split(text)
        .into_iter()
        .filter_map(|range| text.get(range))
        .map(|piece| yaml::parse(piece.into()))
        .collect();
    let mut objects = Vec::new();
    documents.iter().filter_map(|document| document.root.as_ref()).for_each(|root| collect(root, &mut objects));
    if objects.is_empty() {
        return Ok(MeshConfig::default());
    }
    objects.into_iter().find_map(of_object).unwrap_or_else(|| Err("it holds no mesh configuration".to_owned()))
}

/// `node`, or what is in it where it is a list of objects.
fn collect<'a>(node: &'a Node, objects: &mut Vec<&'a Node>) {
    match node.get("items").and_then(Node::as_sequence) {
        Some(items) => objects.extend(&items.items),
        None => objects.push(node),
    }
}

fn of_object(object: &Node) -> Option<Result<MeshConfig, String>> {
    let kind = object.get("kind").and_then(Node::as_scalar).map(|kind| kind.text.as_str());
    if kind == Some("ConfigMap") {
        let mesh = object.get("data")?.get("mesh")?.as_scalar()?;
        return Some(MeshConfig::parse(&mesh.text));
    }
    let spec = object.get("spec");
    let of_spec = || spec?.get("meshConfig").or_else(|| spec?.get("values")?.get("meshConfig"));
    let of_values = || {
        let below = object.as_mapping()?.entries.iter().find_map(|entry| entry.value.get("meshConfig"));
        object.get("meshConfig").or(below)
    };
    let alone = || (kind.is_none() && object.as_mapping().is_some()).then_some(object);
    let node = if kind.is_some() { of_spec() } else { of_values().or_else(alone) };
    if node.is_none() && matches!(kind, Some("IstioOperator" | "Istio")) {
        return Some(Ok(MeshConfig::default()));
    }
    let node = node?;
    Some(serde_json::from_value(json(node)).map_err(|error| error.to_string()))
}

/// What `node` means, as Kubernetes reads it; fields without a value are left out.
pub(super) fn json(node: &Node) -> Value {
    if let Some(mapping) = node.as_mapping() {
        let mut object = Map::new();
        for entry in &mapping.entries {
            object.entry(entry.key.as_str()).or_insert_with(|| json(&entry.value));
        }
        object.retain(|_, value| !value.is_null());
        return Value::Object(object);
    }
    if let Some(list) = node.as_sequence() {
        return list.items.iter().map(json).collect();
    }
    match node.as_scalar().map(|scalar| (scalar.resolve(), scalar.text.as_str())) {
        None | Some((Resolved::Null, _)) => Value::Null,
        Some((Resolved::Bool(value), _)) => value.into(),
        Some((Resolved::Int(value), _)) => value.into(),
        Some((Resolved::Float(value), _)) => value.into(),
        Some((Resolved::String, text)) => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::mesh_config;

    #[test]
    fn the_usual_forms_are_known() {
        for text in [
            "rootNamespace: ops\naccessLogFile: /dev/stdout\n",
            "meshConfig:\n  rootNamespace: ops\n",
            "global: {hub: x}\nistiod:\n  meshConfig: {rootNamespace: ops}\n",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata:\n  mesh: |\n    rootNamespace: ops\n",
            "apiVersion: v1\nkind: List\nitems:\n- kind: ConfigMap\n  data: {mesh: 'rootNamespace: ops'}\n",
            "kind: Namespace\n---\nkind: IstioOperator\nspec:\n  meshConfig: {rootNamespace: ops}\n",
            "kind: IstioOperator\nspec: {values: {meshConfig: {rootNamespace: ops}}}\n",
            "trustDomain:\nrootNamespace: ops\n",
            "kind: HelmRelease\nspec:\n  values:\n    meshConfig:\n      rootNamespace: ops\n",
        ] {
            assert_eq!(mesh_config(text).map(|mesh| mesh.root_namespace.to_string()), Ok("ops".to_owned()), "{text}");
        }
    }

    #[test]
    fn an_installation_that_says_nothing_has_the_defaults() {
        assert_eq!(mesh_config("kind: IstioOperator\nspec: {profile: ambient}\n"), Ok(super::MeshConfig::default()));
    }

    #[test]
    fn what_is_none_says_so() {
        for text in ["kind: Namespace\n", "- a\n"] {
            assert_eq!(mesh_config(text), Err("it holds no mesh configuration".to_owned()), "{text}");
        }
        assert!(mesh_config("meshConfig: {enableAutoMtls: perhaps}").is_err());
    }
}
