//! From paths on the command line to a workspace.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::index::MeshConfig;
use crate::workspace::{Settings, Workspace, load as disk, settings};

/// What stands for standard input on the command line, and how its text is called in output.
pub(super) const STDIN: &str = "-";
/// The name of standard input in output.
pub(super) const STDIN_NAME: &str = "<stdin>";

/// The rules that the command line asks for.
#[derive(Debug, Default)]
pub struct Rules {
    /// Only these, by id or alias; empty: all that run by themselves.
    pub only: Vec<String>,
    /// Those that run only on demand too.
    pub all: bool,
}

/// Reads files, folders and standard input (`-`) as one workspace, with `istio-ls.yaml` of the first folder. Nothing has
/// been checked yet.
///
/// # Errors
/// When a path does not exist or cannot be read, or settings or mesh configuration are malformed; the text names the file.
pub fn load(paths: &[PathBuf], mesh_config: Option<&Path>, rules: &Rules) -> anyhow::Result<Workspace> {
    let mut settings = settings(paths)?;
    settings.only.clone_from(&rules.only);
    settings.all = rules.all;
    if let Some(path) = mesh_config {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mesh = MeshConfig::parse(&text).map_err(anyhow::Error::msg);
        settings.mesh_config = Some(mesh.with_context(|| format!("{} is no mesh configuration", path.display()))?);
    }
    let mut files = Vec::new();
    for path in paths {
        files.extend(texts(path, &settings.exclude)?);
    }
    let mut workspace = Workspace::new(settings);
    workspace.set_texts(files);
    Ok(workspace)
}

fn texts(path: &Path, exclude: &[String]) -> anyhow::Result<Vec<(PathBuf, String)>> {
    if path == Path::new(STDIN) {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(vec![(STDIN_NAME.into(), String::from_utf8_lossy(&bytes).into_owned())]);
    }
    if !path.exists() {
        bail!("{} does not exist", path.display());
    }
    let (texts, unreadable) = disk::texts(path, exclude);
    for file in unreadable {
        tracing::warn!("{} is left out: {}", file.path.display(), file.message);
    }
    Ok(texts)
}

fn settings(paths: &[PathBuf]) -> anyhow::Result<Settings> {
    let Some(path) = paths.iter().map(|path| path.join(settings::FILE)).find(|path| path.is_file()) else {
        return Ok(Settings::default());
    };
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Settings::parse(&text).map_err(anyhow::Error::msg).with_context(|| format!("in {}", path.display()))
}
