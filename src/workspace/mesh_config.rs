//! Where the mesh configuration of a workspace comes from.

use std::path::Path;

use super::file::File;
use super::settings::Settings;
use super::{LocatedFinding, Location, Snapshot};
use crate::index::{Entry, Index, Key, MeshConfig, View};
use crate::resource::{Body, Field, Kind};
use crate::rules::{mesh_config_problems, registry};
use crate::text::Span;
use crate::yaml::Node;

/// The names of files that hold a mesh configuration and nothing else.
const FILE_NAMES: [&str; 3] = ["meshconfig.yaml", "mesh-config.yaml", "mesh.yaml"];

/// `path` is by its name a mesh configuration.
pub(super) fn is_mesh_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| FILE_NAMES.iter().any(|known| name == *known))
}

/// A resource of this kind may hold the mesh configuration.
pub(super) fn may_hold(kind: Kind) -> bool {
    matches!(kind, Kind::ConfigMap | Kind::IstioOperator | Kind::Istio)
}

/// The mesh configuration that resources of the workspace hold: the ConfigMap `istio`, else an IstioOperator or Istio.
pub(super) fn of_resources(index: &Index, snapshot: &Snapshot) -> Option<MeshConfig> {
    let view = View::new(index);
    let mut maps: Vec<&Entry> =
        view.under(&Key::AnyNamespace(Kind::ConfigMap, "istio".into())).map(|entry| &**entry).collect();
    maps.sort_by_key(|entry| (entry.namespace != "istio-system", entry.namespace.clone()));
    let from_map = maps.into_iter().find_map(of_config_map);
    let installations = || view.under(&Key::All(Kind::IstioOperator)).chain(view.under(&Key::All(Kind::Istio)));
    from_map.or_else(|| installations().find_map(|entry| of_installation(entry, snapshot)))
}

fn of_config_map(entry: &Entry) -> Option<MeshConfig> {
    let Body::ConfigMap(map) = &entry.resource.body else { return None };
    parse(map.data.under("mesh")?, &entry.title())
}

fn of_installation(entry: &Entry, snapshot: &Snapshot) -> Option<MeshConfig> {
    let (Body::IstioOperator(spec) | Body::Istio(spec)) = &entry.resource.body else { return None };
    let values = spec.values.value().map(|values| &values.mesh_config);
    let node = [Some(&spec.mesh_config), values].into_iter().flatten().find_map(Field::<Node>::value)?;
    let document = snapshot.document(entry)?;
    // A block mapping is cut out from the start of its first line, so that all its lines keep one indentation.
    let line_start = document.lines.start_of(document.lines.line_of(node.span.start())).unwrap_or(0);
    let is_indented = document.text.get(line_start..node.span.start()).is_some_and(|head| head.trim().is_empty());
    let start = if is_indented { line_start } else { node.span.start() };
    parse(Span::new(start, node.span.end()).of(&document.text), &entry.title())
}

/// What istiod would say of the mesh configuration that `file` is.
pub(super) fn report(file: &File, settings: &Settings) -> Vec<LocatedFinding> {
    let Some(rule) = registry::find("refused-mesh-config").filter(|rule| settings.runs(rule)) else {
        return Vec::new();
    };
    let document = file.documents.first().filter(|_| is_mesh_file(&file.path));
    let Some(document) = document.filter(|document| document.content.resources.is_empty()) else { return Vec::new() };
    let yaml = &document.content.yaml;
    let Some(root) = yaml.root.as_ref().filter(|_| !yaml.templated && yaml.errors.is_empty()) else {
        return Vec::new();
    };
    let located = mesh_config_problems(root).into_iter().map(|told| {
        let severity = settings.severity(rule).unwrap_or(told.severity);
        let location = Location { path: file.path.clone(), span: told.span.shifted(document.start) };
        LocatedFinding::of_text(rule.id, severity, location, told.message)
    });
    located.collect()
}

/// Reads a mesh configuration; one that cannot be read counts as absent.
pub(super) fn parse(text: &str, origin: &str) -> Option<MeshConfig> {
    match MeshConfig::parse(text) {
        Ok(mesh) => Some(mesh),
        Err(message) => {
            tracing::warn!("the mesh configuration of {origin} is not used: {message}");
            None
        }
    }
}
