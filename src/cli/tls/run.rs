//! Arguments of `istio-ls tls`, and its way from files to the answer.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{json, text};
use crate::ide::map::{Connections, Filter, Map};
use crate::text::Encoding;

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
    /// A flowchart, for Markdown that knows Mermaid.
    Mermaid,
    /// A picture.
    Svg,
    /// A page with the picture, on which a click shows the reasons.
    Html,
}

/// Reads the workspace and writes the answer.
///
/// # Errors
/// When a file cannot be read, the mesh configuration is not one, or `out` takes no more.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<()> {
    let workspace = crate::cli::load(&arguments.paths, arguments.mesh_config.as_deref(), &[])?;
    let snapshot = workspace.snapshot();
    let mut filter = Filter { from: arguments.from.clone(), gateway: arguments.gateway.clone(), ..Filter::default() };
    if let Some(target) = &arguments.to {
        filter = filter.to(target);
    }
    let connections = Connections::of(snapshot.index(), &filter);
    let locate = |resource, span: crate::text::Span| {
        let location = snapshot.locate(resource, span)?;
        let line = snapshot.file(&location.path)?.position(location.span.start(), Encoding::Utf16).line;
        Some(format!("{}:{}", location.path.display(), line + 1))
    };
    let map = || Map::of(&snapshot, &connections);
    match arguments.format {
        Format::Mermaid => out.write_all(map().mermaid().as_bytes())?,
        Format::Svg => out.write_all(map().svg().as_bytes())?,
        Format::Html => out.write_all(map().html().as_bytes())?,
        Format::Text => out.write_all(text(&connections, &locate).as_bytes())?,
        Format::Json => {
            serde_json::to_writer(&mut *out, &json(&connections))?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}
