//! Settings: what `istio-ls.yaml`, the editor and the command line can say.

mod contributed;
mod defect;
mod describe;
mod known;
mod mesh;
mod page;
mod paths;
mod place;
mod read;
mod report;
mod table;
mod text;
mod unmatched;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::index::MeshConfig;
use crate::rules::{Rule, Severity};
use crate::yaml::Document;

pub use contributed::contributed;
pub use defect::{Defect, Repair};
pub use describe::{Description, Word, describe};
pub use known::{Known, KnownNamespace, KnownSecret, ScopeSettings};
pub use mesh::mesh_config;
pub use page::{json_schema, page};
pub use paths::{Paths, resolve};
pub use place::{completions, hover};
pub(super) use report::report;
pub use table::{Choice, LEVELS, SETTINGS, Setting, Shape, Text};

/// The name of the settings file.
pub const FILE: &str = "istio-ls.yaml";

/// What the user decides. Nothing needs to be set for the common case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// How much each rule matters, by id or alias.
    pub rules: HashMap<String, Level>,
    /// The mesh configuration, instead of the one found in the workspace.
    pub mesh_config: Option<MeshConfig>,
    /// The file that holds the mesh configuration, as [`mesh_config`] reads it.
    pub mesh_config_file: Option<String>,
    /// What is applied together, where the user says so.
    pub scopes: Vec<ScopeSettings>,
    /// What the cluster holds and the workspace does not.
    pub known: Known,
    /// Globs of files whose resources are in the cluster and get no findings.
    pub context: Vec<String>,
    /// The version of Istio that runs, such as `1.24`; nothing: the newest known. Rules about later behaviour do not run.
    pub istio_version: Option<String>,
    /// Only these rules run, by id or alias; empty: all of them.
    #[serde(skip)]
    pub only: Vec<String>,
    /// The rules that run only on demand run too.
    #[serde(skip)]
    pub all: bool,
    /// Globs of files that are left out.
    pub exclude: Vec<String>,
    /// Inlay hints are shown.
    pub hints: bool,
    /// Code lenses are shown.
    pub lenses: bool,
    /// Whether fields are compared with the schema of their kind.
    pub schema: SchemaChecks,
    /// The editor runs yaml-language-server beside istio-ls; the editor says so.
    pub yaml_language_server: bool,
    /// Helm renders charts; nothing but the editor's own settings can say so, for it runs a program.
    pub render: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: HashMap::new(),
            mesh_config: None,
            mesh_config_file: None,
            scopes: Vec::new(),
            known: Known::default(),
            context: Vec::new(),
            istio_version: None,
            only: Vec::new(),
            all: false,
            exclude: Vec::new(),
            hints: true,
            lenses: true,
            schema: SchemaChecks::Auto,
            yaml_language_server: false,
            render: false,
        }
    }
}

/// Whether fields are compared with the schema of their kind, and offered in completion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SchemaChecks {
    /// Unless yaml-language-server does so for the same file.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// How much a rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Its findings are hints.
    Hint,
    /// Its findings are notes.
    Info,
    /// Its findings are warnings.
    Warning,
    /// Its findings are errors.
    Error,
}

impl Settings {
    /// Reads `istio-ls.yaml`, or an editor's settings as JSON. What is right counts, whatever stands beside it.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let (value, _) = read::read(document);
        serde_json::from_value(value).unwrap_or_default()
    }

    /// The files that hold mesh configurations, as paths below or beside `root`.
    pub fn mesh_files(&self, root: &Path) -> impl Iterator<Item = PathBuf> {
        let of_scopes = self.scopes.iter().filter_map(|scope| scope.mesh_config_file.as_deref());
        of_scopes.chain(self.mesh_config_file.as_deref()).map(move |file| resolve(root, file))
    }

    /// The rule runs.
    #[must_use]
    pub fn runs(&self, rule: &Rule) -> bool {
        let named = |name: &String| is_called(rule, name);
        let is_wanted = self.only.is_empty() || self.only.iter().any(named);
        let is_on = rule.family() != "schema" || self.compares_with_schema();
        let is_asked_for = !rule.opt_in || self.all || self.only.iter().any(named) || self.level(rule).is_some();
        is_wanted && is_on && is_asked_for && self.level(rule) != Some(Level::Off) && self.is_of_version(rule)
    }

    /// The Istio that runs behaves as the rule says already.
    fn is_of_version(&self, rule: &Rule) -> bool {
        let running = self.istio_version.as_deref().and_then(version);
        running.is_none_or(|running| version(rule.istio).is_none_or(|first| first <= running))
    }

    /// Fields are compared with the schema of their kind, and offered where they may stand.
    #[must_use]
    pub fn compares_with_schema(&self) -> bool {
        match self.schema {
            SchemaChecks::Auto => !self.yaml_language_server,
            SchemaChecks::On => true,
            SchemaChecks::Off => false,
        }
    }

    /// The severity that the user gives to a rule's findings, if any.
    #[must_use]
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        match self.level(rule)? {
            Level::Off => None,
            Level::Hint => Some(Severity::Hint),
            Level::Info => Some(Severity::Info),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }

    fn level(&self, rule: &Rule) -> Option<Level> {
        self.rules.iter().find(|(name, _)| is_called(rule, name)).map(|(_, level)| *level)
    }
}

/// What is wrong in `istio-ls.yaml`, in the order of the text.
#[must_use]
pub fn findings(document: &Document) -> Vec<Defect> {
    let (_, mut defects) = read::read(document);
    defects.sort_by_key(|defect| defect.span);
    defects
}

fn is_called(rule: &Rule, name: &str) -> bool {
    std::iter::once(&rule.id).chain(rule.aliases).any(|known| known.eq_ignore_ascii_case(name))
}

/// Major and minor version; whatever follows does not matter.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim_start_matches('v').split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests;
