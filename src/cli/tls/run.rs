//! Arguments of `istio-ls tls`, and its way from files to the answer.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{json as rows, text};
use crate::ide::map::{Connections, Filter, Map};
use crate::text::Encoding;
use crate::workspace::{Scoped, Snapshot, Workspace};

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
    /// Only this scope: a kustomization, a chart or a delivery, by its folder.
    #[arg(long, value_name = "FOLDER")]
    pub scope: Option<String>,
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
    /// A graph, for Graphviz.
    Dot,
    /// A picture.
    Svg,
    /// A page to look around in: filter, zoom, and the reasons of what is pointed at.
    Html,
}

/// So many scopes are named to somebody who asks for one that is not there.
const NAMED: usize = 12;

/// Reads the workspace and writes the answer.
///
/// # Errors
/// When a file cannot be read, the mesh configuration is not one, there is no YAML, or `out` takes no more.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<()> {
    let loaded = crate::cli::load(&arguments.paths, arguments.mesh_config.as_deref(), &crate::cli::Rules::default())?;
    let snapshots: Vec<Snapshot> = loaded.workspaces.iter().map(Workspace::snapshot).collect();
    let all = || snapshots.iter().flat_map(|snapshot| snapshot.applied().map(move |scope| (snapshot, scope)));
    let mut filter = Filter { from: arguments.from.clone(), gateway: arguments.gateway.clone(), ..Filter::default() };
    if let Some(target) = &arguments.to {
        filter = filter.to(target);
    }
    let mut scopes: Vec<(&Snapshot, Scoped<'_>)> =
        all().filter(|(_, scope)| scope.is_called(arguments.scope.as_deref())).collect();
    if let (true, Some(name)) = (scopes.is_empty(), &arguments.scope) {
        let names = all().filter_map(|(_, scope)| Some(scope.plan()?.name.clone()));
        let names: Vec<String> = names.filter(|name| !name.is_empty()).take(NAMED).collect();
        anyhow::bail!("there is no scope `{name}`; there are: {} ...", names.join(", "));
    }
    if scopes.is_empty() {
        let paths: Vec<String> = arguments.paths.iter().map(|path| path.display().to_string()).collect();
        anyhow::bail!("no YAML was found in {}; name the folder that holds the resources", paths.join(", "));
    }
    let is_picture = !matches!(arguments.format, Format::Text | Format::Json);
    if is_picture {
        // A picture shows what is applied together: the largest scope, unless one is named.
        scopes.sort_by_key(|(_, scope)| std::cmp::Reverse(scope.index().len()));
        scopes.truncate(1);
    }
    let several = scopes.len() > 1;
    let here = std::env::current_dir().unwrap_or_default();
    for (snapshot, scope) in &scopes {
        let locate = |resource, span: crate::text::Span| {
            let location = snapshot.locate(resource, span)?;
            let line = snapshot.file(&location.path)?.position(location.span.start(), Encoding::Utf16).line;
            Some(format!("{}:{}", location.path.strip_prefix(&here).unwrap_or(&location.path).display(), line + 1))
        };
        let connections = Connections::of(scope.index(), &filter);
        let title = scope.plan().filter(|_| several).map(|plan| plan.title());
        match (arguments.format, &title) {
            (Format::Json, Some(title)) => {
                serde_json::to_writer(&mut *out, &json!({"scope": title, "tls": rows(&connections)}))?;
                out.write_all(b"\n")?;
            }
            (Format::Json, None) => {
                serde_json::to_writer(&mut *out, &rows(&connections))?;
                out.write_all(b"\n")?;
            }
            (Format::Text, _) => {
                let heading = title.map(|title| format!("# {title}\n\n")).unwrap_or_default();
                out.write_all((heading + &text(&connections, &locate)).as_bytes())?;
            }
            (format, _) => out.write_all(picture(scope, &connections, format).as_bytes())?,
        }
    }
    Ok(())
}

fn picture(scope: &Scoped<'_>, connections: &Connections<'_>, format: Format) -> String {
    let mut map = Map::of(scope, connections);
    map.of = scope.title().unwrap_or_default();
    match format {
        Format::Mermaid => map.mermaid(),
        Format::Dot => map.dot(),
        Format::Svg => map.svg(),
        _ => map.html(None),
    }
}
