//! From paths on the command line to workspaces.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};

use crate::index::MeshConfig;
use crate::workspace::load::{self as disk, Unreadable};
use crate::workspace::{File, LocatedFinding, Settings, Snapshot, Workspace, folder, settings};
use crate::yaml;

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

/// The workspaces that the paths on the command line are in.
#[derive(Debug)]
pub struct Loaded {
    /// One for each folder with settings, and one of everything else.
    pub workspaces: Vec<Workspace>,
    /// What was asked about.
    pub asked: Vec<PathBuf>,
}

/// What the workspaces hold at one moment.
#[derive(Debug)]
pub struct Report<'a> {
    /// One for each workspace.
    pub snapshots: Vec<Snapshot>,
    /// The findings about what was asked about, in the order of the paths.
    pub findings: Vec<LocatedFinding>,
    asked: &'a [PathBuf],
}

impl Loaded {
    /// Checks everything.
    pub fn check(&mut self) -> Report<'_> {
        self.workspaces.iter_mut().for_each(Workspace::check_all);
        let snapshots = self.workspaces.iter().map(Workspace::snapshot).collect();
        let mut report = Report { snapshots, findings: Vec::new(), asked: &self.asked };
        let mut files = report.files();
        files.sort_by(|(_, one), (_, other)| one.path.cmp(&other.path));
        report.findings = files.into_iter().flat_map(|(snapshot, file)| snapshot.findings(&file.path)).collect();
        report
    }

    /// A file has another text now.
    pub fn set_text(&mut self, path: &Path, text: &str) {
        let holding = self.workspaces.iter_mut().filter(|workspace| workspace.snapshot().file(path).is_some());
        holding.for_each(|workspace| workspace.set_text(path, text));
    }
}

impl Report<'_> {
    /// The files that were asked about, and the settings that count for them.
    #[must_use]
    pub fn files(&self) -> Vec<(&Snapshot, &Arc<File>)> {
        let is_asked = |file: &Arc<File>| {
            file.path.ends_with(settings::FILE) || self.asked.iter().any(|asked| file.path.starts_with(asked))
        };
        let of_root = |snapshot: &&Snapshot, file: &Arc<File>| {
            snapshot.root().is_none_or(|root| file.path.starts_with(root)) && is_asked(file)
        };
        let all =
            self.snapshots.iter().flat_map(|snapshot| snapshot.files().into_iter().map(move |file| (snapshot, file)));
        all.filter(|(snapshot, file)| of_root(snapshot, file)).collect()
    }

    /// The file at `path`.
    #[must_use]
    pub fn file(&self, path: &Path) -> Option<&Arc<File>> {
        self.snapshots.iter().find_map(|snapshot| snapshot.file(path))
    }

    /// Number of resources that were asked about.
    #[must_use]
    pub fn resources(&self) -> usize {
        let documents = self.files().into_iter().flat_map(|(_, file)| &file.documents);
        documents.map(|document| document.content.resources.len()).sum()
    }
}

/// Reads files, folders and standard input (`-`). What stands below an `istio-ls.yaml` is a workspace with those settings,
/// all of which is read; the rest is one workspace. Nothing has been checked yet.
///
/// # Errors
/// When a path or the mesh configuration cannot be read; the text names the file. What is malformed in settings is a finding
/// there; of settings that cannot be opened, as of other files, standard error tells.
pub fn load(paths: &[PathBuf], mesh_config: Option<&Path>, rules: &Rules) -> anyhow::Result<Loaded> {
    let mesh = mesh_config.map(read_mesh).transpose()?;
    let mut reader = Reader { rules, mesh, workspaces: Vec::new(), read: BTreeSet::new() };
    let (mut loose, mut asked) = (Vec::new(), Vec::new());
    for path in paths {
        if path == Path::new(STDIN) {
            loose.push((STDIN_NAME.into(), standard_input()?));
            asked.push(STDIN_NAME.into());
            continue;
        }
        if !path.exists() {
            bail!("{} does not exist", path.display());
        }
        let path = settings::resolve(&std::env::current_dir()?, &path.to_string_lossy());
        match disk::settings_above(&path) {
            Some(root) => reader.root(&root)?,
            None => {
                let found = disk::below(&path, &[]);
                warn(&found.unreadable);
                loose.extend(found.texts);
                found.roots.iter().try_for_each(|root| reader.root(root))?;
            }
        }
        asked.push(path);
    }
    if !loose.is_empty() || reader.workspaces.is_empty() {
        let settings = reader.with_arguments(Settings::default());
        let mut workspace = match asked.as_slice() {
            [only] if only.is_dir() => Workspace::at(only, settings),
            _ => Workspace::new(settings),
        };
        workspace.set_texts(loose);
        reader.workspaces.insert(0, workspace);
    }
    Ok(Loaded { workspaces: reader.workspaces, asked })
}

struct Reader<'a> {
    rules: &'a Rules,
    mesh: Option<MeshConfig>,
    workspaces: Vec<Workspace>,
    read: BTreeSet<PathBuf>,
}

impl Reader<'_> {
    /// Reads the folder `root` with the settings that are in it, and those below it that have their own.
    fn root(&mut self, root: &Path) -> anyhow::Result<()> {
        if !self.read.insert(root.to_owned()) {
            return Ok(());
        }
        let settings = self.with_arguments(settings_in(root));
        let folder::Read { workspace, unreadable, roots } = folder::read(root, settings, &BTreeMap::new());
        warn(&unreadable);
        self.workspaces.push(workspace);
        roots.iter().try_for_each(|root| self.root(root))
    }

    /// What the command line says comes before what settings say.
    fn with_arguments(&self, settings: Settings) -> Settings {
        let (only, all) = (self.rules.only.clone(), self.rules.all);
        let mesh_config = self.mesh.clone().or_else(|| settings.mesh_config.clone());
        Settings { only, all, mesh_config, ..settings }
    }
}

/// What cannot be read sets nothing; whoever reads the folder says so.
fn settings_in(root: &Path) -> Settings {
    let text = disk::text(&root.join(settings::FILE));
    text.map(|(text, _)| Settings::read(&yaml::parse(text.into()))).unwrap_or_default()
}

fn read_mesh(path: &Path) -> anyhow::Result<MeshConfig> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mesh = MeshConfig::parse(&text).map_err(anyhow::Error::msg);
    mesh.with_context(|| format!("{} is no mesh configuration", path.display()))
}

fn standard_input() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn warn(unreadable: &[Unreadable]) {
    for file in unreadable {
        // Whoever closed standard error does not want to know.
        let _ = writeln!(std::io::stderr(), "istio-ls: {}: {}", file.path.display(), file.message);
    }
}
