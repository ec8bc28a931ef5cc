//! A workspace written as one text: `#- path.yaml` at the start of a line begins a file; `meshconfig.yaml` holds the mesh
//! configuration.

use std::sync::Arc;

use istio_ls::cli::tls::json;
use istio_ls::ide::map::{Connections, Filter};
use istio_ls::index::{Entry, FileId, Index, Key, MeshConfig, ResourceId};
use istio_ls::{resource, yaml};
use serde_json::Value;

/// The index of the resources in `fixture`.
pub(crate) fn index(fixture: &str) -> Index {
    let mut index = Index::default();
    let mut touched = Vec::new();
    for (path, text) in files(fixture) {
        if path == "meshconfig.yaml" {
            index.set_mesh(MeshConfig::parse(text).unwrap(), &mut touched);
            continue;
        }
        insert(&mut index, text, &mut touched);
    }
    index
}

/// Adds the resources of a file.
pub(crate) fn insert(index: &mut Index, text: &str, touched: &mut Vec<Key>) {
    for range in yaml::split(text) {
        for resource in resource::read(&yaml::parse(text[range].into())) {
            if let (resource::Body::ConfigMap(map), "istio") = (&resource.body, resource.name()) {
                index.set_mesh(MeshConfig::parse(map.data.under("mesh").unwrap()).unwrap(), touched);
            }
            index.insert(entry(resource), touched);
        }
    }
}

/// The rows of `istio-ls tls --format json`.
pub(crate) fn rows(index: &Index) -> Value {
    serde_json::to_value(json(&Connections::of(index, &Filter::default()))).unwrap()
}

/// The row of `table` in which every pair of `wanted` holds.
pub(crate) fn row(rows: &Value, table: &str, wanted: &[(&str, Value)]) -> Value {
    let found: Vec<_> = rows[table]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| wanted.iter().all(|(key, value)| row[*key] == *value))
        .collect();
    assert_eq!(found.len(), 1, "{wanted:?} finds {found:#?}");
    found[0].clone()
}

fn entry(resource: resource::Resource) -> Entry {
    let namespace = match resource.kind.is_namespaced() {
        true => resource.metadata.namespace.text().unwrap_or("default").into(),
        false => "".into(),
    };
    Entry {
        id: ResourceId::default(),
        resource: Arc::new(resource),
        namespace,
        file: FileId(0),
        path: std::path::Path::new("main.yaml").into(),
        document: 0,
    }
}

fn files(fixture: &str) -> Vec<(&str, &str)> {
    if !fixture.starts_with("#- ") {
        return vec![("main.yaml", fixture)];
    }
    let parts = fixture.trim_start_matches("#- ").split("\n#- ");
    parts.map(|part| part.split_once('\n').unwrap_or((part, ""))).collect()
}
