//! Arguments of `istio-ls tls`, and its way from files to the answer.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::{Connections, Filter, json, text};
use crate::index::{Entry, FileId, Index, MeshConfig, ResourceId};
use crate::resource::{self, Body};
use crate::text::LineIndex;
use crate::yaml;

/// What `istio-ls tls` is asked.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Files and folders; together they are one workspace.
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Only connections of this workload.
    #[arg(long, value_name = "NAMESPACE/WORKLOAD")]
    pub from: Option<String>,
    /// Only connections to this host.
    #[arg(long, value_name = "HOST[:PORT]")]
    pub to: Option<String>,
    /// Only the servers of this Gateway.
    #[arg(long, value_name = "NAMESPACE/NAME")]
    pub gateway: Option<String>,
    /// The mesh configuration, instead of the one found in the workspace.
    #[arg(long, value_name = "FILE")]
    pub mesh_config: Option<PathBuf>,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// A form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// Reads the workspace and writes the answer.
///
/// # Errors
/// When a file cannot be read, the mesh configuration is not one, or `out` takes no more.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut files = Files::default();
    for path in &arguments.paths {
        files.walk(path)?;
    }
    if let Some(path) = &arguments.mesh_config {
        files.mesh = Some(MeshConfig::parse(&read(path)?).map_err(anyhow::Error::msg)?);
    }
    let mut filter = Filter { from: arguments.from.clone(), gateway: arguments.gateway.clone(), ..Filter::default() };
    if let Some(target) = &arguments.to {
        filter = filter.to(target);
    }
    files.index.set_mesh(files.mesh.take().unwrap_or_default(), &mut Vec::new());
    let connections = Connections::of(&files.index, &filter);
    let locate = |resource, span: crate::text::Span| {
        let (path, first_line, lines) = files.places.get(&resource)?;
        Some(format!("{}:{}", path.display(), first_line + lines.line_of(span.start()) + 1))
    };
    match arguments.format {
        Format::Text => out.write_all(text(&connections, &locate).as_bytes())?,
        Format::Json => {
            serde_json::to_writer(&mut *out, &json(&connections))?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

#[derive(Default)]
struct Files {
    index: Index,
    mesh: Option<MeshConfig>,
    places: HashMap<ResourceId, (Arc<PathBuf>, usize, LineIndex)>,
}

impl Files {
    fn walk(&mut self, root: &Path) -> anyhow::Result<()> {
        let mut walk = ignore::WalkBuilder::new(root);
        for found in walk.sort_by_file_path(Path::cmp).build() {
            let found = found?;
            let is_yaml = found.path().extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "json");
            if found.file_type().is_some_and(|kind| kind.is_file()) && is_yaml {
                self.file(found.path())?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> anyhow::Result<()> {
        let text = read(path)?;
        if path.file_name().is_some_and(|name| name == "meshconfig.yaml") {
            self.mesh = Some(MeshConfig::parse(&text).map_err(anyhow::Error::msg)?);
            return Ok(());
        }
        let path = Arc::new(path.to_owned());
        for range in yaml::split(&text) {
            let before = text.get(..range.start).unwrap_or("");
            let document = yaml::parse(text.get(range).unwrap_or("").into());
            for resource in resource::read(&document) {
                self.resource(resource, &path, before.lines().count(), &document.lines);
            }
        }
        Ok(())
    }

    fn resource(&mut self, resource: resource::Resource, path: &Arc<PathBuf>, line: usize, lines: &LineIndex) {
        if let (Body::ConfigMap(map), "istio") = (&resource.body, resource.name())
            && let Some(Ok(mesh)) = map.data.under("mesh").map(|text| MeshConfig::parse(text))
        {
            self.mesh.get_or_insert(mesh);
        }
        let namespace = match resource.kind.is_namespaced() {
            true => resource.metadata.namespace.text().unwrap_or("default").into(),
            false => "".into(),
        };
        let entry = Entry { id: ResourceId(0), resource: Arc::new(resource), namespace, file: FileId(0), document: 0 };
        let id = self.index.insert(entry, &mut Vec::new());
        self.places.insert(id, (Arc::clone(path), line, lines.clone()));
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
