//! Settings: what `istio-ls.yaml`, the editor and the command line can say.

use std::collections::HashMap;

use serde::Deserialize;

use crate::index::MeshConfig;
use crate::rules::{Rule, Severity};

/// What the user decides. Nothing needs to be set for the common case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// How much each rule matters, by id or alias.
    pub rules: HashMap<String, Level>,
    /// The mesh configuration, instead of the one found in the workspace.
    pub mesh_config: Option<MeshConfig>,
    /// Only these rules run, by id or alias; empty: all of them.
    #[serde(skip)]
    pub only: Vec<String>,
    /// Globs of files that are left out.
    pub exclude: Vec<String>,
    /// Whether fields are compared with the schema of their kind.
    pub schema: SchemaChecks,
    /// The editor runs yaml-language-server beside istio-ls; the editor says so.
    pub yaml_language_server: bool,
}

/// Whether fields are compared with the schema of their kind.
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
    /// Reads the text of `istio-ls.yaml`.
    ///
    /// # Errors
    /// The reader's message, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_saphyr::from_str(text).map_err(|error| error.to_string())
    }

    /// The rule runs.
    #[must_use]
    pub fn runs(&self, rule: &Rule) -> bool {
        let named = |name: &String| is_called(rule, name);
        if rule.family() == "schema" && !self.compares_with_schema() {
            return false;
        }
        (self.only.is_empty() || self.only.iter().any(named)) && self.level(rule) != Some(Level::Off)
    }

    fn compares_with_schema(&self) -> bool {
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

fn is_called(rule: &Rule, name: &str) -> bool {
    std::iter::once(&rule.id).chain(rule.aliases).any(|known| known.eq_ignore_ascii_case(name))
}
